"""Which transits can be watched from a place on the Earth, how high, in how dark a sky, and how near the Moon."""

import datetime as dt
import math
from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time

from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing.night_sky import (
    ASTRONOMICAL_DEG,
    DAWN,
    NAUTICAL_DEG,
    evening_of,
    noon_after,
    observer_at,
    observer_utc,
)
from app_tess.astro.times import BTJD_OFFSET_D

LOWEST_ALTITUDE_DEG = 25.0
"""Below this the air mass exceeds 2.4."""
FIRST_LOOK, CLOSE_LOOK = 5, 25
"""Moments from first to last contact: five decide whether a transit is listed, 25 from when to when it can be watched."""


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

    `altitude_deg` and `sun_altitude_deg` are at start, middle and end; `is_whole`: it can be watched from start to end, else
    from `watch_from` to `watch_until`, to a 24th of its duration; `sky` is the brightest sky in that time; `error_min` is
    one standard deviation of the middle [minutes], None where unknown. The Moon is that of the middle.
    """

    target: Target
    number: int
    start: dt.datetime | None
    middle: dt.datetime
    end: dt.datetime | None
    error_min: float | None
    altitude_deg: tuple
    sun_altitude_deg: tuple
    is_whole: bool
    watch_from: dt.datetime
    watch_until: dt.datetime
    sky: str
    moon_separation_deg: float
    moon_altitude_deg: float
    moon_illumination: float
    night: dt.date


def find_visible_transits(
    site, targets, start, nights, lowest_altitude_deg=LOWEST_ALTITUDE_DEG, limit=None, largest_error_min=math.inf
):
    """The transits that can be watched, in whole or in part, from `start` until the noon that ends the last of `nights`.

    The first night is the one under way, or from dawn (6 h local time) on the coming one. A transit is listed when at its
    start, first quarter, middle, third quarter or end the target is high enough and the Sun below -12 deg.

    Parameters
    ----------
    site : Site
    targets : sequence of Target
        Those without a period have no next transit and are passed over. In order of preference, for `limit`.
    start : datetime, UTC
    nights : int
    lowest_altitude_deg : float
    limit : int, optional
        Only so many: those of the first targets.
    largest_error_min : float
        Pass over transits whose 1-sigma error is known and larger.

    Returns
    -------
    list of VisibleTransit, by time.
    """
    stop = noon_after(start + DAWN, site) + dt.timedelta(days=nights - 1)
    index, middle_btjd = _transits_between(targets, *Time([start, stop]).tdb.jd - BTJD_OFFSET_D, largest_error_min)
    if not len(index):
        return []
    ra, dec, half_d = np.array(
        [(target.ra_deg, target.dec_deg, _half_duration_d(target.ephemeris)) for target in targets]
    )[index].T
    observer, coordinates = observer_at(site), SkyCoord(ra * u.deg, dec * u.deg)
    events = _Events(observer_utc(middle_btjd + BTJD_OFFSET_D, coordinates, observer.location), half_d, coordinates)
    first = _look(observer, events, FIRST_LOOK, lowest_altitude_deg)
    chosen = np.flatnonzero(first.seen.any(axis=1))[:limit]
    if not len(chosen):
        return []
    events = events.only(chosen)
    look, moon = _look(observer, events, CLOSE_LOOK, lowest_altitude_deg), _moon(observer, events)
    transits = [
        _visible(site, targets[which], middle, look, row, moon[row])
        for row, (which, middle) in enumerate(zip(index[chosen], middle_btjd[chosen], strict=True))
    ]
    return sorted(transits, key=lambda transit: (transit.middle, transit.target.name))


def _half_duration_d(ephemeris):
    return ephemeris.duration_d / 2 if ephemeris.has_duration else 0.0


def _transits_between(targets, start_btjd, stop_btjd, largest_error_min):
    """(which target, middle [BTJD d]) of all transits in a span, target by target."""
    found = [
        (which, middle)
        for which, target in enumerate(targets)
        if not target.ephemeris.is_single_transit
        for middle in target.ephemeris.transit_times(start_btjd, stop_btjd)
        if (target.ephemeris.error_at(middle) or 0) * MINUTES_PER_DAY <= largest_error_min
    ]
    which, middle = zip(*found, strict=True) if found else ((), ())
    return np.array(which, dtype=int), np.array(middle, dtype=float)


@dataclass(frozen=True)
class _Events:
    """Transits, shape (N,): their middles as an observer's clock shows them, half their durations [d], their places."""

    middle: Time
    half_d: np.ndarray
    coordinates: SkyCoord

    def only(self, rows):
        return _Events(self.middle[rows], self.half_d[rows], self.coordinates[rows])

    def moments(self, count):
        """UTC from first to last contact, shape (N, count); the light-travel time changes by at most 1e-4 of that time."""
        return self.middle[:, None] + self.half_d[:, None] * np.linspace(-1, 1, count) * u.day


@dataclass(frozen=True)
class _Look:
    """Moments of transits, shape (N, count): UTC, altitude, the Sun's (NaN where the target is low anyway), can one watch?"""

    times: Time
    altitude_deg: np.ndarray
    sun_deg: np.ndarray
    seen: np.ndarray


def _look(observer, events, count, lowest_altitude_deg):
    times = events.moments(count)
    spread = SkyCoord(np.repeat(events.coordinates.ra, count), np.repeat(events.coordinates.dec, count))
    altitude = observer.altaz(times.ravel(), spread).alt.deg.reshape(times.shape)
    sun = np.full(times.shape, np.nan)
    high = (altitude >= lowest_altitude_deg).any(axis=1)
    if high.any():
        sun[high] = observer.sun_altaz(times[high].ravel()).alt.deg.reshape(-1, count)
    return _Look(times, altitude, sun, (altitude >= lowest_altitude_deg) & (sun <= NAUTICAL_DEG))


def _moon(observer, events):
    """Rows of the Moon's distance from the target [deg], altitude [deg] and illuminated fraction, at mid-transit."""
    moon = observer.moon_altaz(events.middle)
    away = observer.altaz(events.middle, events.coordinates).separation(moon).deg
    return np.column_stack([away, moon.alt.deg, observer.moon_illumination(events.middle)])


def _visible(site, target, middle_btjd, look, row, moon):
    altitude, sun, seen = look.altitude_deg[row], look.sun_deg[row], look.seen[row]
    clock = look.times[row].to_datetime(timezone=dt.UTC)
    error_d, known = target.ephemeris.error_at(middle_btjd), target.ephemeris.has_duration
    first, middle, last = 0, CLOSE_LOOK // 2, CLOSE_LOOK - 1
    watched = np.flatnonzero(seen)
    return VisibleTransit(
        target=target,
        number=int(target.ephemeris.transit_number(middle_btjd)),
        middle=clock[middle],
        start=clock[first] if known else None,
        end=clock[last] if known else None,
        error_min=None if error_d is None else error_d * MINUTES_PER_DAY,
        altitude_deg=tuple(altitude[[first, middle, last]].tolist()),
        sun_altitude_deg=tuple(sun[[first, middle, last]].tolist()),
        is_whole=bool(seen.all()),
        watch_from=clock[watched[0]],
        watch_until=clock[watched[-1]],
        sky="dark" if sun[seen].max() <= ASTRONOMICAL_DEG else "twilight",
        moon_separation_deg=float(moon[0]),
        moon_altitude_deg=float(moon[1]),
        moon_illumination=float(moon[2]),
        night=evening_of(clock[middle], site),
    )
