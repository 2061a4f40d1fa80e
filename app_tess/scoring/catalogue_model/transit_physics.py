"""What the catalogue's numbers imply of a transit and its star. Arrays in, arrays out; NaN stays NaN.

Source of the geometry: Winn 2010, "Transits and Occultations" (arXiv:1001.2010), for a circular orbit.
"""

import numpy as np

RADII_OF_EARTH_IN_SUN = 109.076
"""R_Sun / R_Earth (IAU 2015 nominal radii)."""

SCALED_AXIS_OF_SUN_IN_A_DAY = 4.2083
"""a/R* of a one-day orbit around a star of the Sun's mean density: (G rho_sun P^2 / 3 pi)^(1/3)."""

SUN_LOGG, SUN_TEFF_K, SUN_BOLOMETRIC_MAG = 4.438, 5772.0, 4.74

TMAG_BOLOMETRIC_CORRECTION = 0.3
"""Bolometric minus TESS magnitude [mag] of a solar twin; a few tenths off for other stars."""

EARTH_EQUILIBRIUM_K = 278.5
"""Zero-albedo equilibrium temperature at the insolation of the Earth [K]."""

MAIN_SEQUENCE = np.array(
    [
        (2500, 0.11),
        (2810, 0.137),
        (3060, 0.196),
        (3210, 0.274),
        (3560, 0.446),
        (3850, 0.588),
        (4440, 0.701),
        (5270, 0.813),
        (5660, 0.977),
        (5930, 1.10),
        (6550, 1.473),
        (7220, 1.728),
        (8080, 1.785),
        (9700, 2.193),
        (12000, 2.7),
        (31000, 7.5),
    ]
)
"""Effective temperature [K] and radius [R_Sun] of dwarfs, rounded, after Pecaut & Mamajek 2013
(ApJS 208, 9). Written down from memory and not checked against their table line by line."""

INFLATED_GIANTS = np.array([(0, 11.5), (1000, 12.0), (2500, 18.0)])
"""Equilibrium temperature [K] and the radius [R_Earth] that hot Jupiters of it rarely pass: a coarse line
of our own, drawn from no table; it only has to give the trees a slope."""


def positive(values):
    """The values, with NaN in place of what is not positive or not finite."""
    values = np.asarray(values, dtype=float)
    return np.where((values > 0) & np.isfinite(values), values, np.nan)


def first_known(*choices):
    """Element by element the first value that is not NaN."""
    known = choices[0]
    for choice in choices[1:]:
        known = np.where(np.isnan(known), choice, known)
    return known


def radius_ratio(depth_ppm):
    """Planet over star radius, sqrt(depth), for a central transit without limb darkening."""
    return np.sqrt(np.clip(depth_ppm, 0, 9e5) / 1e6)


def photometric_radius_rsun(tmag, distance_pc, teff_k):
    """Stellar radius [R_Sun] from apparent magnitude [mag], distance [pc] and temperature [K]; no extinction."""
    absolute = tmag + TMAG_BOLOMETRIC_CORRECTION - 5 * np.log10(distance_pc / 10)
    return np.sqrt(10 ** (-0.4 * (absolute - SUN_BOLOMETRIC_MAG))) * (SUN_TEFF_K / teff_k) ** 2


def main_sequence_radius_rsun(teff_k):
    """Radius [R_Sun] of a dwarf of this temperature [K]."""
    return np.exp(np.interp(np.log(teff_k), np.log(MAIN_SEQUENCE[:, 0]), np.log(MAIN_SEQUENCE[:, 1])))


def scaled_axis(density_solar, period_d):
    """a/R* from the star's mean density [solar] and the period [d]."""
    return SCALED_AXIS_OF_SUN_IN_A_DAY * (density_solar * period_d**2) ** (1 / 3)


def expected_duration_h(period_d, axis, ratio):
    """Duration [h] of a central transit: P/pi asin((1+k) R*/a)."""
    return 24 * period_d / np.pi * np.arcsin(np.clip((1 + ratio) / axis, 0, 1))


def implied_density_solar(period_d, duration_h, ratio):
    """Mean density [solar] of the star that a central transit of this duration [h] would have."""
    half_angle = np.clip(np.pi * duration_h / 24 / period_d, 0, np.pi / 2)
    return ((1 + ratio) / np.sin(half_angle) / SCALED_AXIS_OF_SUN_IN_A_DAY) ** 3 / period_d**2


def implied_impact_squared(period_d, duration_h, axis, ratio):
    """Squared impact parameter that explains the duration [h]; negative where it lasts too long for the star."""
    return np.clip((1 + ratio) ** 2 - (np.pi * duration_h / 24 / period_d * axis) ** 2, -5, 2)


def inflated_giant_radius_rearth(equilibrium_temperature_k):
    """Radius [R_Earth] that giants of this equilibrium temperature [K] rarely pass."""
    return np.interp(equilibrium_temperature_k, INFLATED_GIANTS[:, 0], INFLATED_GIANTS[:, 1])
