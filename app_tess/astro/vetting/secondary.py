"""Search the fold for a second dip: the eclipse of the companion, which a planet seldom shows and a star often does."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.folding import depth_windows

STEPS_PER_DURATION = 8
SHIFTS = np.linspace(-1, 1, 17) / STEPS_PER_DURATION
"""Places [durations] at which the box that the search found is measured."""

MOST_STEPS = 2_000_000
"""A fold of more is not searched: a period of centuries would fill the memory with empty places."""

AWAY_DURATIONS = 1.5
"""The search starts this many durations from mid-transit, so that the transit's own wings are not found."""


@dataclass(frozen=True)
class Secondary:
    """The deepest second dip: relative depth and error, its phase in [0, 1), depth over error, and the places searched."""

    depth: float
    depth_err: float
    phase: float
    sigma: float
    places: int


def find_secondary(stitched, ephemeris, red_noise=1.0):
    """Slide a box of one transit duration over the fold, away from the transit, and take the most significant dip.

    depth = level - mean in the box, level the median away from the transit and from the box; error = beta sigma sqrt(1/n + 1/n_level),
    times sqrt(reduced chi2) where the box's depths in the single orbits differ more than that: the edge of a gap makes one deep dip,
    an eclipse one an orbit. A box with under half of the usual cadences is skipped. None where the period leaves no room, or too few points do.

    Source: after the box search of Kovacs et al. 2002, A&A 391, 369; beta as Winn et al. 2008.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    if not _has_room(ephemeris):
        return None
    folded = np.mod(ephemeris.fold(stitched.time_btjd), period)
    away = (folded > AWAY_DURATIONS * duration) & (folded < period - AWAY_DURATIONS * duration)
    if away.sum() < 20:
        return None
    level = np.median(stitched.flux[away])
    bins = int(np.ceil(period / duration * STEPS_PER_DURATION))
    if bins > MOST_STEPS:
        return None
    slot = (folded[away] / period * bins).astype(int).clip(0, bins - 1)
    clipped = np.minimum(stitched.flux[away], level + 5 * stitched.scatter)  # a flare must not hide a dip
    orbit = np.floor((stitched.time_btjd[away] - ephemeris.epoch_btjd) / period).astype(int)
    orbit = np.unique(orbit, return_inverse=True)[1]
    each_n, each_dip = (_box_sums(orbit, slot, weights, bins) for weights in (np.ones(len(slot)), level - clipped))
    n, dip = each_n.sum(axis=0), each_dip.sum(axis=0)
    typical = np.median(n[n > 0])
    usable = n >= max(0.5 * typical, 3)
    if not usable.any():
        return None
    depth = np.where(usable, dip / np.maximum(n, 1), -np.inf)
    error = red_noise * stitched.scatter / np.sqrt(np.maximum(n, 1))
    error *= _stretch(each_n, each_dip, np.where(usable, depth, 0), red_noise * stitched.scatter)
    sigma = np.where(usable, depth / error, -np.inf)
    best = int(np.argmax(sigma))
    places = max(int(usable.sum() / STEPS_PER_DURATION), 1)
    distance = (folded[away] / period * bins - best - STEPS_PER_DURATION / 2) / STEPS_PER_DURATION  # [durations]
    shift, depth, error = _measure_box(distance, clipped, orbit, level, red_noise * stitched.scatter)
    phase = (best + STEPS_PER_DURATION * (0.5 + shift)) / bins
    return Secondary(depth, error, float(phase % 1.0), depth / error, places)


def _measure_box(distance, flux, orbit, level, sigma):
    """(shift [durations], depth, error) of the best box at most one step beside the one that the search found.

    A box that is off by half a step loses a sixteenth of an eclipse, and the level, a median, sinks with the eclipse's share of the points.
    """
    beside = np.abs(distance) > 1
    n_level = beside.sum()
    if n_level >= 20:
        level = np.median(flux[beside])
    boxes = [np.abs(distance - shift) <= 0.5 for shift in SHIFTS]
    best = int(
        np.argmax([(level - flux[box]).sum() for box in boxes])
    )  # the sum: the mean grows as the box loses an eclipse's edge
    box, dip = boxes[best], level - flux[boxes[best]]
    number = np.unique(orbit[box], return_inverse=True)[1]
    each_n, each_dip = np.bincount(number)[:, None], np.bincount(number, weights=dip)[:, None]
    error = sigma * np.sqrt(1 / box.sum() + 1 / max(n_level, 20)) * _stretch(each_n, each_dip, dip.mean(), sigma)[0]
    return float(SHIFTS[best]), float(dip.mean()), float(error)


def _has_room(ephemeris):
    return ephemeris.period_d >= 2 * (AWAY_DURATIONS + 0.5) * ephemeris.duration_d


def measure_half_way(stitched, ephemeris, red_noise=1.0):
    """(depth, error), relative, of a dip half-way between transits, where a circular orbit has its eclipse; None where nothing is there.

    One place, not the best of many, so three sigma count. The trend is drawn anew across that place; depth and error as in
    `find_secondary`, the level is read beside the dip.
    """
    if not _has_room(ephemeris):
        return None
    eclipse = replace(ephemeris, epoch_btjd=ephemeris.epoch_btjd + ephemeris.period_d / 2)
    curve = stitched.flattened_again([ephemeris, eclipse])
    inside = eclipse.in_transit(curve.time_btjd)
    _, outside = depth_windows(eclipse.fold(curve.time_btjd), eclipse.duration_d, eclipse.period_d)
    outside &= ~ephemeris.in_transit(curve.time_btjd, 2 * AWAY_DURATIONS)
    if inside.sum() < 3 or outside.sum() < 3:
        return None
    dips = curve.flux[outside].mean() - curve.flux[inside]
    orbit = np.unique(eclipse.transit_number(curve.time_btjd[inside]), return_inverse=True)[1]
    each_n, each_dip = np.bincount(orbit)[:, None], np.bincount(orbit, weights=dips)[:, None]
    sigma = red_noise * curve.scatter
    error = sigma * np.sqrt(1 / inside.sum() + 1 / outside.sum()) * _stretch(each_n, each_dip, dips.mean(), sigma)[0]
    return float(dips.mean()), float(error)


def _box_sums(orbit, slot, weights, bins):
    """Sums of weights in each box of STEPS_PER_DURATION slots, shape (orbits, boxes)."""
    sums = np.bincount(orbit * bins + slot, weights=weights, minlength=(orbit.max() + 1) * bins).reshape(-1, bins)
    running = np.cumsum(np.pad(sums, ((0, 0), (1, 0))), axis=1)
    return running[:, STEPS_PER_DURATION:] - running[:, :-STEPS_PER_DURATION]


def _stretch(each_n, each_dip, depth, sigma):
    """How many times more a box's depth varies from orbit to orbit than noise of `sigma` a cadence explains; at least 1."""
    enough = each_n >= 3
    spread = np.where(enough, np.square(each_dip - depth * each_n) / np.maximum(each_n, 1), 0).sum(axis=0)
    return np.sqrt(np.maximum(spread / sigma**2 / np.maximum(enough.sum(axis=0) - 1, 1), 1))
