"""TSM and ESM of well-known planets, and where they are not defined."""

import itertools
import math

import pytest

from app_tess.astro.observing.atmosphere import emission_metric, equilibrium_k, estimate_atmosphere, transmission_metric
from app_tess.astro.observing.radial_velocity import estimate_velocity


def test_the_equilibrium_temperature_of_the_earth_without_albedo_is_279_kelvin():
    assert equilibrium_k(5772, 1, 1, 365.25) == pytest.approx(278.7, abs=0.5)


def test_the_transmission_metric_follows_equation_1():
    """GJ 1214 b with the mass of the relation: 1.26 R^3 T / (m R_star^2) 10^(-J/5)."""
    mass = 1.436 * 2.742**1.70
    expected = 1.26 * 2.742**3 * 596 / (mass * 0.215**2) * 10 ** (-9.75 / 5)
    assert transmission_metric(2.742, 596, 0.215, 9.75) == pytest.approx(expected)
    assert transmission_metric(10.0, 1500, 1.0, 9.0) is None, "the metric ends at 10 Earth radii"


def test_the_emission_metric_of_gj_1132_b_is_that_of_its_paper():
    """Kempton et al. 2018 name it as the benchmark of rocky planets, with an ESM of 7.5."""
    assert emission_metric(1.13, 580, 3270, 0.207, 8.32) == pytest.approx(7.5, rel=0.3)


def test_what_is_unknown_gives_no_estimate():
    known = ("TOI-1.01", 2.0, 3.0, 5000.0, 0.8, 0.8, 10.0)
    estimate = estimate_atmosphere(*known)
    assert estimate is not None and estimate.tsm > 0 and estimate.esm > 0
    for number in range(1, 7):
        assert estimate_atmosphere(*known[:number], None, *known[number + 1 :]) is None


def test_numbers_that_no_star_has_give_no_estimate_or_a_real_one():
    odd = (-1e300, -1.0, 0.0, 1e-300, 1e-9, 1.0, 58325.5, 1e300)
    for values in itertools.product(odd, (1.0, *odd[:3], 1e300), odd, odd, odd, (10.0, *odd)):
        estimate = estimate_atmosphere("TOI-1.01", *values)
        assert estimate is None or isinstance(estimate.tsm, float)
    for radius_rearth, star_msun, period_d in itertools.product(odd, repeat=3):
        estimate = estimate_velocity("TOI-1.01", radius_rearth, star_msun, period_d)
        assert estimate is None or not math.isnan(estimate.semi_amplitude_ms)
