"""When a transit can be watched from a place on the Earth: clock times, altitude, twilight and Moon.

Ephemerides are in BJD (TDB), the time at which light passes the solar system's barycentre; an observer's clock shows UTC
where he stands, up to 8.3 minutes (light travel) and 69 s (TDB - UTC) away from it.
Source: Eastman, Siverd & Gaudi 2010, PASP 122, 935.
"""
import datetime as dt
from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body, get_sun
from astropy.time import Time
from astropy.utils import iers

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.sites import Site
from app_tess.astro.times import BTJD_OFFSET_D

iers.conf.auto_download = False  # the installed astropy-iers-data is good to a second for years: no page waits for a download
iers.conf.auto_max_age = None
iers.conf.iers_degraded_accuracy = "ignore"

NAUTICAL_DEG, ASTRONOMICAL_DEG, HORIZON_DEG = -12.0, -18.0, -0.833
"""The Sun's altitude when photometry becomes possible, when the sky is dark, and when it rises (refraction and radius)."""
LOWEST_ALTITUDE_DEG = 25.0
"""Below this the air mass exceeds 2.4."""
DAWN = dt.timedelta(hours=6)
"""Before local noon, in mean time: who asks later in the morning means the coming night."""
SAMPLES = 5
"""Moments from first to last contact at which altitude and twilight are looked at: start, quarters, middle, end."""
PREFILTER_SLACK_DEG = 3.0
"""The quick altitude leaves precession, nutation and refraction out."""


@dataclass(frozen=True)
class Target:
    """What transits: a name, its place on the sky (ICRS) [deg], and its Ephemeris."""

    name: str
    ra_deg: float
    dec_deg: float
    ephemeris: Ephemeris


@dataclass(frozen=True)
class VisibleTransit:
    """One transit as an observer sees it. Times are UTC; start and end are None where the duration is unknown.

    `altitude_deg` and `sun_altitude_deg` are at start, middle and end; `observable` is `whole` or `part`; `sky` tells the
    brightest sky while it can be seen; `error_min` is one standard deviation of the middle [minutes], None where unknown.
    """

    target: Target
    number: int
    start: dt.datetime | None
    middle: dt.datetime
    end: dt.datetime | None
    error_min: float | None
    altitude_deg: tuple
    sun_altitude_deg: tuple
    observable: str
    sky: str
    moon_separation_deg: float
    moon_altitude_deg: float
    moon_illumination: float
    night: dt.date


def to_location(site: Site):
    return EarthLocation.from_geodetic(site.longitude_deg * u.deg, site.latitude_deg * u.deg, site.elevation_m * u.m)


def observer_utc(bjd_tdb, coordinates, location):
    """Barycentric times as an observer's clock shows them.

    Parameters
    ----------
    bjd_tdb : ndarray, shape (N,)
        BJD (TDB) [d].
    coordinates : SkyCoord, scalar or shape (N,)
    location : EarthLocation

    Returns
    -------
    Time, shape (N,), scale UTC
        Good to 0.05 s: the light-travel time is taken at the barycentric instead of the observer's instant.
    """
    bjd = Time(np.full(np.shape(bjd_tdb), BTJD_OFFSET_D), np.asarray(bjd_tdb) - BTJD_OFFSET_D, format="jd", scale="tdb", location=location)
    return (bjd - bjd.light_travel_time(coordinates, "barycentric", ephemeris="builtin")).utc


def timing_error_d(ephemeris, numbers):
    """One standard deviation of transits `numbers` [d], sqrt(epoch_err^2 + (n period_err)^2); NaN where an error is missing."""
    numbers = np.asarray(numbers, dtype=float)
    if ephemeris.epoch_err_d is None:
        return np.full(numbers.shape, np.nan)
    if ephemeris.period_err_d is None:
        return np.where(numbers == 0, ephemeris.epoch_err_d, np.nan)
    return np.hypot(ephemeris.epoch_err_d, numbers * ephemeris.period_err_d)


def noon_after(moment, site):
    """The first local mean noon after a UTC moment: there the astronomer's night ends."""
    noon = moment.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(hours=12 - site.longitude_deg / 15)
    while noon > moment:
        noon -= dt.timedelta(days=1)
    return noon + dt.timedelta(days=1)


