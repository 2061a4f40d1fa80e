"""Quantities that the catalogue's columns imply, beyond those in `app_tess.astro.physics`. NaN stays NaN."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY, PPM, SUN_BOLOMETRIC_MAG, SUN_TEFF_K

TMAG_BOLOMETRIC_CORRECTION = 0.3
"""Bolometric minus TESS magnitude [mag] of a solar twin; a few tenths off for other stars."""

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

INFLATED_GIANTS = np.array([(0, 11.5), (1000 / 278.5, 12.0), (2500 / 278.5, 18.0)])
"""Fourth root of insolation [Earth's] and the radius [R_Earth] that hot Jupiters rarely exceed: a coarse line of our
own, which only has to give the trees a slope. The break points are those that the shipped model was trained with,
1000 K and 2500 K for 278.5 K at the Earth's insolation; a correct 278.3 K would shift its features."""


def positive(values):
    """Return the values, with NaN in place of those that are not positive and finite."""
    values = np.asarray(values, dtype=float)
    return np.where((values > 0) & np.isfinite(values), values, np.nan)


def first_known(*choices):
    """Return the first value that is not NaN, element by element."""
    known = choices[0]
    for choice in choices[1:]:
        known = np.where(np.isnan(known), choice, known)
    return known


def radius_ratio(depth_ppm):
    """Return the planet-to-star radius ratio, sqrt(depth), for a central transit without limb darkening."""
    return np.sqrt(np.clip(depth_ppm, 0, 9e5) / PPM)


def photometric_radius_rsun(tmag, distance_pc, teff_k):
    """Return the stellar radius [R_Sun] from magnitude [mag], distance [pc] and temperature [K], without extinction."""
    absolute = tmag + TMAG_BOLOMETRIC_CORRECTION - 5 * np.log10(distance_pc / 10)
    return np.sqrt(10 ** (-0.4 * (absolute - SUN_BOLOMETRIC_MAG))) * (SUN_TEFF_K / teff_k) ** 2


def main_sequence_radius_rsun(teff_k):
    """Return the radius [R_Sun] of a dwarf of this temperature [K]."""
    return np.exp(np.interp(np.log(teff_k), np.log(MAIN_SEQUENCE[:, 0]), np.log(MAIN_SEQUENCE[:, 1])))


def implied_impact_squared(period_d, duration_h, axis, ratio):
    """Return the squared impact parameter for a duration [h]; negative where the transit is too long for the star."""
    return np.clip((1 + ratio) ** 2 - (np.pi * duration_h / HOURS_PER_DAY / period_d * axis) ** 2, -5, 2)


def inflated_giant_radius_rearth(insolation_earth):
    """Return the radius [R_Earth] that giants of this insolation [Earth's] rarely exceed."""
    return np.interp(insolation_earth**0.25, INFLATED_GIANTS[:, 0], INFLATED_GIANTS[:, 1])
