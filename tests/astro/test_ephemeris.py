import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
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
