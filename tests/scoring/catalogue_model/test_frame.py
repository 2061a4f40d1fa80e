"""The scoring frame: stars joined, dispositioned and open TOIs separated, bad input refused by name."""

import numpy as np
import pandas as pd
import pytest

from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.frame import (
    STAR_TOI_COUNT,
    dispositioned_rows,
    join_stars,
    planet_labels,
    refuse_infinities,
)
from tests.scoring.support import made_up_frame, made_up_tois


def test_a_star_without_a_tic_row_keeps_its_toi():
    tois = made_up_tois(3)
    stars = pd.DataFrame({"tic_id": [1001], "teff_k": [5100.0]})
    frame = join_stars(tois, stars)
    assert list(frame["toi"]) == list(tois["toi"])
    assert frame["tic_teff_k"].tolist()[1] == 5100.0 and np.isnan(frame["tic_teff_k"].iloc[0])


def test_the_tois_of_a_star_are_counted():
    tois = made_up_tois(4).assign(tic_id=[7, 8, 7, 7])
    assert join_stars(tois)[STAR_TOI_COUNT].tolist() == [3, 1, 3, 3]


def test_only_four_dispositions_are_final():
    labels = planet_labels(pd.Series(["CP", "KP", "FP", "FA", "PC", "APC", None]))
    assert labels.tolist()[:4] == [1, 1, 0, 0] and labels[4:].isna().all()


def test_too_few_dispositions_of_a_kind_are_refused_with_file_and_column():
    frame = made_up_frame(60)
    frame.loc[frame["tfopwg_disposition"].isin(["FP", "FA"]), "tfopwg_disposition"] = "PC"
    with pytest.raises(TrainingError, match=r"toi\.csv: column 'TFOPWG Disposition' has only 0 false positives"):
        dispositioned_rows(frame, "toi.csv")


def test_an_infinite_value_is_refused_with_file_column_and_toi():
    frame = made_up_frame(5)
    frame.loc[2, "snr"] = np.inf
    with pytest.raises(TrainingError, match=r"toi\.csv: column 'snr' is infinite for TOI 103\.01"):
        refuse_infinities(frame, "toi.csv")
