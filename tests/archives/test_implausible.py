"""An error of 0 and an epoch that is no BJD are left blank, and their rows are kept."""

import numpy as np
import pytest
from astropy.table import Table

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.implausible import ERROR_COLUMNS
from app_tess.archives.tic_rows import TIC_COLUMNS, TIC_ERRORS, parse_tic_rows
from app_tess.fields import TOI_COLUMNS
from tests.support.shared import shared_path

ERRORS = [field for field in TOI_COLUMNS if field.error_of]


def parse(names, *rows):
    header = ["TIC ID", "TOI", "Period (days)", "TFOPWG Disposition", *names]
    lines = [header, *([str(number), f"{number}.01", "3", "PC", *row] for number, row in enumerate(rows, 1))]
    return parse_toi_table("\n".join(",".join(line) for line in lines).encode(), "toi.csv")


@pytest.mark.parametrize("source", ["exofop", "exoplanet_archive"])
def test_errors_of_zero_or_less_are_unknown_in_every_column(source):
    spelling = {
        field.name: field.exofop[0] if source == "exofop" else field.exoplanet_archive
        for field in ERRORS
        if source == "exofop" or field.exoplanet_archive
    }
    assert len(spelling) > 8
    frame = parse(list(spelling.values()), *([text] * len(spelling) for text in ("0", "-0.1", "", "0.25")))
    for name in spelling:
        assert frame[name].isna().tolist() == [True, True, True, False], name
        assert frame[name].iloc[3] == 0.25


def test_errors_of_zero_or_less_are_unknown_in_the_tic_too():
    table = Table({name: [1, 2, 3] for name in TIC_COLUMNS} | {name: [0.0, -99.0, 0.25] for name in TIC_ERRORS})
    frame = parse_tic_rows(table, "mast")
    assert set(TIC_ERRORS.values()) <= ERROR_COLUMNS
    for name in TIC_ERRORS.values():
        assert frame[name].isna().tolist() == [True, True, False]


def test_errors_of_zero_in_a_real_table_are_unknown():
    frame = parse_toi_table(shared_path("bug_reports/c01_zero_error.csv").read_bytes(), "c01.csv").set_index("toi")
    assert frame.loc["9006.01", ["epoch_err_d", "period_err_d"]].tolist() == [0.001, 0.0008]
    assert frame["period_err_d"].isna().any() and not (frame[[field.name for field in ERRORS]] <= 0).any(axis=None)


@pytest.mark.parametrize("text", ["1326.0", "0", "58325.5", "-5", "24583265", "2470000.5", "1532476800"])
def test_an_epoch_that_no_toi_can_have_is_blanked_and_reported_and_its_row_is_kept(text):
    frame = parse(["Epoch (BJD)", "Epoch (BJD) err"], [text, "0.1"], ["2458326.5", "0.1"])
    assert frame["toi"].tolist() == ["1.01", "2.01"]
    assert np.isnan(frame["epoch_btjd"].iloc[0]) and np.isnan(frame["epoch_err_d"].iloc[0])
    assert frame["epoch_btjd"].iloc[1] == 1326.5
    (sentence,) = frame.attrs["skipped"]
    assert sentence.startswith(f"TOI 1.01: the epoch {float(text):.10g} is not the BJD")


def test_three_wrong_epochs_of_a_table_are_reported():
    frame = parse_toi_table(shared_path("bug_reports/c13_epoch_not_bjd.csv").read_bytes(), "c13.csv")
    assert len(frame) == 3 and frame["epoch_btjd"].isna().all() and frame["period_d"].notna().all()
    assert [text.split(" is not")[0] for text in frame.attrs["skipped"]] == [
        "TOI 9003.01: the epoch 1326",
        "TOI 9004.01: the epoch 0",
        "TOI 9005.01: the epoch 58325.5",
    ]
