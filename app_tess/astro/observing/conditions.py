"""Altitudes of targets and Sun before, during and after transits, and where the Moon is."""

from dataclasses import dataclass
from typing import Self

import astropy.units as u
import numpy as np
from astroplan import Observer
from astropy.coordinates import SkyCoord
from astropy.time import Time

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.observing.first_guess import sun_altitude_deg
from app_tess.astro.observing.night_sky import NAUTICAL_DEG, observer_at
from app_tess.astro.observing.sites import Site

FIRST_LOOK, CLOSE_LOOK = 5, 25
"""Times per transit, from first to last contact: 5 to select the observable transits, 25 for their observable span."""
BASELINE_STEP_H, BASELINE_STEPS = 0.25, 12
"""Beyond both contacts, conditions are computed in steps of 15 min, up to 3 h."""
MOST_BASELINE_H = BASELINE_STEP_H * BASELINE_STEPS


@dataclass(frozen=True)
class Demands:
    """Further conditions for listing a transit.

    Parameters
    ----------
    least_baseline_h : float
        Minimum time for which the target is observable both before the start and after the end [h], up to 3 h.
    least_moon_deg : float
        Minimum distance from the Moon at mid-transit [deg], where the Moon is above the horizon.
    highest_altitude_deg : float
        Maximum altitude of the target during the transit [deg]: some mounts cannot point near the zenith.
    """

    least_baseline_h: float = 0.0
    least_moon_deg: float = 0.0
    highest_altitude_deg: float = 90.0


NO_DEMANDS = Demands()


@dataclass(frozen=True)
class Events:
    """Transits, shape (N,): mid-transit times (UTC at the observatory), half durations [d] and coordinates."""

    middle: Time
    half_d: FloatArray
    coordinates: SkyCoord

    def only(self, rows: IntArray) -> Self:
        """Return the transits with these indices."""
        return type(self)(self.middle[rows], self.half_d[rows], self.coordinates[rows])

    def moments(self, count: int, beyond: int = 0) -> Time:
        """Return UTC from first to last contact, and in `beyond` steps before and after, shape (N, count + 2 beyond).

        The change of the light-travel time during a transit, at most 1e-4 of its duration, is neglected.
        """
        steps_d = np.arange(1, beyond + 1) * BASELINE_STEP_H / HOURS_PER_DAY
        half_d = self.half_d[:, None]
        offsets_d = [-half_d - steps_d[::-1], half_d * np.linspace(-1, 1, count), half_d + steps_d]
        return self.middle[:, None] + np.concatenate(offsets_d, axis=1) * u.day


@dataclass(frozen=True)
class Look:
    """Conditions during transits, shape (N, count): Unix time [s], altitudes of target and Sun [deg], observability."""

    unix_s: FloatArray
    altitude_deg: FloatArray
    sun_deg: FloatArray
    seen: BoolArray

    def columns(self, some: slice) -> Self:
        """Return the conditions at some of the times."""
        return type(self)(self.unix_s[:, some], self.altitude_deg[:, some], self.sun_deg[:, some], self.seen[:, some])


def look_at(site: Site, events: Events, count: int, lowest_altitude_deg: float, beyond: int = 0) -> Look:
    """Compute the conditions at `count` times from first to last contact, and in `beyond` steps before and after."""
    times = events.moments(count, beyond)
    each = times.shape[1]
    spread = SkyCoord(np.repeat(events.coordinates.ra, each), np.repeat(events.coordinates.dec, each))
    altitude = observer_at(site).altaz(times.ravel(), spread).alt.deg.reshape(times.shape)
    sun = sun_altitude_deg(site, times.jd)
    return Look(times.unix, altitude, sun, (altitude >= lowest_altitude_deg) & (sun <= NAUTICAL_DEG))


def find_moon(observer: Observer, events: Events) -> FloatArray:
    """Return the Moon's distance from the target [deg], altitude [deg] and illuminated fraction, shape (N, 3)."""
    moon = observer.moon_altaz(events.middle)
    away = observer.altaz(events.middle, events.coordinates).separation(moon).deg
    return np.column_stack([away, moon.alt.deg, observer.moon_illumination(events.middle)])


def baseline_h(seen: BoolArray) -> FloatArray:
    """Return for how long each target is observable directly before and after its transit [h], shape (N, 2).

    Parameters
    ----------
    seen : ndarray of bool, shape (N, CLOSE_LOOK + 2 BASELINE_STEPS)
        As in the Look of `look_at(..., CLOSE_LOOK, ..., beyond=BASELINE_STEPS)`.
    """
    before, after = seen[:, BASELINE_STEPS::-1], seen[:, -BASELINE_STEPS - 1 :]  # from the contact outward
    steps = np.column_stack([np.logical_and.accumulate(side, axis=1).sum(axis=1) for side in (before, after)])
    hours: FloatArray = np.maximum(steps - 1, 0) * BASELINE_STEP_H
    return hours


def longest_run(seen: BoolArray) -> slice:
    """Return the longest uninterrupted run of True in a row, the first of equals; an empty slice where all is False."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], seen.astype(np.int8), [0]])))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return slice(0, 0)
    longest = int(np.argmax(stops - starts))
    return slice(int(starts[longest]), int(stops[longest]))
