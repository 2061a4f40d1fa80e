"""Angles on the sky, and Galactic coordinates."""

import math

import numpy as np
import numpy.typing as npt

from app_tess.astro.arrays import FloatArray

GALACTIC_POLE_DEG = (192.85947789477606, 27.128252414968028)
"""Right ascension and declination of the north Galactic pole, ICRS, as in astropy's Galactic frame."""

CELESTIAL_POLE_LON_DEG = 122.93192525541662
"""Galactic longitude of the north celestial pole; Reid & Brunthaler 2004, ApJ 616, 872, Appendix."""


def galactic_to_icrs(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return right ascension and declination [deg], ICRS, of Galactic longitude and latitude [deg].

    astropy's `SkyCoord` gives the same to a microarcsecond, but takes half a second to import.
    """
    pole_ra, pole_dec = np.radians(GALACTIC_POLE_DEG)
    angle = np.radians(CELESTIAL_POLE_LON_DEG - np.asarray(lon_deg, dtype=float))
    lat = np.radians(np.asarray(lat_deg, dtype=float))
    sin_dec = np.sin(lat) * np.sin(pole_dec) + np.cos(lat) * np.cos(pole_dec) * np.cos(angle)
    y = np.cos(lat) * np.sin(angle)
    x = np.sin(lat) * np.cos(pole_dec) - np.cos(lat) * np.sin(pole_dec) * np.cos(angle)
    ra_deg: FloatArray = np.degrees(pole_ra + np.arctan2(y, x)) % 360
    dec_deg: FloatArray = np.degrees(np.arcsin(np.clip(sin_dec, -1, 1)))
    return ra_deg, dec_deg


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
