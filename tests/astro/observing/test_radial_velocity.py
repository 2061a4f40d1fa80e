"""Estimated masses and semi-amplitudes, against published values."""

import pytest

from app_tess.astro.observing.radial_velocity import estimate_velocity, mass_mearth, semi_amplitude_ms


@pytest.mark.parametrize(("radius", "mass"), [(13.1874503075824, 115.19), (1.0, 0.9718), (2.0, 4.67)])
def test_masses_are_those_that_exofop_predicts(radius, mass):
    """TOI-101.01 has 115.19 M_Earth in ExoFOP's table of 2025."""
    assert mass_mearth(radius) == pytest.approx(mass, rel=2e-3)


def test_jupiter_moves_the_sun_by_12_5_meters_a_second_and_the_earth_by_9_centimeters():
    assert semi_amplitude_ms(317.83, 1.0, 4332.59) == pytest.approx(12.5, abs=0.05)
    assert semi_amplitude_ms(1.0, 1.0, 365.25) == pytest.approx(0.0895, abs=2e-4)


@pytest.mark.parametrize("values", [(15.0, 1.0, 3.0), (None, 1.0, 3.0), (2.0, None, 3.0), (2.0, 1.0, None)])
def test_no_estimate_is_made_without_its_inputs_or_for_a_radius_that_sets_no_mass(values):
    assert estimate_velocity("TOI-1.01", *values) is None
