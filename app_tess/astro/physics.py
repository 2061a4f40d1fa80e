"""Formulas of transits and their host stars, element-wise for numbers and arrays; NaN stays NaN.

Orbits are taken as circular.

References
----------
Winn 2010, "Transits and Occultations", arXiv:1001.2010.
Seager & Mallen-Ornelas 2003, ApJ 585, 1038.
"""

import numpy as np

from app_tess.astro.arrays import Values
from app_tess.astro.constants import (
    EARTH_EQUILIBRIUM_K,
    HOURS_PER_DAY,
    JULIAN_YEAR_D,
    PPM,
    SUN_LOGG,
    SUN_SCALED_AXIS_1D,
    SUN_TEFF_K,
)


def depth_ppm_from_mmag(depth_mmag: Values) -> Values:
    """Return a depth [ppm] from a magnitude difference [mmag]."""
    depth_ppm: Values = PPM * (1 - 10 ** (-0.4 * depth_mmag / 1000))
    return depth_ppm


def depth_mmag_from_ppm(depth_ppm: Values) -> Values:
    """Return a depth as a magnitude difference [mmag], from a depth [ppm]."""
    depth_mmag: Values = -2500.0 * np.log10(1.0 - depth_ppm * 1e-6)
    return depth_mmag


def gravity_solar(logg: Values) -> Values:
    """Return surface gravity [solar] from log g [cgs]."""
    gravity: Values = 10 ** (logg - SUN_LOGG)
    return gravity


def density_solar_from_logg(logg: Values, radius_rsun: Values) -> Values:
    """Return mean density [solar], (g / g_sun) / (R / R_sun), from log g [cgs] and radius [R_sun]."""
    return gravity_solar(logg) / radius_rsun


def scaled_axis(density_solar: Values, period_d: Values) -> Values:
    """Return a/R* from the star's mean density [solar] and the orbital period [d] (Winn 2010, eq. 30)."""
    axis: Values = SUN_SCALED_AXIS_1D * (density_solar * period_d**2) ** (1 / 3)
    return axis


def central_duration_h(period_d: Values, axis: Values, radius_ratio: Values) -> Values:
    """Return the duration of a central transit, first to fourth contact [h]: P/pi asin((1 + k) R*/a).

    Parameters
    ----------
    period_d : float or ndarray
        Orbital period [d].
    axis : float or ndarray
        Scaled semi-major axis a/R*.
    radius_ratio : float or ndarray
        Ratio of planetary to stellar radius, k.

    References
    ----------
    Winn 2010, eq. 14.
    """
    duration_h: Values = HOURS_PER_DAY * period_d / np.pi * np.arcsin(np.clip((1 + radius_ratio) / axis, 0, 1))
    return duration_h


def implied_density_solar(period_d: Values, duration_h: Values, radius_ratio: Values) -> Values:
    """Return the mean stellar density [solar] implied by a central transit of this duration [h]."""
    half_angle = np.clip(np.pi * duration_h / HOURS_PER_DAY / period_d, 0, np.pi / 2)
    density: Values = ((1 + radius_ratio) / np.sin(half_angle) / SUN_SCALED_AXIS_1D) ** 3 / period_d**2
    return density


def orbital_distance_au(mass_msun: Values, period_d: Values) -> Values:
    """Return the semi-major axis [au] from stellar mass [M_sun] and period [d], by Kepler's third law."""
    axis_au: Values = (mass_msun * (period_d / JULIAN_YEAR_D) ** 2) ** (1 / 3)
    return axis_au


def luminosity_lsun(radius_rsun: Values, teff_k: Values) -> Values:
    """Return luminosity [L_sun] from radius [R_sun] and effective temperature [K]: R^2 (Teff / 5772 K)^4."""
    return radius_rsun**2 * (teff_k / SUN_TEFF_K) ** 4


def equilibrium_temperature_k(insolation_earth: Values) -> Values:
    """Return the equilibrium temperature [K] from insolation [Earth's], for zero albedo: 278.3 K S^(1/4)."""
    temperature_k: Values = EARTH_EQUILIBRIUM_K * insolation_earth**0.25
    return temperature_k
