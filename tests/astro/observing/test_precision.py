"""Expected precision, air mass and priority, against published values."""

import math

import pytest

from app_tess.astro.observing.airmass import airmass_at, altitude_of
from app_tess.astro.observing.precision import (
    BANDS,
    Telescope,
    magnitude_in,
    photon_noise,
    precision_ppm,
    scintillation,
    significance,
    young_scintillation,
)
from app_tess.astro.observing.priority import detection_share, moon_share, timing_share


@pytest.mark.parametrize(("band", "photons"), [("B", 1392.6), ("V", 995.5), ("R", 702.0), ("I", 452.0)])
def test_a_star_of_magnitude_0_gives_the_tabulated_photons(band, photons):
    """Photons / (s cm^2 angstrom) of the UBVRI zero points by Bessell, Castelli & Plez 1998."""
    assert BANDS[band].zero_photons == pytest.approx(photons, rel=2e-3)


@pytest.mark.parametrize(("altitude", "airmass"), [(90, 0.9997), (30, 1.9943), (10, 5.5841), (0, 37.92)])
def test_the_air_mass_is_that_of_kasten_and_young(altitude, airmass):
    """Their table: 37.92 at the horizon."""
    assert airmass_at(altitude) == pytest.approx(airmass, rel=2e-3)


def test_the_air_mass_is_infinite_below_the_horizon_and_its_inverse_agrees():
    assert math.isinf(airmass_at(-0.1))
    assert airmass_at(altitude_of(2.4)) == pytest.approx(2.4, rel=1e-8)


def test_scintillation_follows_the_published_formula_and_agrees_with_youngs():
    # Osborn et al. 2015, eq. 7, for 1 m, 1 s, zenith, sea level and C_Y = 1: the square root of 1e-5
    assert scintillation(1, 1, 1, 0, 1) == pytest.approx(3.162e-3, rel=1e-3)
    for aperture_m, time_s, elevation_m in ((0.3, 300, 2400), (1.0, 60, 0), (3.6, 300, 2400)):
        young = young_scintillation(aperture_m, 1, time_s, elevation_m)
        assert scintillation(aperture_m, 1, time_s, elevation_m, 1) == pytest.approx(young, rel=0.08)
    assert scintillation(0.3, 2, 300, 0, 1) / scintillation(0.3, 1, 300, 0, 1) == pytest.approx(2**1.5)
    assert scintillation(0.3, 1, 300, 8000, 1) / scintillation(0.3, 1, 300, 0, 1) == pytest.approx(math.exp(-1))


def test_young_gives_his_own_coefficient_for_a_centimeter_in_half_a_second():
    assert young_scintillation(0.01, 1, 0.5, 0) == pytest.approx(0.09)


def test_photon_noise_is_the_square_root_of_the_photons_counted():
    telescope = Telescope(1.0, BANDS["V"], 0)
    photons = 996.2 * 880 * math.pi * 50**2 * 0.4 * 300 * 10 ** (-0.4 * 10.13)
    assert photon_noise(telescope, 10.0, 1.0, 300) == pytest.approx(photons**-0.5, rel=0.01)
    faint = photon_noise(telescope, 20.0, 1.0, 300) / photon_noise(telescope, 19.0, 1.0, 300)
    assert faint > 10**0.35, "the sky dominates for a faint star: a magnitude costs a factor of 2.5, not of 1.6"


def test_bright_stars_are_limited_by_scintillation_and_faint_ones_by_photons():
    telescope = Telescope(0.3, BANDS["R"], 2400)
    bright = precision_ppm(telescope, 6, 1.2)
    assert bright == pytest.approx(1e6 * scintillation(0.3, 1.2, 300, 2400, 1.5), rel=0.02)
    assert precision_ppm(telescope, 14, 1.2) > 3 * bright


def test_colors_are_those_of_a_black_body():
    assert magnitude_in(BANDS["I"], 10, 5000) == 10
    assert magnitude_in(BANDS["V"], 10, 5772) - 10 == pytest.approx(0.71, abs=0.15), "V - I of the Sun is 0.71"
    assert magnitude_in(BANDS["V"], 10, 3500) > magnitude_in(BANDS["V"], 10, None)


def test_the_significance_counts_the_bins_in_and_out_of_transit():
    assert significance(1000, 1000, 60, 60) == pytest.approx(math.sqrt(6))
    assert significance(1000, 500, 60, 1e9) == pytest.approx(2 * math.sqrt(12))
    assert significance(1000, 1000, 60, 0) == significance(1000, 1000, 0, 60) == 0


def test_a_full_moon_within_30_degrees_takes_all_priority():
    assert moon_share(10, 40, 1.0) == moon_share(30, 40, 1.0) == 0
    assert moon_share(60, 40, 1.0) == 0.75
    assert moon_share(10, -1, 1.0) == 1 and moon_share(10, 40, 0.2) == 0.8


def test_a_timing_error_as_long_as_the_transit_halves_the_priority():
    assert timing_share(120, 120) == timing_share(None, 120) == timing_share(5, None) == 0.5
    assert timing_share(0, 120) == 1
    assert (detection_share(5), detection_share(50), detection_share(None)) == (0.5, 1, 0.5)
