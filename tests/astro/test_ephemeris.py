import numpy as np
import pytest

from app_tess.astro.ephemeris import LONGEST_PERIOD_D, SHORTEST_PERIOD_D, Ephemeris
from app_tess.errors import EphemerisError


def test_transit_times_cover_the_requested_days_and_no_more():
    assert Ephemeris(3.0, 1326.0, 2.0).transit_times(1325.0, 1332.0) == pytest.approx([1326.0, 1329.0, 1332.0])


def test_a_single_transit_is_marked_but_not_folded():
    single = Ephemeris(None, 1330.0, 5.0)
    assert list(single.transit_times(1325, 1350)) == [1330.0]
    assert single.in_transit(np.array([1330.05, 1335.0, np.nan])).tolist() == [True, False, False]
    with pytest.raises(EphemerisError, match="single transit"):
        single.fold(np.array([1330.0]))


@pytest.mark.parametrize("period", [0, 0.0, float("nan"), None])
def test_a_period_of_zero_or_nothing_is_a_single_transit(period):
    assert Ephemeris(period, 1330.0).is_single_transit


def test_it_refuses_an_object_without_an_epoch_or_with_a_bjd_for_one():
    with pytest.raises(EphemerisError, match="no transit epoch"):
        Ephemeris(3.0, float("nan"))
    with pytest.raises(EphemerisError, match="subtract 2457000"):
        Ephemeris(3.0, 2458326.0)


def test_folded_time_lies_within_half_a_period_and_keeps_nan():
    folded = Ephemeris(3.0, 1326.0).fold(np.array([1326.0, 1327.5, 1327.4, 1324.6, np.nan]))
    assert folded[:4] == pytest.approx([0.0, -1.5, 1.4, -1.4])
    assert np.isnan(folded[4])


def test_the_error_of_a_prediction_grows_with_the_number_of_periods():
    ephemeris = Ephemeris(3.0, 1326.0, 2.0, 0.001, 0.01)
    assert ephemeris.error_at(1326.0) == pytest.approx(0.01)
    assert ephemeris.error_at(1326.0 + 300) == pytest.approx(np.hypot(0.01, 0.1))


def test_a_missing_error_makes_the_timing_error_unknown():
    assert Ephemeris(10.0, 1000.0, 3.0, 0.001, None).error_at(1050.0) is None
    assert Ephemeris(10.0, 1000.0, 3.0, None, 0.002).error_at(1050.0) is None
    assert (
        Ephemeris(10.0, 1000.0, 3.0, None, 0.002).error_at(1000.0)
        == Ephemeris(None, 1000.0, 3.0, None, 0.002).error_at(5.0)
        == 0.002
    )


def test_a_duration_as_long_as_the_period_is_refused_with_both_numbers():
    swollen = Ephemeris(3.0, 1326.0, 100.0)
    assert not swollen.has_duration and Ephemeris(3.0, 1326.0, 3.0).has_duration
    with pytest.raises(EphemerisError, match="A transit of 100 h does not fit into a period of 3 d"):
        _ = swollen.duration_d


@pytest.mark.parametrize("duration_h", [0.0, -2.0, float("nan"), None])
def test_a_missing_duration_is_reported(duration_h):
    with pytest.raises(EphemerisError, match="no transit duration"):
        _ = Ephemeris(3.0, 1326.0, duration_h).duration_d


@pytest.mark.parametrize("error", [0.0, -0.1, float("nan"), None])
def test_an_error_of_zero_is_unknown_and_so_is_the_error_of_a_prediction(error):
    assert Ephemeris(3.0, 1326.0, 2.0, error, 0.001).error_at(1326.0 + 3000) is None
    assert Ephemeris(3.0, 1326.0, 2.0, 0.001, error).error_at(1326.0 + 3000) is None


@pytest.mark.parametrize("period", [1e-300, 1e-9, 1e-4, 0.01, 0.999 * SHORTEST_PERIOD_D])
def test_a_period_below_any_roche_limit_is_refused_with_the_reason(period):
    with pytest.raises(EphemerisError, match="shorter than 37 minutes.*Roche limit.*2021"):
        Ephemeris(period, 1326.0, 2.0)


def test_the_shortest_periods_of_nature_are_folded():
    for period in (SHORTEST_PERIOD_D, 68 / 1440, 4.245 / 24):  # the limit, a brown dwarf's, KOI-1843.03's
        assert Ephemeris(period, 1326.0).fold(np.array([1326.0 + period]))[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("period", [1.001 * LONGEST_PERIOD_D, 1e300])
def test_a_period_of_thousands_of_years_is_refused(period):
    with pytest.raises(EphemerisError, match="longer than 1,000,000 d"):
        Ephemeris(period, 1326.0, 2.0)


@pytest.mark.parametrize("epoch", [-2398674.5, -1e300, 1e9, 58325.5])
def test_an_epoch_that_nobody_observed_is_refused(epoch):
    with pytest.raises(EphemerisError, match="The epoch"):
        Ephemeris(3.0, epoch, 2.0)
