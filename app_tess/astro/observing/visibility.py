"""Transits observable from a site, with altitude, sky brightness and distance from the Moon."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing.airmass import airmass_at
from app_tess.astro.observing.conditions import (
    BASELINE_STEPS,
    CLOSE_LOOK,
    FIRST_LOOK,
    NO_DEMANDS,
    Demands,
    Events,
    Look,
    baseline_h,
    find_moon,
    longest_run,
    look_at,
)
from app_tess.astro.observing.first_guess import may_be_seen
from app_tess.astro.observing.night_sky import (
    ASTRONOMICAL_DEG,
    DAWN,
    NAUTICAL_DEG,
    evening_of,
    noon_after,
    observer_at,
    observer_utc,
)
from app_tess.astro.observing.sites import Site
from app_tess.astro.times import BTJD_OFFSET_D

LOWEST_ALTITUDE_DEG = 25.0
"""Default minimum altitude of a target; at lower altitudes the air mass exceeds 2.4."""

AT_A_TIME = 256
"""Transits examined at a time until `limit` are found, so that a short list costs little however many there are."""
SHORTEST_WATCH_MIN = 15.0
"""A partial transit that can be observed for a shorter time is not listed [min]."""


@dataclass(frozen=True)
class Target:
    """An object with transits: its name, ICRS coordinates [deg] and ephemeris."""

    name: str
    ra_deg: float
    dec_deg: float
    ephemeris: Ephemeris


@dataclass(frozen=True)
class VisibleTransit:
    """One observable transit. Times are UTC.

    Parameters
    ----------
    target : Target
    number : int
        Number of periods since the epoch of the ephemeris.
    start, middle, end : datetime
        First contact, mid-transit and last contact; `start` and `end` are None where the duration is unknown.
    error_min : float or None
        Standard deviation of mid-transit [min]; None where unknown.
    altitude_deg, sun_altitude_deg, airmass : tuple of 3 floats
        Altitudes of target and Sun [deg], and air mass (infinite below the horizon), at start, middle and end.
    baseline_h : tuple of 2 floats
        For how long it is observable directly before the start and after the end [h], up to 3 h in steps of 0.25 h.
    is_whole : bool
        True for a full transit, observable from start to end.
    watch_from, watch_until : datetime
        Observable span, to 1/24 of the duration; the longest if day or horizon interrupt it.
    sky : str
        "dark" where the Sun is below -18 deg throughout this span, otherwise "twilight".
    moon_separation_deg, moon_altitude_deg, moon_illumination : float
        Distance from the target [deg], altitude [deg] and illuminated fraction of the Moon at mid-transit.
    night : datetime.date
        Local date of the evening on which the night begins in which it is observable.
    """

    target: Target
    number: int
    start: dt.datetime | None
    middle: dt.datetime
    end: dt.datetime | None
    error_min: float | None
    altitude_deg: tuple[float, ...]
    sun_altitude_deg: tuple[float, ...]
    is_whole: bool
    watch_from: dt.datetime
    watch_until: dt.datetime
    sky: str
    moon_separation_deg: float
    moon_altitude_deg: float
    moon_illumination: float
    night: dt.date
    baseline_h: tuple[float, float]

    @property
    def airmass(self) -> tuple[float, ...]:
        """Air mass at start, middle and end."""
        return tuple(airmass_at(altitude) for altitude in self.altitude_deg)

    @property
    def watch_min(self) -> float:
        """How long the transit itself is observable [min]."""
        return (self.watch_until - self.watch_from).total_seconds() / 60


def find_visible_transits(
    site: Site,
    targets: Sequence[Target],
    start: dt.datetime,
    nights: int,
    lowest_altitude_deg: float = LOWEST_ALTITUDE_DEG,
    limit: int | None = None,
    largest_error_min: float = math.inf,
    unknown_errors: bool = True,
    earliest_first: bool = False,
    demands: Demands = NO_DEMANDS,
) -> list[VisibleTransit]:
    """Find full and partial transits observable from `start` until the noon that ends the last of `nights`.

    The first night is the current one or, after dawn (6 h local mean time), the following one. A transit is listed if
    the target is high enough and the Sun below -12 deg at its start, first quarter, middle, third quarter or end.

    Parameters
    ----------
    site : Site
    targets : sequence of Target
        In order of preference, for `limit`. Targets without a period are skipped.
    start : datetime, UTC
    nights : int
    lowest_altitude_deg : float
        Minimum altitude of the target [deg].
    limit : int, optional
        Maximum number of transits; those of the first targets are kept, or the first in time.
    largest_error_min : float
        Transits with a larger known 1-sigma timing error [min] are skipped.
    unknown_errors : bool
        Whether to list transits whose timing error is unknown. It may be large: it is no small one.
    earliest_first : bool
        Whether `limit` keeps the first transits in time.
    demands : Demands
        Further conditions.

    Returns
    -------
    list of VisibleTransit
        In order of mid-transit time.
    """
    stop = noon_after(start + DAWN, site) + dt.timedelta(days=nights - 1)
    start_btjd, stop_btjd = Time([start, stop]).tdb.jd - BTJD_OFFSET_D
    index, middle_btjd = _transits_between(targets, start_btjd, stop_btjd, largest_error_min, unknown_errors)
    possible = _possible(site, targets, index, middle_btjd, lowest_altitude_deg)
    index, middle_btjd = index[possible], middle_btjd[possible]
    if earliest_first:
        order = np.argsort(middle_btjd, kind="stable")
        index, middle_btjd = index[order], middle_btjd[order]
    found: list[VisibleTransit] = []
    for first in range(0, len(index), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        rest = None if limit is None else limit - len(found)
        found += _visible_ones(site, targets, index[some], middle_btjd[some], lowest_altitude_deg, demands)[:rest]
        if len(found) == limit:
            break
    return sorted(found, key=lambda transit: (transit.middle, transit.target.name))


def _visible_ones(
    site: Site,
    targets: Sequence[Target],
    index: IntArray,
    middle_btjd: FloatArray,
    lowest_altitude_deg: float,
    demands: Demands,
) -> list[VisibleTransit]:
    """Return the observable ones of some transits, given by the index of their target and mid-time."""
    ra, dec, half_d = _places(targets, index)
    observer, coordinates = observer_at(site), SkyCoord(ra * u.deg, dec * u.deg)
    events = Events(observer_utc(middle_btjd + BTJD_OFFSET_D, coordinates, observer.location), half_d, coordinates)
    chosen = np.flatnonzero(look_at(site, events, FIRST_LOOK, lowest_altitude_deg).seen.any(axis=1))
    if not len(chosen):
        return []
    events = events.only(chosen)
    wide = look_at(site, events, CLOSE_LOOK, lowest_altitude_deg, BASELINE_STEPS)
    look, baselines = wide.columns(slice(BASELINE_STEPS, -BASELINE_STEPS)), baseline_h(wide.seen)
    runs = [longest_run(seen) for seen in look.seen]
    watched_min = np.array([max(run.stop - run.start - 1, 0) for run in runs]) * (
        2 * MINUTES_PER_DAY / (CLOSE_LOOK - 1) * events.half_d
    )
    met = np.flatnonzero(
        ((watched_min >= SHORTEST_WATCH_MIN) | look.seen.all(axis=1))
        & (baselines >= demands.least_baseline_h).all(axis=1)
        & (look.altitude_deg.max(axis=1) <= demands.highest_altitude_deg)
    )
    if not len(met):
        return []
    moon = find_moon(observer, events.only(met))
    return [
        _visible(site, targets[which], middle, look, row, runs[row], place, baselines[row])
        for row, which, middle, place in zip(
            met.tolist(), index[chosen[met]], middle_btjd[chosen[met]], moon, strict=True
        )
        if place[0] >= demands.least_moon_deg or place[1] < 0
    ]


def _possible(
    site: Site, targets: Sequence[Target], index: IntArray, middle_btjd: FloatArray, lowest_altitude_deg: float
) -> BoolArray:
    """Return which transits are worth an exact look: most are in daylight, or below the horizon."""
    ra, dec, half_d = _places(targets, index)
    jd = middle_btjd[:, None] + BTJD_OFFSET_D + half_d[:, None] * np.linspace(-1, 1, FIRST_LOOK)
    return may_be_seen(site, ra, dec, jd, lowest_altitude_deg, NAUTICAL_DEG)


def _places(targets: Sequence[Target], index: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the targets' right ascensions, declinations and half durations [deg, deg, d]."""
    values = [
        (targets[which].ra_deg, targets[which].dec_deg, _half_duration_d(targets[which].ephemeris)) for which in index
    ]
    ra, dec, half_d = np.array(values, dtype=float).reshape(-1, 3).T
    return ra, dec, half_d


