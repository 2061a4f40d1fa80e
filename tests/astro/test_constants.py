"""Constants against their sources: astropy's IAU 2015 nominal values, and Kopparapu et al. 2014."""

import math
import tomllib

import pytest
from astropy import constants as nominal
from astropy import units as u

from app_tess.astro import constants
from app_tess.web.pages import glossary
from app_tess.web.pages.queues import QUEUE_TEXTS


def test_the_constants_written_out_are_those_of_astropy():
    sources = {
        "GM_SUN": nominal.GM_sun,
        "GM_EARTH": nominal.GM_earth,
        "GM_JUPITER": nominal.GM_jup,
        "R_SUN": nominal.R_sun,
        "R_EARTH": nominal.R_earth,
        "L_SUN": nominal.L_sun,
        "AU": nominal.au,
        "SPEED_OF_LIGHT": nominal.c,
        "PLANCK": nominal.h,
        "BOLTZMANN": nominal.k_B,
        "STEFAN_BOLTZMANN": nominal.sigma_sb,
    }
    for name, source in sources.items():
        assert getattr(constants, name) == pytest.approx(source.si.value, rel=1e-13), name


def test_the_sun_has_the_iau_2015_nominal_values():
    assert pytest.approx((nominal.R_sun / nominal.R_earth).decompose().value, rel=1e-5) == constants.RSUN_IN_REARTH
    gravity = (nominal.GM_sun / nominal.R_sun**2).to_value(u.cm / u.s**2)
    assert pytest.approx(math.log10(gravity), abs=1e-4) == constants.SUN_LOGG
    teff = (nominal.L_sun / (4 * math.pi * nominal.R_sun**2 * nominal.sigma_sb)) ** 0.25
    assert pytest.approx(teff.to_value(u.K), abs=0.1) == constants.SUN_TEFF_K


def test_an_orbit_of_one_day_around_the_sun_has_a_scaled_axis_of_4_2083():
    density = nominal.M_sun / (4 / 3 * math.pi * nominal.R_sun**3)
    axis = (nominal.G * density * u.day**2 / (3 * math.pi)) ** (1 / 3)
    assert pytest.approx(axis.decompose().value, rel=1e-5) == constants.SUN_SCALED_AXIS_1D == 4.2083


def test_the_earth_without_an_albedo_is_at_278_3_kelvin():
    flux = nominal.L_sun / (4 * math.pi * nominal.au**2)
    temperature = (flux / (4 * nominal.sigma_sb)) ** 0.25
    assert pytest.approx(temperature.to_value(u.K), abs=0.05) == constants.EARTH_EQUILIBRIUM_K == 278.3


def _insolation_limit(coefficients, teff_k):
    """Kopparapu et al. 2014, eq. 4."""
    return sum(value * (teff_k - 5780) ** power for power, value in enumerate(coefficients))


def test_the_habitable_zone_has_the_optimistic_limits_of_kopparapu_2014():
    recent_venus = (1.776, 2.136e-4, 2.533e-8, -1.332e-11, -3.097e-15)
    early_mars = (0.320, 5.547e-5, 1.526e-9, -2.874e-12, -5.011e-16)
    low, high = constants.HABITABLE_INSOLATION_EARTH
    assert _insolation_limit(early_mars, 2600) == pytest.approx(low, abs=0.01)
    assert _insolation_limit(recent_venus, 5780) == pytest.approx(high, abs=0.03)


def test_the_glossary_and_the_list_name_the_limits_of_the_habitable_zone():
    limits = "{} to {}".format(*constants.HABITABLE_INSOLATION_EARTH)
    assert limits in tomllib.loads(glossary.SOURCE.read_text())["insolation"]["text"]
    assert limits in QUEUE_TEXTS["habitable"]
