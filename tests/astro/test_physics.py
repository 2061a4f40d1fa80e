"""Formulas of transits against known planets."""

import numpy as np
import pytest

from app_tess.astro import physics


def test_a_central_transit_of_the_earth_lasts_13_hours():
    axis = physics.scaled_axis(1.0, 365.25)
    assert axis == pytest.approx(215.0, rel=1e-3)  # 1 au in solar radii
    assert physics.central_duration_h(365.25, axis, 0.009) == pytest.approx(13.1, abs=0.1)


def test_a_duration_implies_the_density_that_gives_it():
    density, period_d, ratio = np.array([0.1, 1.0, 30.0]), np.array([1.0, 10.0, 30.0]), 0.1
    duration_h = physics.central_duration_h(period_d, physics.scaled_axis(density, period_d), ratio)
    assert physics.implied_density_solar(period_d, duration_h, ratio) == pytest.approx(density)


def test_a_grazed_surface_is_no_error():
    assert physics.central_duration_h(1.0, 0.9, 0.1) == pytest.approx(12.0)


def test_a_giant_is_less_dense_than_a_dwarf_of_its_gravity():
    assert physics.density_solar_from_logg(4.438, 1.0) == pytest.approx(1.0)
    assert physics.density_solar_from_logg(3.438, 10.0) == pytest.approx(0.01)


def test_the_earth_receives_its_own_insolation():
    distance = physics.orbital_distance_au(1.0, 365.25)
    insolation = physics.luminosity_lsun(1.0, 5772.0) / distance**2
    assert insolation == pytest.approx(1.0)
    assert physics.equilibrium_temperature_k(insolation) == pytest.approx(278.3)


def test_ppm_and_millimagnitudes_are_each_others_inverse():
    assert physics.depth_ppm_from_mmag(10.0) == pytest.approx(9168.0, abs=1)
    assert physics.depth_mmag_from_ppm(physics.depth_ppm_from_mmag(3.3)) == pytest.approx(3.3)
    assert np.isnan(physics.depth_ppm_from_mmag(np.array([np.nan])))[0]
