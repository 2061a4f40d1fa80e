"""Estimates of a planet's mass and of the radial-velocity semi-amplitude of its star, before either is measured."""

from dataclasses import dataclass

from app_tess.astro.constants import JULIAN_YEAR_D, MEARTH_IN_MJUP, MEARTH_IN_MSUN

LARGEST_REARTH = 14.26
"""From this radius on planets, brown dwarfs and the smallest stars are of the same size [R_Earth]."""


@dataclass(frozen=True)
class VelocityEstimate:
    """Estimated mass [M_Earth] and semi-amplitude [m/s] of a TOI."""

    name: str
    radius_rearth: float
    mass_mearth: float
    semi_amplitude_ms: float


def mass_mearth(radius_rearth: float) -> float | None:
    """Return the most probable mass [M_Earth] for a radius [R_Earth], or None from 14.26 R_Earth on.

    Source: Chen & Kipping 2017, ApJ 834, 17, in the form of Kempton et al. 2018, PASP 130, 114401, eq. 2, with which
    ExoFOP predicts masses too. Single planets deviate by a factor of two.
    """
    if not 0 < radius_rearth < LARGEST_REARTH:
        return None
    return float(0.9718 * radius_rearth**3.58 if radius_rearth < 1.23 else 1.436 * radius_rearth**1.70)


def semi_amplitude_ms(planet_mearth: float, star_msun: float, period_d: float) -> float:
    """Return the semi-amplitude [m/s] of a circular orbit seen edge-on.

    K = 28.4329 m/s (m / M_Jup) ((M + m) / M_Sun)^(-2/3) (P / yr)^(-1/3). Source: Lovis & Fischer 2010, eq. 14.
    """
    total_msun = star_msun + planet_mearth * MEARTH_IN_MSUN
    jupiters, years = planet_mearth * MEARTH_IN_MJUP, period_d / JULIAN_YEAR_D
    return float(28.4329 * jupiters * total_msun ** (-2 / 3) * years ** (-1 / 3))


def estimate_velocity(
    name: str, radius_rearth: float | None, star_msun: float | None, period_d: float | None
) -> VelocityEstimate | None:
    """Return the estimates for a TOI, or None where radius, stellar mass or period do not allow any."""
    if not radius_rearth or not star_msun or not period_d or min(star_msun, period_d) < 0:
        return None
    mass = mass_mearth(radius_rearth)
    if mass is None:
        return None
    return VelocityEstimate(name, radius_rearth, mass, semi_amplitude_ms(mass, star_msun, period_d))
