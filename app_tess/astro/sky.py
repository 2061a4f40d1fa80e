"""Positions on the sky: what people type for one, and how far two are apart."""

import math
import re

import numpy as np

from app_tess.errors import InvalidInput

_NUMBER = r"[+-]?\d+(?:\.\d*)?"
_PART = r"(\d{1,2}(?:\.\d*)?)"
_DECIMAL = re.compile(rf"^({_NUMBER})\s*[d°]?\s*[, ]\s*({_NUMBER})\s*[d°]?$")
_SEXAGESIMAL = re.compile(
    rf"^(\d{{1,2}})\s*[:h ]\s*(\d{{1,2}})\s*[:m' ]\s*{_PART}\s*[s\"]?\s*[, ]?\s*"
    rf"([+-]?)\s*(\d{{1,2}})\s*[:d° ]\s*(\d{{1,2}})\s*[:m' ]\s*{_PART}\s*[s\"]?$"
)
_WITHOUT_SECONDS = re.compile(
    rf"^(\d{{1,2}})\s*[:h ]\s*{_PART}\s*m?()\s*[, ]?\s*([+-])\s*(\d{{1,2}})\s*[:d° ]\s*{_PART}\s*[m']?()$"
)
_PRINTED = str.maketrans("−–′’″”", "--''\"\"")
"""What papers print for a minus, minutes and seconds."""
_NAMES_OF_AXES = re.compile(r"\b(?:ra|dec|j2000|icrs)\b\s*[:=]?", re.IGNORECASE)
_A_DEGREE = {
    ("d", "deg", "degree", "degrees", "°"): 1,
    ("'", "m", "am", "arcmin", "arcmins", "arcminute", "arcminutes"): 60,
    ('"', "s", "as", "arcsec", "arcsecs", "arcsecond", "arcseconds"): 3600,
}
"""How many of a unit make a degree."""
_RADIUS = re.compile(
    rf"^\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)\s*({'|'.join(re.escape(unit) for units in _A_DEGREE for unit in units)})?\s*$",
    re.IGNORECASE,
)


def parse_position(text):
    """Read a position: "318.737 -55.872" (degrees) or "21:14:56.88 -55:52:18.7" or "21h14m -55d52m" (hours and degrees), ICRS.

    Parameters
    ----------
    text : str

    Returns
    -------
    (ra_deg, dec_deg) or None
        None when the text is no pair of coordinates at all.

    Raises
    ------
    InvalidInput
        It is a pair, but of no place on the sky.
    """
    plain = _NAMES_OF_AXES.sub(" ", text.translate(_PRINTED)).strip()
    match = _DECIMAL.match(plain)
    if match:
        ra_deg, dec_deg = float(match[1]), float(match[2])
    else:
        match = _SEXAGESIMAL.match(plain) or _WITHOUT_SECONDS.match(plain)
        if not match:
            return None
        hours, minutes, seconds, sign, degrees, arcminutes, arcseconds = (
            part if part in ("+", "-") else float(part or 0) for part in match.groups()
        )
        if max(minutes, seconds, arcminutes, arcseconds) >= 60:
            raise InvalidInput(f"q: '{text}' has 60 minutes or seconds, or more, in a coordinate.")
        ra_deg = 15 * (hours + minutes / 60 + seconds / 3600)
        dec_deg = (-1 if sign == "-" else 1) * (degrees + arcminutes / 60 + arcseconds / 3600)
    if not (0 <= ra_deg <= 360 and -90 <= dec_deg <= 90):
        raise InvalidInput(
            f"q: '{text}' is outside the sky: right ascension runs from 0 to 360 deg (24 h), "
            "declination from -90 to 90 deg."
        )
    return ra_deg, dec_deg


def parse_radius_deg(text):
    """Read a radius: "10" or "10 arcmin" or "10'", "30 arcsec" or "30\"", "0.5 deg" or "0.5d"; a bare number is arcminutes.

    Returns
    -------
    float
        In [0, 180] deg.

    Raises
    ------
    InvalidInput
        It is no radius, or of no circle on the sky.
    """
    match = _RADIUS.match(text.translate(_PRINTED))
    if not match:
        raise InvalidInput(
            f"radius: '{text}' is not a radius: write a number of arcminutes, or 30 arcsec, 5 arcmin, 0.5 deg."
        )
    radius_deg = float(match[1]) / next(
        count for units, count in _A_DEGREE.items() if (match[2] or "'").lower() in units
    )
    if not 0 <= radius_deg <= 180:
        raise InvalidInput(f"radius: {text} is outside 0 to 180 deg.")
    return radius_deg


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
