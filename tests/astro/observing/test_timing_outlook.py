"""The timing error grows with every period until it reaches the duration, and the transit is lost."""

import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing.timing_outlook import find_outlook, month_of
from app_tess.plots.timing_error import render_timing_errors

NOW = 4370.0
PLANET = Ephemeris(5.0, 1326.0, 2.4, 1e-4, 1e-3)


def test_the_date_of_an_error_is_where_the_propagated_error_has_that_value():
    lost = PLANET.time_of_error(0.1)
    assert lost == pytest.approx(1326 + 5 * 1000, rel=1e-3)
    assert PLANET.error_at(lost) == pytest.approx(0.1, rel=1e-3)
    assert Ephemeris(5.0, 1326.0, 2.4, 1e-4, 0.2).time_of_error(0.1) == 1326.0


@pytest.mark.parametrize(
    ("period_err_d", "words"),
    [
        (1e-4, "± 87.7 min now and reaches the duration of 2.4 h in 2032-04: the transit is then lost."),
        (1e-3, "± 14.6 h now and has exceeded the duration of 2.4 h since 2019-12: the transit is lost."),
        (1e-6, "± 1.7 min now and stays below the duration of 2.4 h until 2099."),
    ],
)
def test_an_outlook_says_when_the_transit_is_lost(period_err_d, words):
    outlook = find_outlook("TOI-1.01", Ephemeris(5.0, 1326.0, 2.4, period_err_d, 1e-3), NOW)
    assert outlook.describe() == f"TOI-1.01: the 1-sigma timing error is {words}"
    picture = render_timing_errors([outlook], "TIC 1")
    assert picture.png.startswith(b"\x89PNG") and words in picture.alt


@pytest.mark.parametrize(
    "ephemeris",
    [
        Ephemeris(None, 1326.0, 2.4, 1e-4, 1e-3),
        Ephemeris(5.0, 1326.0, None, 1e-4, 1e-3),
        Ephemeris(5.0, 1326.0, 2.4, 0.0, 1e-3),
        Ephemeris(5.0, 1326.0, 2.4, 1e-4, None),
    ],
)
def test_there_is_no_outlook_without_period_duration_or_errors(ephemeris):
    assert find_outlook("TOI-1.01", ephemeris, NOW) is None


def test_a_month_is_written_as_year_and_month():
    assert month_of(1326.5) == "2018-07"
