"""Angles on the sky."""

import math

import numpy as np


def separation_deg(ra_deg, dec_deg, centre_ra_deg, centre_dec_deg):
    """Angle between positions and a centre [deg]; the haversine, exact for the smallest angles too.

    Parameters
    ----------
    ra_deg, dec_deg : ndarray, shape (N,)
    centre_ra_deg, centre_dec_deg : float

    Returns
    -------
    ndarray, shape (N,)
        In [0, 180]; NaN where a coordinate is NaN.
    """
    ra, dec = np.radians(np.asarray(ra_deg, dtype=float)), np.radians(np.asarray(dec_deg, dtype=float))
    ra0, dec0 = math.radians(centre_ra_deg), math.radians(centre_dec_deg)
    half = np.sin((dec - dec0) / 2) ** 2 + np.cos(dec) * math.cos(dec0) * np.sin((ra - ra0) / 2) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
