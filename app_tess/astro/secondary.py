"""Search the fold for a second dip: the eclipse of the companion, which a planet seldom shows and a star often does."""
from dataclasses import dataclass

import numpy as np

STEPS_PER_DURATION = 8
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

    depth = level - mean in the box, level the median away from the transit; error = beta sigma / sqrt(n), times sqrt(reduced chi2)
    where the box's depths in the single orbits differ more than that: the edge of a gap makes one deep dip, an eclipse one an
    orbit. A box with under half of the usual cadences is skipped. None where the period leaves no room, or too few points do.

    Source: after the box search of Kovacs et al. 2002, A&A 391, 369; beta as Winn et al. 2008.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    if period < 2 * (AWAY_DURATIONS + 0.5) * duration:
        return None
    folded = np.mod(ephemeris.fold(stitched.time_btjd), period)
    away = (folded > AWAY_DURATIONS * duration) & (folded < period - AWAY_DURATIONS * duration)
    if away.sum() < 20:
        return None
    level = np.median(stitched.flux[away])
    bins = int(np.ceil(period / duration * STEPS_PER_DURATION))
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
    phase = (best + STEPS_PER_DURATION / 2) / bins
    places = max(int(usable.sum() / STEPS_PER_DURATION), 1)
    return Secondary(float(depth[best]), float(error[best]), float(phase % 1.0), float(sigma[best]), places)


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
