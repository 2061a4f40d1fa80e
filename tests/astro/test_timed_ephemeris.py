import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.timed_ephemeris import TimedEphemeris

LATE = {0: 0.04, 1: -0.03, 2: 0.01, 4: -0.05}
TIMED = TimedEphemeris(5.0, 1326.0, 3.0, deviations=tuple(LATE.items()))


def test_a_measured_transit_folds_to_zero_and_keeps_its_length():
    for number, late in LATE.items():
        around = 1326.0 + 5.0 * number + late + np.array([-0.1, 0.0, 0.1])
        assert TIMED.fold(around) == pytest.approx([-0.1, 0.0, 0.1])
        assert set(TIMED.transit_number(around)) == {number}


def test_transit_times_are_the_measured_ones_and_interpolated_between_them():
    expected = [1326.0 + 5.0 * number + LATE.get(number, -0.02) for number in range(5)]
    assert TIMED.transit_times(1325.0, 1347.0) == pytest.approx(expected)


def test_without_deviations_it_is_the_linear_ephemeris():
    time = np.linspace(1320, 1360, 500)
    assert TimedEphemeris(5.0, 1326.0, 3.0).fold(time) == pytest.approx(Ephemeris(5.0, 1326.0, 3.0).fold(time))