def find_visible_transits(site, targets, start, nights, lowest_altitude_deg=LOWEST_ALTITUDE_DEG, limit=None):
    """The transits that can be watched, in whole or in part, from `start` until the noon that ends the last of `nights`.

    The first night is the one under way, or from dawn (6 h local time) on the coming one.

    Parameters
    ----------
    site : Site
    targets : sequence of Target
        Those without a period have no next transit and are passed over. In order of preference, for `limit`.
    start : datetime, UTC
    nights : int
    lowest_altitude_deg : float
        A moment counts when the target is above it and the Sun below -12 deg.
    limit : int, optional
        Look closely at the transits of the first targets only, so many of them.

    Returns
    -------
    list of VisibleTransit, by time.
    """
    stop = noon_after(start + DAWN, site) + dt.timedelta(days=nights - 1)
    index, numbers, middle_btjd = _transits_between(targets, *Time([start, stop]).tdb.jd - BTJD_OFFSET_D)
    if not len(index):
        return []
    ra, dec = np.array([(target.ra_deg, target.dec_deg) for target in targets]).T
    half_d = np.array([(target.ephemeris.duration_h or 0) / 48 for target in targets])[index]
    samples = middle_btjd[:, None] + half_d[:, None] * np.linspace(-1, 1, SAMPLES)
    likely = _quick_altitude(samples, ra[index], dec[index], site).max(axis=1) > lowest_altitude_deg - PREFILTER_SLACK_DEG
    likely &= _quick_sun_altitude(samples, site).min(axis=1) < NAUTICAL_DEG + PREFILTER_SLACK_DEG
    chosen = np.flatnonzero(likely)[:limit]
    if not len(chosen):
        return []
    index, numbers, samples = index[chosen], numbers[chosen], samples[chosen]
    return _look_closely(site, targets, index, numbers, samples, lowest_altitude_deg)


def _transits_between(targets, start_btjd, stop_btjd):
    """(which target, which transit, its middle [BTJD d]) of all transits in a span, target by target."""
    found = [(which, number, target.ephemeris.epoch_btjd + number * target.ephemeris.period_d)
             for which, target in enumerate(targets) if not target.ephemeris.is_single_transit
             for number in target.ephemeris.transit_number(target.ephemeris.transit_times(start_btjd, stop_btjd))]
    which, number, middle = zip(*found, strict=True) if found else ((), (), ())
    return np.array(which, dtype=int), np.array(number, dtype=int), np.array(middle, dtype=float)