def _half_duration_d(ephemeris: Ephemeris) -> float:
    """Return half the transit duration [d]; 0 where it is unknown."""
    return ephemeris.duration_d / 2 if ephemeris.has_duration else 0.0


def _transits_between(
    targets: Sequence[Target], start_btjd: float, stop_btjd: float, largest_error_min: float, unknown_errors: bool
) -> tuple[IntArray, FloatArray]:
    """Return the index of the target and the mid-transit time [BTJD d] of all transits in a span, target by target."""
    found = [
        (which, middle)
        for which, target in enumerate(targets)
        if not target.ephemeris.is_single_transit
        for middle in target.ephemeris.transit_times(start_btjd, stop_btjd)
        if _is_precise(target.ephemeris.error_at(middle), largest_error_min, unknown_errors)
    ]
    which, middle = zip(*found, strict=True) if found else ((), ())
    return np.array(which, dtype=int), np.array(middle, dtype=float)


def _is_precise(error_d: float | None, largest_error_min: float, unknown_errors: bool) -> bool:
    return unknown_errors if error_d is None else error_d * MINUTES_PER_DAY <= largest_error_min


def _visible(
    site: Site,
    target: Target,
    middle_btjd: float,
    look: Look,
    row: int,
    run: slice,
    moon: FloatArray,
    baseline: FloatArray,
) -> VisibleTransit:
    """Return row `row` of the conditions as a VisibleTransit; `run`: when it is observable."""
    altitude, sun = look.altitude_deg[row], look.sun_deg[row]
    error_d, known = target.ephemeris.error_at(middle_btjd), target.ephemeris.has_duration
    first, middle, last = 0, CLOSE_LOOK // 2, CLOSE_LOOK - 1
    utc = [dt.datetime.fromtimestamp(second, dt.UTC) for second in look.unix_s[row]]
    return VisibleTransit(
        target=target,
        number=int(target.ephemeris.transit_number(middle_btjd)),
        middle=utc[middle],
        start=utc[first] if known else None,
        end=utc[last] if known else None,
        error_min=None if error_d is None else error_d * MINUTES_PER_DAY,
        altitude_deg=tuple(altitude[[first, middle, last]].tolist()),
        sun_altitude_deg=tuple(sun[[first, middle, last]].tolist()),
        is_whole=bool(look.seen[row].all()),
        watch_from=utc[run.start],
        watch_until=utc[run.stop - 1],
        sky="dark" if sun[run].max() <= ASTRONOMICAL_DEG else "twilight",
        moon_separation_deg=float(moon[0]),
        moon_altitude_deg=float(moon[1]),
        moon_illumination=float(moon[2]),
        night=evening_of(utc[run.start], site),
        baseline_h=(float(baseline[0]), float(baseline[1])),
    )
