import numpy as np
import pytest

from app_tess.astro.ephemeris_match import in_step


@pytest.mark.parametrize(
    ("other_period_d", "other_epoch_btjd", "expected"),
    [
        (3.0, 2000.0, True),
        (3.0, 2300.01, True),  # a hundred cycles on, a quarter of an hour late
        (3.0, 2001.5, False),  # half-way between
        (3.01, 2000.0, False),  # out of step within a sector
        (6.0, 2000.0, False),
        (np.nan, 2000.0, False),
        (0.0, 2000.0, False),
        (3.0, np.nan, False),
    ],
)
def test_two_signals_are_in_step_when_period_and_times_agree(other_period_d, other_epoch_btjd, expected):
    assert bool(in_step(3.0, 2000.0, 0.1, other_period_d, other_epoch_btjd)) is expected


def test_a_single_transit_is_in_step_with_nothing():
    assert not in_step([np.nan, 0.0], 2000.0, 0.1, 3.0, 2000.0).any()


def test_a_known_error_widens_what_is_tolerated_but_never_beyond_a_share_of_the_period():
    assert not in_step(3.0, 2000.0, 0.1, 3.0, 2000.1)
    assert in_step(3.0, 2000.0, 0.1, 3.0, 2000.1, error_d=0.05)
    assert not in_step(3.0, 2000.0, 0.1, 3.0, 2001.0, error_d=10.0)


def test_an_unknown_duration_leaves_the_least_tolerance():
    assert in_step(3.0, 2000.0, np.nan, 3.0, 2000.015)
    assert not in_step(3.0, 2000.0, np.nan, 3.0, 2000.03)
