"""Which transits support a signal: those inside continuous data, and not the work of one event."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.search.weighted_dips import WeightedDips
from app_tess.astro.stitching import split_at_gaps

EDGE_GAP_D, EDGE_D = 0.3, 0.3
"""Shortest gap [d] that has edges, and how far from one a mid-time does not count: the detector settles for hours."""

LONGER_THAN_DUMP_D = 0.25
"""Duration [d] from which a periodic dip is not the work of a momentum dump in it: pointing settles within hours."""

LEAST_OBSERVED = 0.5
"""Weight in a transit, over the typical one, from which it counts as observed."""

LEAST_OTHERS = 3.0
"""Least significance of the others without the strongest transit."""

LEAST_INDEPENDENT = 0.75
"""Share of the threshold that the transits inside continuous data must reach alone."""

LEAST_ALIKE, UNLIKE_SIGMA = 0.4, 5.0
"""Mean depth of the others over that of the strongest transit, and the significance of the difference, from which these
are dips of different objects."""

BESIDE_DURATIONS, LEAST_BESIDE = 1.0, 0.4
"""Stretch before and after a dip that has to be observed [durations], and how much of it."""


@dataclass(frozen=True, eq=False)
class Events:
    """The transits of an ephemeris that have cadences; arrays of shape (N,), ascending.

    Attributes
    ----------
    time_btjd : ndarray
        Predicted mid-times [BTJD d].
    depth, sigma : ndarray
        Relative depth, and depth over error.
    is_observed : ndarray of bool
    is_independent : ndarray of bool
        Neither at the edge of a gap nor in a momentum dump.
    """

    time_btjd: FloatArray
    depth: FloatArray
    sigma: FloatArray
    is_observed: BoolArray
    is_independent: BoolArray

    @property
    def counted(self) -> BoolArray:
        """Which ones support the signal."""
        return self.is_observed & self.is_independent


def find_events(dips: WeightedDips, ephemeris: Ephemeris, dumps_btjd: FloatArray, red_noise: float = 1.0) -> Events:
    """Measure each transit of an ephemeris."""
    disturbing = dumps_btjd if ephemeris.duration_d < LONGER_THAN_DUMP_D else dumps_btjd[:0]
    number = ephemeris.transit_number(dips.time_btjd)
    inside = ephemeris.in_transit(dips.time_btjd)
    numbers, which = np.unique(number[inside], return_inverse=True)
    weight = np.bincount(which, weights=dips.weight[inside], minlength=len(numbers))
    dip = np.bincount(which, weights=(dips.weight * dips.dip)[inside], minlength=len(numbers))
    time: FloatArray = (ephemeris.epoch_btjd + numbers * (ephemeris.period_d or 0.0)).astype(np.float64)
    typical = float(np.median(weight)) if len(weight) else 0.0
    return Events(
        time,
        dip / np.maximum(weight, 1e-30),
        dip / np.sqrt(np.maximum(weight, 1e-30)) / red_noise,
        weight >= LEAST_OBSERVED * typical,
        is_independent(dips.time_btjd, time, ephemeris.duration_d, disturbing),
    )


def is_independent(
    time_btjd: FloatArray, middles_btjd: FloatArray, duration_d: float, dumps_btjd: FloatArray
) -> BoolArray:
    """Return which mid-times lie away from the edges of gaps, have data on both sides, and hold no momentum dump."""
    edges = gap_edges(time_btjd)
    to_edge = _distance(edges, middles_btjd)
    cadence = float(np.median(np.diff(time_btjd)))
    needed = LEAST_BESIDE * BESIDE_DURATIONS * duration_d / cadence

    def held(start: FloatArray, stop: FloatArray) -> FloatArray:
        return (np.searchsorted(time_btjd, stop) - np.searchsorted(time_btjd, start)).astype(np.float64)

    before = held(middles_btjd - (0.5 + BESIDE_DURATIONS) * duration_d, middles_btjd - duration_d / 2)
    after = held(middles_btjd + duration_d / 2, middles_btjd + (0.5 + BESIDE_DURATIONS) * duration_d)
    independent: BoolArray = (to_edge > EDGE_D) & (np.minimum(before, after) >= needed)
    return independent & holds_no_dump(middles_btjd, duration_d, dumps_btjd)


def holds_no_dump(middles_btjd: FloatArray, duration_d: float, dumps_btjd: FloatArray) -> BoolArray:
    """Return for which mid-times no momentum dump falls into the duration [d]."""
    away: BoolArray = _distance(dumps_btjd, middles_btjd) > duration_d / 2
    return away


def gap_edges(time_btjd: FloatArray) -> FloatArray:
    """Return the first and last time of every stretch without a gap of EDGE_GAP_D [BTJD d], ascending."""
    stretch = split_at_gaps(time_btjd, EDGE_GAP_D)
    first = np.flatnonzero(np.concatenate([[True], np.diff(stretch) > 0]))
    last = np.append(first[1:] - 1, len(time_btjd) - 1)
    return np.sort(np.concatenate([time_btjd[first], time_btjd[last]]))


def _distance(places: FloatArray, times: FloatArray) -> FloatArray:
    """Return the distance of each time to the nearest place [d]; infinite without places."""
    if len(places) == 0:
        return np.full(len(times), np.inf)
    after = np.searchsorted(places, times).clip(1, max(len(places) - 1, 1))
    nearest: FloatArray = np.minimum(
        np.abs(times - places[after - 1]), np.abs(times - places[np.minimum(after, len(places) - 1)])
    )
    return nearest


def events_to_drop(events: Events, least_snr: float) -> FloatArray | None:
    """Return the mid-times of the events that make up a candidate without being evidence of one; None for a good one.

    These are the events at edges and in dumps, where without them fewer than two transits or too little significance is
    left; or the strongest event, where the others show nothing, or a dip of another depth.
    """
    counted = events.counted
    if counted.sum() < 2 or together(events, counted) < LEAST_INDEPENDENT * least_snr:
        spoilt = events.is_observed & ~events.is_independent & (events.sigma > 2)
        return events.time_btjd[spoilt if spoilt.any() else [int(np.argmax(events.sigma))]]
    strongest = int(np.argmax(np.where(counted, events.sigma, -np.inf)))
    others = counted.copy()
    others[strongest] = False
    weight = _weights(events)[others]
    depth = float((weight * events.depth[others]).sum() / weight.sum())
    error = float(np.hypot(1 / np.sqrt(weight.sum()), 1 / np.sqrt(_weights(events)[strongest])))
    unlike = depth < LEAST_ALIKE * events.depth[strongest] and events.depth[strongest] - depth > UNLIKE_SIGMA * error
    if together(events, others) < LEAST_OTHERS or unlike:
        return events.time_btjd[[strongest]]
    return None


def _weights(events: Events) -> FloatArray:
    """Return 1 / error^2 of each depth."""
    weights: FloatArray = np.square(events.sigma / np.where(events.depth == 0, 1, events.depth))
    return weights


def together(events: Events, chosen: BoolArray) -> float:
    """Return the significance of some events together."""
    weight = _weights(events)[chosen]
    return float((weight * events.depth[chosen]).sum() / np.sqrt(max(weight.sum(), 1e-30)))
