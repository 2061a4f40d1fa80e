from types import SimpleNamespace

import pytest

from app_tess.web.http.template_filters import measured, number_runs, sector_span


@pytest.mark.parametrize(
    ("value", "error", "decimals", "text"),
    [
        (1326.009, None, 5, "1326.00900"),
        (1326.00912, 0.00013, 5, "1326.00912 ± 0.00013"),
        (18961.4, None, 0, "18,961"),
        (18961.4, 185.2, 0, "18,961 ± 185"),
        (None, 1.0, 2, "–"),
        (float("nan"), None, 2, "–"),
        (5.0, float("inf"), 1, "5.0"),
        (1e300, 1.0, 1, "1e+300"),
        (5.0, 1e300, 1, "5.0"),
    ],
)
def test_a_measured_value_is_written_alike_with_and_without_its_error(value, error, decimals, text):
    assert measured(value, error, decimals) == text


@pytest.mark.parametrize(
    ("sectors", "written"),
    [
        ("1", "1"),
        ("1,2", "1, 2"),
        ("1,2,3", "1–3"),
        ("1, 14,15,16,17,40,41", "1, 14–17, 40, 41"),
        ("3,2,1", "3, 2, 1"),
        ("14,late", "14,late"),
    ],
)
def test_runs_of_sectors_are_drawn_together(sectors, written):
    assert number_runs(sectors) == written


def test_one_sector_is_no_span():
    assert sector_span(SimpleNamespace(sector=1, last_sector=1)) == "sector 1"
    assert sector_span(SimpleNamespace(sector=1, last_sector=13)) == "sectors 1 to 13"