def _look_closely(site, targets, index, numbers, samples, lowest_altitude_deg):
    """The exact altitudes of the samples (rows: transits), and of the transits that pass, the Moon."""
    location = to_location(site)
    coordinates = SkyCoord([targets[i].ra_deg for i in index] * u.deg, [targets[i].dec_deg for i in index] * u.deg)
    spread = SkyCoord(np.repeat(coordinates.ra, SAMPLES), np.repeat(coordinates.dec, SAMPLES))
    times = observer_utc(samples.ravel() + BTJD_OFFSET_D, spread, location)
    frame = AltAz(obstime=times, location=location)
    altitude = spread.transform_to(frame).alt.deg.reshape(samples.shape)
    sun = get_sun(times).transform_to(frame).alt.deg.reshape(samples.shape)
    seen = (altitude >= lowest_altitude_deg) & (sun <= NAUTICAL_DEG)
    kept = np.flatnonzero(seen.any(axis=1))
    if not len(kept):
        return []
    middles = times.reshape(samples.shape)[kept, SAMPLES // 2]
    moon_away, moon_altitude, moon_lit = _moon(middles, coordinates[kept], location)
    clock = times.reshape(samples.shape).to_datetime(timezone=dt.UTC)
    transits = []
    for place, row in enumerate(kept):
        target = targets[index[row]]
        error_d = float(timing_error_d(target.ephemeris, numbers[row]))
        known = target.ephemeris.duration_h is not None
        middle = clock[row, SAMPLES // 2]
        transits.append(VisibleTransit(
            target=target, number=int(numbers[row]), start=clock[row, 0] if known else None, middle=middle,
            end=clock[row, -1] if known else None, error_min=None if np.isnan(error_d) else error_d * 1440,
            altitude_deg=tuple(altitude[row, [0, SAMPLES // 2, -1]].tolist()),
            sun_altitude_deg=tuple(sun[row, [0, SAMPLES // 2, -1]].tolist()),
            observable="whole" if seen[row].all() else "part", sky=_sky(sun[row][seen[row]].max()),
            moon_separation_deg=float(moon_away[place]), moon_altitude_deg=float(moon_altitude[place]),
            moon_illumination=float(moon_lit[place]), night=_night(middle, site)))
    return sorted(transits, key=lambda transit: (transit.middle, transit.target.name))


def _sky(sun_altitude_deg):
    return "dark" if sun_altitude_deg <= ASTRONOMICAL_DEG else "astronomical twilight"


def _night(moment, site):
    """The date of the evening on which a night begins, in local mean time."""
    return (moment + dt.timedelta(hours=site.longitude_deg / 15 - 12)).date()


def _moon(times, coordinates, location):
    """Distance from the target [deg], altitude [deg] and illuminated fraction of the Moon."""
    moon = get_body("moon", times, location, ephemeris="builtin")
    sun = get_sun(times)
    elongation = sun.separation(moon, origin_mismatch="ignore").rad
    phase = np.arctan2(sun.distance.km * np.sin(elongation), moon.distance.km - sun.distance.km * np.cos(elongation))
    away = moon.separation(coordinates, origin_mismatch="ignore").deg
    altitude = moon.transform_to(AltAz(obstime=times, location=location)).alt.deg
    return away, altitude, (1 + np.cos(phase)) / 2


def _quick_altitude(btjd, ra_deg, dec_deg, site):
    """Altitude [deg] by mean sidereal time alone; rows of `btjd` go with the positions."""
    days = btjd + BTJD_OFFSET_D - 2451545.0
    sidereal_deg = 280.46061837 + 360.98564736629 * days + site.longitude_deg
    hour_angle = np.radians(sidereal_deg - np.reshape(ra_deg, (-1, 1)))
    latitude, dec = np.radians(site.latitude_deg), np.radians(np.reshape(dec_deg, (-1, 1)))
    sine = np.sin(latitude) * np.sin(dec) + np.cos(latitude) * np.cos(dec) * np.cos(hour_angle)
    return np.degrees(np.arcsin(np.clip(sine, -1, 1)))


def _quick_sun_altitude(btjd, site):
    """The Sun's altitude [deg], good to a tenth. Source: Astronomical Almanac, low-precision formulas for the Sun."""
    days = btjd + BTJD_OFFSET_D - 2451545.0
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    obliquity = np.radians(23.439)
    ra = np.degrees(np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude)))
    dec = np.degrees(np.arcsin(np.sin(obliquity) * np.sin(longitude)))
    shape = np.shape(btjd)
    return _quick_altitude(np.reshape(btjd, (-1, 1)), ra.ravel(), dec.ravel(), site).reshape(shape)


@dataclass(frozen=True)
class NightTracks:
    """Altitudes through one night [deg], for a plot: `times` (UTC datetimes, shape (N,)), Sun and Moon, and each target's."""

    times: np.ndarray
    sun_altitude_deg: np.ndarray
    moon_altitude_deg: np.ndarray
    altitudes_deg: list


def night_tracks(site, targets, moment, step_min=10):
    """Altitudes of targets, Sun and Moon from the noon before a moment to the noon after it, cut to when the Sun is down."""
    location, noon = to_location(site), noon_after(moment, site)
    times = Time(noon - dt.timedelta(days=1)) + np.arange(0, 1440 + step_min, step_min) * u.min
    frame = AltAz(obstime=times, location=location)
    sun = get_sun(times).transform_to(frame).alt.deg
    down = sun < HORIZON_DEG + 2 if (sun < HORIZON_DEG + 2).any() else np.ones(sun.shape, dtype=bool)
    times, frame, sun = times[down], AltAz(obstime=times[down], location=location), sun[down]
    moon = get_body("moon", times, location, ephemeris="builtin").transform_to(frame).alt.deg
    altitudes = [SkyCoord(target.ra_deg * u.deg, target.dec_deg * u.deg).transform_to(frame).alt.deg for target in targets]
    return NightTracks(times.to_datetime(timezone=dt.UTC), sun, moon, altitudes)
