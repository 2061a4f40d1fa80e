"""Whose signal is it: observed transits against the ephemerides of catalogued signals."""

import math

import numpy as np
import pytest

from app_tess.archives.exofop import parse_toi_table
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.signal_match import BEYOND_ERROR, TIME_ERROR_NOT_GIVEN, ObservedSignal, match_signal, matching_ratio
from app_tess.astro.sky import separation_deg
from app_tess.errors import InvalidInput
from tests.support.shared import shared_path

KNOWN = Ephemeris(4.0, 1500.0, duration_h=3.0, period_err_d=1e-4, epoch_err_d=3e-3)
CM_DRACONIS = Ephemeris(1.2683892362949518, 1739.9292706720819, duration_h=0.94)


def ratio_of(observed, known=KNOWN):
    found = match_signal(observed, known)
    return found and found.ratio


@pytest.mark.parametrize(
    ("times", "period_d", "ratio"),
    [
        ((1500.01,), None, 1.0),
        ((1540.01, 1560.02), None, 1.0),
        ((1540.01, 1561.0), None, None),
        ((1502.0,), None, 0.5),
        ((1501.0,), None, None),
        ((1540.0,), 4.0, 1.0),
        ((1542.0,), 2.0, 0.5),
        ((1544.0,), 8.0, 2.0),
        ((1540.0,), 3.9, None),
        ((1542.0,), 4.0, None),
        ((1542.0,), 8.0, None),
    ],
)
def test_a_signal_explains_times_at_its_period_half_of_it_and_twice_it(times, period_d, ratio):
    assert ratio_of(ObservedSignal(times, period_d=period_d)) == ratio


def test_the_difference_is_in_units_of_the_propagated_error():
    [found] = match_signal(ObservedSignal((1900.03,), time_err_d=4e-3), KNOWN).differences
    assert found.predicted_btjd == pytest.approx(1900.0)
    assert found.error_d == pytest.approx(math.sqrt(3e-3**2 + (100 * 1e-4) ** 2 + 4e-3**2))
    assert found.sigma == pytest.approx(0.03 / found.error_d)


def test_an_unknown_error_is_unknown_and_a_distant_time_only_possible():
    vague = Ephemeris(4.0, 1500.0, duration_h=3.0)
    near, distant = (match_signal(ObservedSignal((time,)), vague) for time in (1900.03, 1900.2))
    assert near.is_firm and near.largest.error_d is None and near.largest.sigma is None
    assert not distant.is_firm and match_signal(ObservedSignal((1900.3,)), vague) is None


def test_transits_that_overlap_but_differ_by_many_sigma_are_only_possible():
    sharp = Ephemeris(4.0, 1500.0, duration_h=3.0, period_err_d=1e-7, epoch_err_d=6e-5)
    not_given = match_signal(ObservedSignal((1500.0199,)), sharp)
    assert not_given.largest.sigma > 300 and (not_given.is_firm, not_given.doubt) == (False, TIME_ERROR_NOT_GIVEN)
    assert match_signal(ObservedSignal((1500.0199,), time_err_d=1e-3), sharp).doubt == BEYOND_ERROR
    assert match_signal(ObservedSignal((1500.0199,), time_err_d=0.01), sharp).is_firm
    assert match_signal(ObservedSignal((1500.0001,)), sharp).is_firm


def test_a_large_known_error_widens_what_agrees():
    vague = Ephemeris(4.0, 1500.0, duration_h=3.0, period_err_d=1e-3, epoch_err_d=1e-3)
    assert match_signal(ObservedSignal((1900.2,)), vague).is_firm
    assert match_signal(ObservedSignal((1900.2,)), KNOWN) is None


def test_a_single_transit_explains_its_own_time_and_those_whole_periods_away():
    single = Ephemeris(None, 1500.0, duration_h=6.0, epoch_err_d=1e-3)
    assert ratio_of(ObservedSignal((1500.05,)), single) == 1.0
    assert ratio_of(ObservedSignal((1510.0,)), single) is None
    assert ratio_of(ObservedSignal((1510.0,), period_d=5.0), single) == 1.0


def test_transits_are_counted_with_the_more_precise_period():
    rough = Ephemeris(3.0003, 1500.0, duration_h=2.0, period_err_d=1e-6, epoch_err_d=1e-3)
    precise = ObservedSignal((1500.0 + 600 * 3.0,), 1e-3, period_d=3.0, period_err_d=1e-8)
    assert ratio_of(precise, rough) == 1.0
    assert ratio_of(ObservedSignal(precise.times_btjd, 1e-3), rough) is None


def test_both_eclipses_of_cm_draconis_are_explained_by_its_catalogued_period():
    half = CM_DRACONIS.period_d / 2
    assert ratio_of(ObservedSignal((1739.9292706 + 343 * half,), period_d=half), CM_DRACONIS) == 0.5


def test_a_period_alone_agrees_or_does_not():
    assert [matching_ratio(observed, 4.0) for observed in (4.0001, 2.0, 8.0, 5.0)] == [1.0, 0.5, 2.0, None]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"times_btjd": ()}, "time_btjd"),
        ({"times_btjd": (2459000.0,)}, "time_btjd"),
        ({"times_btjd": (math.nan,)}, "time_btjd"),
        ({"times_btjd": (1500.0,) * 51}, "time_btjd"),
        ({"period_d": 0.0}, "period_d"),
        ({"period_d": math.inf}, "period_d"),
        ({"time_err_d": -1.0}, "time_err_d"),
        ({"depth_ppm": 1e6}, "depth_ppm"),
        ({"period_d": 1.0, "duration_h": 24.0}, "duration_h"),
    ],
)
def test_what_no_transit_can_be_is_refused_by_name(values, field):
    with pytest.raises(InvalidInput) as refused:
        ObservedSignal(**({"times_btjd": (1500.0,)} | values))
    assert refused.value.field == field


def test_the_83_real_pairs_of_tois_that_share_a_dip_explain_each_other():
    table = parse_toi_table(shared_path("archive/toi.csv").read_bytes(), source="toi.csv")
    table = table[table["epoch_btjd"].notna() & (table["period_d"] > 0)].reset_index(drop=True)
    ra, dec = table["ra_deg"].to_numpy(float), table["dec_deg"].to_numpy(float)
    names = ["period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d"]
    values = table[names].astype(object).where(table[names].notna(), None).to_numpy()
    pairs = set()
    order = np.argsort(dec)
    for place, one in enumerate(order):
        near = order[place + 1 : np.searchsorted(dec[order], dec[one] + 0.05, side="right")]
        near = near[separation_deg(ra[near], dec[near], ra[one], dec[one]) <= 0.05]
        for other in near[table["tic_id"].to_numpy()[near] != table["tic_id"][one]]:
            period, epoch, duration, period_err, epoch_err = values[one]
            observed = ObservedSignal((epoch,), epoch_err or None, period, period_err or None, duration or None)
            if ratio_of(observed, Ephemeris(*values[other])) == 1.0:
                pairs.add(frozenset((table["toi"][one], table["toi"][other])))
    assert len(pairs) == 83 and frozenset(("1110.01", "2107.01")) in pairs
