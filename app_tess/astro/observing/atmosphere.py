"""How well a planet's atmosphere can be observed: TSM in transmission, ESM in emission (Kempton et al. 2018)."""

import math
from dataclasses import dataclass

from app_tess.astro.constants import AU, BOLTZMANN, JULIAN_YEAR_D, PLANCK, R_SUN, RSUN_IN_REARTH, SPEED_OF_LIGHT
from app_tess.astro.observing.precision import Band, magnitude_in
from app_tess.astro.observing.radial_velocity import mass_mearth

J = Band("J", 1235.0, 162.0, 0.3129, 16.0, 0.10)
KS = Band("Ks", 2159.0, 262.0, 0.04283, 13.0, 0.07)
"""Bands of 2MASS (Cohen et al. 2003, AJ 126, 1090); sky and extinction are those of Paranal."""
TESS = Band("TESS", 745.3, 400.0, 1.33, 20.0, 0.06)
"""The band of TESS itself, from which the colors to J and Ks are extrapolated (SVO Filter Profile Service)."""
SCALE_FACTORS = ((1.5, 0.190), (2.75, 1.26), (4.0, 1.28), (10.0, 1.15))
"""Upper limit of the radius [R_Earth] and the TSM's scale factor (Kempton et al. 2018, table 1)."""
ESM_SCALE = 4.29e6
ESM_WAVELENGTH_M = 7.5e-6
DAY_SIDE = 1.10
"""Ratio of day-side to equilibrium temperature."""


@dataclass(frozen=True)
class AtmosphereEstimate:
    """Estimated TSM and ESM of a TOI, dimensionless, and the equilibrium temperature [K] that they assume."""

    name: str
    tsm: float
    esm: float
    equilibrium_k: float


def equilibrium_k(teff_k: float, star_rsun: float, star_msun: float, period_d: float) -> float:
    """Return the equilibrium temperature [K] for zero albedo and full redistribution of heat, on a circular orbit."""
    axis_au = star_msun ** (1 / 3) * (period_d / JULIAN_YEAR_D) ** (2 / 3)
    return float(teff_k * math.sqrt(star_rsun * R_SUN / (axis_au * AU)) * 0.25**0.25)


def transmission_metric(radius_rearth: float, temperature_k: float, star_rsun: float, j_mag: float) -> float | None:
    """Return the transmission spectroscopy metric, or None from 10 R_Earth on, where it is not defined.

    TSM = s R_p^3 T_eq / (M_p R_star^2) 10^(-m_J / 5), with the mass of `mass_mearth`. Source: Kempton et al. 2018,
    PASP 130, 114401, eq. 1.
    """
    scale = next((factor for largest, factor in SCALE_FACTORS if radius_rearth < largest), None)
    mass = mass_mearth(radius_rearth)
    if scale is None or mass is None:
        return None
    return float(scale * radius_rearth**3 * temperature_k / (mass * star_rsun**2) * 10 ** (-j_mag / 5))


def emission_metric(radius_rearth: float, temperature_k: float, teff_k: float, star_rsun: float, kmag: float) -> float:
    """Return the emission spectroscopy metric.

    ESM = 4.29e6 B(7.5 um, 1.10 T_eq) / B(7.5 um, T_star) (R_p / R_star)^2 10^(-m_K / 5). Source: Kempton et al. 2018,
    eq. 4.
    """
    ratio = _planck_term(teff_k) / _planck_term(DAY_SIDE * temperature_k)
    return float(ESM_SCALE * ratio * (radius_rearth / (star_rsun * RSUN_IN_REARTH)) ** 2 * 10 ** (-kmag / 5))


def _planck_term(temperature_k: float) -> float:
    """Return exp(h c / (lambda k T)) - 1; the Planck function at ESM_WAVELENGTH_M is inversely proportional to it."""
    return math.expm1(min(PLANCK * SPEED_OF_LIGHT / (ESM_WAVELENGTH_M * BOLTZMANN * temperature_k), 700.0))


def estimate_atmosphere(
    name: str,
    radius_rearth: float | None,
    period_d: float | None,
    teff_k: float | None,
    star_rsun: float | None,
    star_msun: float | None,
    tmag: float | None,
) -> AtmosphereEstimate | None:
    """Return the estimates for a TOI, or None where a value is missing or impossible, or the radius too large.

    The magnitudes in J and Ks are estimated from Tmag with the color of a black body. Of 2,997 TOIs with values in
    ExoFOP's table of April 2025 the median TSM is 0.90 of ExoFOP's (90 %: 0.83 to 0.94), the ESM 0.87 (0.77 to 0.94).
    """
    if not radius_rearth or not period_d or not teff_k or not star_rsun or not star_msun or tmag is None:
        return None
    if min(radius_rearth, period_d, teff_k, star_rsun, star_msun) < 0:
        return None
    try:
        temperature = equilibrium_k(teff_k, star_rsun, star_msun, period_d)
        tsm = transmission_metric(radius_rearth, temperature, star_rsun, magnitude_in(J, tmag, teff_k, TESS))
        kmag = magnitude_in(KS, tmag, teff_k, TESS)
        esm = emission_metric(radius_rearth, temperature, teff_k, star_rsun, kmag)
    except (OverflowError, ZeroDivisionError):  # values that no star and no planet has
        return None
    return None if tsm is None else AtmosphereEstimate(name, tsm, esm, temperature)
