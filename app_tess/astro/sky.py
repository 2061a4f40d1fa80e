"""Angles on the sky."""

import math

import numpy as np
import numpy.typing as npt

from app_tess.astro.arrays import FloatArray


def separation_deg(
    ra_deg: npt.ArrayLike, dec_deg: npt.ArrayLike, center_ra_deg: float, center_dec_deg: float
) -> FloatArray:
    """Return the angular separation of positions from a center [deg], by the haversine formula.

    The formula is accurate at the smallest angles too.

    Parameters
    ----------
    ra_deg, dec_deg : array_like, shape (N,)
        Right ascension and declination [deg].
    center_ra_deg, center_dec_deg : float
        Right ascension and declination of the center [deg].

    Returns
    -------
    ndarray, shape (N,)
        In [0, 180]; NaN where a coordinate is NaN.
    """
    ra, dec = np.radians(np.asarray(ra_deg, dtype=float)), np.radians(np.asarray(dec_deg, dtype=float))
    ra0, dec0 = math.radians(center_ra_deg), math.radians(center_dec_deg)
    half = np.sin((dec - dec0) / 2) ** 2 + np.cos(dec) * math.cos(dec0) * np.sin((ra - ra0) / 2) ** 2
    separation: FloatArray = np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
    return separation
