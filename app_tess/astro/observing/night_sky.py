"""Altitudes, twilight and the Moon at an observing site, computed with astroplan.

Ephemerides are in BJD (TDB), the arrival time at the solar system's barycenter. UTC at the observatory differs from it
by up to 8.3 minutes of light-travel time and by 69 s (TDB - UTC). astroplan's transit times include neither (its
EclipsingSystem warns about this), so `observer_utc` applies both.

References
----------
Eastman, Siverd & Gaudi 2010, PASP 122, 935.
"""

import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import astropy.units as u
import numpy as np
import numpy.typing as npt
from astroplan import Observer, TargetAlwaysUpWarning, TargetNeverUpWarning
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time
from astropy.utils import iers

from app_tess.astro.arrays import FloatArray
from app_tess.astro.observing.sites import Site
from app_tess.astro.times import BTJD_OFFSET_D


def without_earth_orientation() -> iers.IERS:
    """Return a table, for any date, in which UT1 is UTC and the pole does not move.

    UT1 - UTC stays below 0.9 s, or 14 arcsec of altitude (3.3 arcsec from 2018 to 2027); refraction, also left out, is
    60 arcsec at 45 deg. astropy's table of measured values takes half a second to read and 100 MB in every process,
    asks for newer values over the network, and ends within a year.
    """
    zeros = np.zeros(2)
    columns = {"MJD": [-1e7, 1e7] * u.d, "UT1_UTC": zeros * u.s}
    columns |= dict.fromkeys(("PM_x", "PM_y", "dX_2000A", "dY_2000A"), zeros * u.arcsec)
    return iers.IERS(columns)


iers.earth_orientation_table.set(without_earth_orientation())
erfa_astrom.set(ErfaAstromInterpolator(900 * u.s))  # five times faster for 6,000 altitudes, accurate to 1e-10 deg

NAUTICAL_DEG, ASTRONOMICAL_DEG, HORIZON_DEG = -12.0, -18.0, -0.833
"""Altitude of the Sun at which photometry becomes possible, at which the sky is dark, and at sunrise and sunset (with
refraction and the Sun's radius)."""

DAWN = dt.timedelta(hours=6)
"""Time before local mean noon from which a request refers to the following night."""

HALF_DAY = dt.timedelta(hours=12)


class SkyPosition(Protocol):
    """An object with ICRS coordinates [deg]."""

    @property
    def ra_deg(self) -> float: ...

    @property
    def dec_deg(self) -> float: ...


def observer_at(site: Site) -> Observer:
    """Return astroplan's Observer at a site, without an atmosphere: altitudes do not include refraction."""
    return Observer(
        name=site.name,
        location=EarthLocation.from_geodetic(
            site.longitude_deg * u.deg, site.latitude_deg * u.deg, site.elevation_m * u.m
        ),
    )


def observer_utc(bjd_tdb: FloatArray, coordinates: SkyCoord, location: EarthLocation) -> Time:
    """Convert barycentric times to UTC at the observatory.

    Parameters
    ----------
    bjd_tdb : ndarray, shape (N,)
        BJD (TDB) [d].
    coordinates : SkyCoord, scalar or shape (N,)
    location : EarthLocation

    Returns
    -------
    Time, shape (N,), scale UTC
        Accurate to 0.05 s: the light-travel time is evaluated at the barycentric time, not at the observer's.
    """
    bjd = Time(
        np.full(np.shape(bjd_tdb), BTJD_OFFSET_D),
        np.asarray(bjd_tdb) - BTJD_OFFSET_D,
        format="jd",
        scale="tdb",
        location=location,
    )
    utc = (bjd - bjd.light_travel_time(coordinates, "barycentric", ephemeris="builtin")).utc
    return Time(utc.jd1, utc.jd2, format="jd", scale="utc")  # without the location: astroplan sets its own


def noon_after(moment: dt.datetime, site: Site) -> dt.datetime:
    """Return the first local mean noon after a UTC time, at which the observing night ends."""
    noon = moment.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(hours=12 - site.longitude_deg / 15)
    while noon > moment:
        noon -= dt.timedelta(days=1)
    return noon + dt.timedelta(days=1)


