"""Positions on the sky: what people type for one, and how far two are apart."""
import math
import re

import numpy as np

from app_tess.errors import BadRequest

_NUMBER = r"[+-]?\d+(?:\.\d*)?"
_DECIMAL = re.compile(rf"^\s*({_NUMBER})\s*[, ]\s*({_NUMBER})\s*$")
_SEXAGESIMAL = re.compile(
    r"^\s*(\d{1,2})\s*[:h ]\s*(\d{1,2})\s*[:m ]\s*(\d{1,2}(?:\.\d*)?)\s*s?\s*[, ]?\s*"
    r"([+-]?)\s*(\d{1,2})\s*[:d° ]\s*(\d{1,2})\s*[:m' ]\s*(\d{1,2}(?:\.\d*)?)\s*[s\"]?\s*$")


def parse_position(text):
    """Read a position: "318.737 -55.872" (degrees) or "21:14:56.88 -55:52:18.7" (hours and degrees), ICRS.

    Parameters
    ----------
    text : str

    Returns
    -------
    (ra_deg, dec_deg) or None
        None when the text is no pair of coordinates at all.

    Raises
    ------
    BadRequest
        It is a pair, but of no place on the sky.
    """
    match = _DECIMAL.match(text)
    if match:
        ra_deg, dec_deg = float(match[1]), float(match[2])
    else:
        match = _SEXAGESIMAL.match(text)
        if not match:
            return None
        hours, minutes, seconds, sign, degrees, arcminutes, arcseconds = match.groups()
        if max(float(part) for part in (minutes, seconds, arcminutes, arcseconds)) >= 60:
            raise BadRequest(f"q: '{text}' has 60 minutes or seconds, or more, in a coordinate.")
        ra_deg = 15 * (int(hours) + int(minutes) / 60 + float(seconds) / 3600)
        dec_deg = (-1 if sign == "-" else 1) * (int(degrees) + int(arcminutes) / 60 + float(arcseconds) / 3600)
    if not (0 <= ra_deg <= 360 and -90 <= dec_deg <= 90):
        raise BadRequest(f"q: '{text}' is outside the sky: right ascension runs from 0 to 360 deg (24 h), "
                         "declination from -90 to 90 deg.")
    return ra_deg, dec_deg


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
