"""Altitudes by short formulas, in microseconds: what they rule out needs no exact computation."""

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.observing.sites import Site

MARGIN_DEG = 4.0
"""An altitude is wrong by less [deg]: by 2.4 for barycentric times taken as UTC, by 0.4 for coordinates of J2000."""

J2000_JD = 2451545.0


def may_be_seen(
    site: Site, ra_deg: FloatArray, dec_deg: FloatArray, jd: FloatArray, lowest_deg: float, highest_sun_deg: float
) -> BoolArray:
    """Return whether each target may be high enough in the dark at any of its times.

    Parameters
    ----------
    site : Site
    ra_deg, dec_deg : ndarray, shape (N,)
        ICRS coordinates [deg].
    jd : ndarray, shape (N, M)
        Times [JD]; TDB at the barycenter will do.
    lowest_deg, highest_sun_deg : float
        Minimum altitude of the target, maximum altitude of the Sun [deg].

    Returns
    -------
    ndarray of bool, shape (N,)
        False only where the exact altitudes exclude it.
    """
    altitude = _altitude_deg(site, ra_deg[:, None], dec_deg[:, None], jd)
    sun = _altitude_deg(site, *_sun_deg(jd), jd)
    possible = (altitude >= lowest_deg - MARGIN_DEG) & (sun <= highest_sun_deg + MARGIN_DEG)
    return np.asarray(possible.any(axis=1), dtype=bool)


def sun_altitude_deg(site: Site, jd_utc: FloatArray) -> FloatArray:
    """Return the Sun's altitude [deg] without refraction, to 0.03 deg from 1950 to 2050; astropy's takes a second."""
    return _altitude_deg(site, *_sun_deg(jd_utc), jd_utc)


def _altitude_deg(site: Site, ra_deg: FloatArray, dec_deg: FloatArray, jd: FloatArray) -> FloatArray:
    """Source: Meeus 1998, Astronomical Algorithms, eqs. 12.4 and 13.6."""
    sidereal_deg = 280.46061837 + 360.98564736629 * (jd - J2000_JD) + site.longitude_deg
    hour_angle, dec, latitude = np.radians(sidereal_deg - ra_deg), np.radians(dec_deg), np.radians(site.latitude_deg)
    sine = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour_angle)
    altitude: FloatArray = np.degrees(np.arcsin(np.clip(sine, -1, 1)))
    return altitude


def _sun_deg(jd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the Sun's right ascension and declination, to 0.01 deg. Source: Astronomical Almanac, page C5."""
    days = jd - J2000_JD
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    obliquity = np.radians(23.439)
    ra = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    return np.degrees(ra), np.degrees(np.arcsin(np.sin(obliquity) * np.sin(longitude)))