def evening_of(moment: dt.datetime, site: Site) -> dt.date:
    """Return the date, in local mean time, of the evening on which the night of a UTC time begins."""
    return (moment + dt.timedelta(hours=site.longitude_deg / 15 - 12)).date()


def is_ever_dark(site: Site, start: dt.datetime, nights: int) -> bool:
    """Return True where the Sun is below -12 deg at any local midnight of these nights; in polar summer it is not."""
    midnights = Time(noon_after(start + DAWN, site) - HALF_DAY) + np.arange(nights) * u.day
    return bool((observer_at(site).sun_altaz(midnights).alt.deg <= NAUTICAL_DEG).any())


@dataclass(frozen=True)
class Twilight:
    """Twilight times of a night, UTC; None where the Sun does not cross the altitude.

    The Sun is at -12 deg at `dusk` and `dawn`, and at -18 deg at `dark_from` and `dark_until`.
    """

    dusk: dt.datetime | None
    dark_from: dt.datetime | None
    dark_until: dt.datetime | None
    dawn: dt.datetime | None


def find_twilight(site: Site, moment: dt.datetime) -> Twilight:
    """Return the twilight times of the night that ends at the local noon after a UTC time."""
    return _twilight_before(site, noon_after(moment, site))


@lru_cache(maxsize=100)
def _twilight_before(site: Site, noon: dt.datetime) -> Twilight:
    """Return the twilight times of the night that ends at a noon: they take 0.1 s, and do not change."""
    observer = observer_at(site)
    began, ends = Time(noon - 2 * HALF_DAY), Time(noon)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (TargetAlwaysUpWarning, TargetNeverUpWarning))  # None reports it
        return Twilight(
            *(
                _moment(find(when, which=which))
                for find, when, which in (
                    (observer.twilight_evening_nautical, began, "next"),
                    (observer.twilight_evening_astronomical, began, "next"),
                    (observer.twilight_morning_astronomical, ends, "previous"),
                    (observer.twilight_morning_nautical, ends, "previous"),
                )
            )
        )


def _moment(time: Time) -> dt.datetime | None:
    """Return a time as a datetime; None where astroplan masks it."""
    if np.any(time.mask):
        return None
    moment: dt.datetime = time.to_datetime(timezone=dt.UTC)
    return moment


@dataclass(frozen=True)
class NightTracks:
    """Altitudes during one night, for a plot.

    Parameters
    ----------
    times : ndarray of datetime, shape (N,)
        UTC.
    sun_altitude_deg, moon_altitude_deg : ndarray, shape (N,)
        Altitudes of the Sun and the Moon [deg].
    altitudes_deg : list of ndarray, shape (N,)
        Altitude of each target [deg].
    """

    times: npt.NDArray[np.object_]
    sun_altitude_deg: FloatArray
    moon_altitude_deg: FloatArray
    altitudes_deg: list[FloatArray]


def night_tracks(site: Site, targets: Sequence[SkyPosition], moment: dt.datetime, step_min: float = 10) -> NightTracks:
    """Compute the altitudes of targets, Sun and Moon during the night that ends at the local noon after a UTC time.

    Times at which the Sun is more than 2 deg above the horizon are left out, unless it is there all day.
    """
    observer, noon = observer_at(site), noon_after(moment, site)
    times = Time(noon - 2 * HALF_DAY) + np.arange(0, 1440 + step_min, step_min) * u.min
    sun = observer.sun_altaz(times).alt.deg
    down = sun < HORIZON_DEG + 2
    if down.any():
        times, sun = times[down], sun[down]
    altitudes = [
        observer.altaz(times, SkyCoord(target.ra_deg * u.deg, target.dec_deg * u.deg)).alt.deg for target in targets
    ]
    return NightTracks(times.to_datetime(timezone=dt.UTC), sun, observer.moon_altaz(times).alt.deg, altitudes)
