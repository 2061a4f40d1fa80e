import gzip

import numpy as np
import pandas as pd
import pytest

from app_tess.archives.exofop import parse_toi_table
from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.objects import (
    catalogued,
    dispositions_of,
    join_objects,
    number_signals,
    read_binaries,
)
from app_tess.scoring.light_curve_model.views_file import CLASSES, SCALAR_NAMES, ViewsFile
from tests.support.shared import shared_path
from tests.support.views import NO_BINARIES, NO_TOIS


def events(star_id, period_d, label):
    """A ViewsFile of events of which only star, period and label are known."""
    n = len(star_id)
    scalars = np.full((n, len(SCALAR_NAMES)), np.nan)
    scalars[:, 0] = period_d
    return ViewsFile(
        "tess",
        np.array(star_id),
        np.zeros((n, 201)),
        np.zeros((n, 61)),
        scalars,
        np.full(n, np.nan),
        np.array(label),
        "test",
    )


def known(objects):
    """Labels of the events whose class is known, "?" of the others."""
    return [CLASSES[int(row.argmax())] if row.sum() == 1 else "?" for row in objects.possible]


def test_one_signal_in_both_files_is_one_object_with_one_label():
    yu = events([7, 7, 8], [3.0, 5.0, 3.0], ["PC", "V", "J"])
    rao = events([7, 7, 9], [3.01, 3.02, 1.0], ["", "", ""])
    objects = join_objects([yu, rao], NO_TOIS, NO_BINARIES)
    assert objects.number[[0, 3, 4]].tolist() == [objects.number[0]] * 3
    assert len(np.unique(objects.number)) == 4
    assert known(objects) == ["PC", "V", "J", "PC", "PC", "?"]
    # two views in one file share one weight, and the other file's view keeps its own
    assert objects.weight == pytest.approx([1, 1, 1, 0.5**0.5, 0.5**0.5, 1])
    stars = np.array([7, 7, 8, 7, 7, 9])
    assert all(len(set(fold_of_star(stars[objects.number == k]))) == 1 for k in np.unique(objects.number))


def test_a_planet_listed_as_a_binary_at_twice_its_period_is_a_planet():
    tois = pd.DataFrame({"tic_id": [7, 7], "period_d": [3.4, 9.9], "tfopwg_disposition": ["KP", "FP"]})
    binaries = pd.DataFrame({"tic_id": [7, 8], "period_d": [6.8, 6.8], "morphology": [0.3, 0.4]})
    objects = join_objects([events([7, 7, 8], [3.4, 6.8, 3.4], ["EB", "", "PC"])], tois, binaries)
    assert known(objects) == ["PC", "PC", "EB"]


def test_dispositions_and_binaries_match_the_signal_and_not_only_the_star():
    tois = pd.DataFrame({"tic_id": [7, 7, 8], "period_d": [3.0, 6.0, np.nan], "tfopwg_disposition": ["FP", "CP", "CP"]})
    star, period = np.array([7, 7, 8, 9]), np.array([3.0, 4.0, 3.0, 3.0])
    # the planet at twice the period outweighs the false positive
    assert dispositions_of(star, period, tois).tolist() == ["CP", "", "", ""]
    assert catalogued(star, period, tois[:1]).tolist() == [True, False, False, False]


def test_events_without_a_period_are_objects_of_their_own():
    assert len(set(number_signals([7, 7, 7], [np.nan, np.nan, 3.0]))) == 3


def test_contradicting_labels_of_one_signal_stay_with_their_views():
    objects = join_objects([events([7, 7], [3.0, 3.0], ["EB", "V"])], NO_TOIS, NO_BINARIES)
    assert known(objects) == ["EB", "V"]


def test_a_table_that_is_no_catalogue_of_binaries_is_refused_by_name(tmp_path):
    (tmp_path / "a.csv").write_text("tic_id,period\n1,2\n")
    with pytest.raises(TrainingError, match="a.csv has no column 'period_d', 'morphology'"):
        read_binaries(tmp_path / "a.csv")
    with pytest.raises(TrainingError, match="There is no file"):
        read_binaries(tmp_path / "b.csv")


def test_real_planets_in_the_real_catalogue_of_binaries_stay_planets():
    binaries = read_binaries(shared_path("catalogues/eclipsing_binaries_prsa2022.csv.gz"))
    table = gzip.decompress(shared_path("toi_snapshots/toi_2025-10-19.csv.gz").read_bytes())
    tois = parse_toi_table(table, "toi")
    planets = tois[tois["toi"].isin(["216.02", "519.01"])]
    assert len(planets) == 2
    stars, periods = planets["tic_id"].to_numpy(), planets["period_d"].to_numpy()
    assert catalogued(stars, periods, binaries).any()
    assert known(join_objects([events(stars, periods, ["PC", "PC"])], tois, binaries)) == ["PC", "PC"]
