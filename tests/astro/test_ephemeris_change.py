"""An ephemeris differs from an earlier one by what its transits moved, in units of their error and duration."""

import pytest

from app_tess.astro.ephemeris_change import find_differences, find_move

NOW = 4370.0
SIGNAL = {
    "period_d": 5.5,
    "period_err_d": 1e-5,
    "epoch_btjd": 2000.0,
    "epoch_err_d": 0.001,
    "duration_h": 3.0,
    "duration_err_h": 0.1,
    "depth_ppm": 10_000.0,
    "depth_err_ppm": 100.0,
}


def changed(**values):
    return SIGNAL | values


def test_a_move_is_measured_at_the_transit_nearest_to_now_with_its_propagated_error():
    move = find_move(SIGNAL, changed(epoch_btjd=2000.0 + 100 * 5.5 + 0.1), NOW)
    assert abs(move.before_btjd - NOW) <= 5.5 / 2 and move.shift_d == pytest.approx(0.1)
    number = round((move.before_btjd - 2000) / 5.5)
    assert move.error_d == pytest.approx((0.001**2 + (number * 1e-5) ** 2) ** 0.5)
    assert move.durations == pytest.approx(0.8) and move.is_notable
    assert move.describe() == f"2.4 h later ({0.1 / move.error_d:.1f} sigma, 0.8 durations)"


def test_an_epoch_referred_to_another_transit_moves_nothing():
    for periods in (-3, 1, 250):
        assert find_move(SIGNAL, changed(epoch_btjd=2000.0 + periods * 5.5), NOW).shift_d == pytest.approx(0, abs=1e-9)
        assert find_differences(SIGNAL, changed(epoch_btjd=2000.0 + periods * 5.5), NOW) == []


def test_a_refined_period_moves_transits_by_what_it_adds_up_to():
    move = find_move(SIGNAL, changed(period_d=5.5 - 2e-4), NOW)
    assert move.shift_d == pytest.approx(-2e-4 * round((NOW - 2000) / 5.5), rel=1e-3)
    assert move.describe().startswith("2.1 h earlier")


@pytest.mark.parametrize(
    ("shift_h", "errors", "notable"),
    [
        (0.1, {"epoch_err_d": 1e-5, "period_err_d": 1e-8}, False),  # many sigma, but a thirtieth of the duration
        (0.5, {}, True),  # beyond its error, a sixth of the duration
        (0.5, {"period_err_d": 1e-3}, False),  # within its error
        (2.0, {"period_err_d": 1e-3}, True),  # within its error, but most of the duration
        (0.5, {"period_err_d": None, "epoch_err_d": None}, True),  # unknown error: a sixth of the duration
    ],
)
def test_a_move_is_notable_beyond_its_error_or_half_the_duration(shift_h, errors, notable):
    before, after = changed(**errors), changed(epoch_btjd=2000.0 + shift_h / 24, **errors)
    assert find_move(before, after, NOW).is_notable is notable


def test_single_transits_are_compared_by_their_epochs():
    before, after = changed(period_d=None), changed(period_d=None, epoch_btjd=2000.5)
    assert find_move(before, after, NOW).shift_d == 0.5
    assert find_differences(before, after, NOW)[0].startswith("transits 12.0 h later")


@pytest.mark.parametrize(
    ("name", "within", "beyond", "phrase"),
    [
        ("period_d", 5.500009, 5.500011, "period from 5.500000 d to 5.500011 d"),
        ("duration_h", 3.09, 2.89, "duration from 3.00 h to 2.89 h"),
        ("depth_ppm", 10_099.0, 10_101.0, "depth from 10,000 ppm to 10,101 ppm"),
    ],
)
def test_a_value_that_changed_by_more_than_its_error_is_a_difference(name, within, beyond, phrase):
    before = changed(period_err_d=1e-5, epoch_err_d=1.0)
    assert find_differences(before, before | {name: within}, NOW) == []
    assert find_differences(before, before | {name: beyond}, NOW) == [phrase]


def test_an_epoch_that_moved_beyond_its_own_error_is_one_however_uncertain_it_is_today():
    before = changed(period_err_d=0.01)
    assert find_differences(before, before | {"epoch_btjd": 2000.0005}, NOW) == []
    (phrase,) = find_differences(before, before | {"epoch_btjd": 2000.05}, NOW)
    assert phrase == "transits 1.2 h later (50.0 sigma, 0.4 durations)"


def test_a_value_that_appears_or_goes_is_a_difference_and_an_unknown_one_is_not():
    assert find_differences(SIGNAL, changed(depth_ppm=None), NOW) == ["depth from 10,000 ppm to none"]
    assert find_differences(SIGNAL, changed(period_d=None), NOW) == ["period from 5.500000 d to none"]
    assert find_differences(SIGNAL, changed(epoch_btjd=None), NOW) == ["epoch from 2000.00000 BTJD to none"]
    of_earlier_version = {name: SIGNAL[name] for name in ("period_d", "epoch_btjd", "duration_h")}
    assert find_differences(of_earlier_version, SIGNAL, NOW) == []


def test_where_no_error_is_known_more_than_a_refinement_is_a_difference():
    bare = {name: None if "_err" in name else value for name, value in SIGNAL.items()}
    assert find_differences(bare, bare | {"period_d": 5.5001, "duration_h": 3.02, "depth_ppm": 10_050.0}, NOW) == [
        find_move(bare, bare | {"period_d": 5.5001}, NOW).describe().join(["transits ", ""])
    ]
    assert find_differences(bare, bare | {"depth_ppm": 11_000.0}, NOW) == ["depth from 10,000 ppm to 11,000 ppm"]
