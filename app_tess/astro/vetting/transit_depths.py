"""The depth of each single transit, and how much red noise, on the timescale of a transit, adds to its error."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import OUTLIER_SIGMA, depth_windows
from app_tess.astro.robust import scatter
from app_tess.astro.stitching import StitchedLightCurve

FLOOR_DURATIONS = 0.6
"""Full width [durations] averaged for a single transit's depth: wider than for the fold, as one transit has few
cadences."""

LEAST_COVERAGE = 0.4
"""Share of the expected in-transit cadences that a transit needs to be counted."""

SYSTEMATIC_SHARE = 0.01
"""Error added to each transit's depth, relative to it: PDCSAP and SAP depths of the same transit of the bright TOI-102
differ by 1 to 7 %, so a single depth is never known better than this."""


@dataclass(frozen=True, eq=False)
class TransitDepths:
    """One row per observed transit, ascending: number, mid-transit time [BTJD d], relative depth and its error."""

    number: IntArray
    time_btjd: FloatArray
    depth: FloatArray
    depth_err: FloatArray
    red_noise_factor: float

    def __len__(self) -> int:
        return len(self.number)


def red_noise_factor(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float:
    """Return the factor beta by which noise averaged over a transit duration exceeds white noise; at least 1.

    beta = std(means of boxes one duration long, out of transit) / (sigma / sqrt(n)).

    References
    ----------
    Winn et al. 2008, ApJ 683, 1076, sec. 3.1.
    """
    outside = ~ephemeris.in_transit(stitched.time_btjd, 1.5)
    time, flux = stitched.time_btjd[outside], stitched.flux[outside]
    if len(time) < 50:
        return 1.0
    width = ephemeris.duration_d
    slot = np.floor((time - time[0]) / width).astype(int)
    _, slot, members = np.unique(slot, return_inverse=True, return_counts=True)
    full = members >= max(0.5 * width / stitched.cadence_d, 3)
    if full.sum() < 8:
        return 1.0
    means = (np.bincount(slot, weights=flux) / members)[full]
    return float(max(1.0, scatter(means) / (stitched.scatter / np.sqrt(np.median(members[full])))))


def measure_transits(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> TransitDepths:
    """Measure the depth of every transit with enough cadences in it and around it; there may be none.

    The depth is mean(flux around) - mean(flux in transit), relative. Its error is beta sigma sqrt(1/n_in + 1/n_out) and
    SYSTEMATIC_SHARE of the depth, in quadrature; sigma is that of the cadences around this transit where they are
    noisier. Flares around it are clipped.
    """
    time, flux = stitched.time_btjd, stitched.flux
    distance = ephemeris.from_transit(time)
    inside = np.abs(distance) <= FLOOR_DURATIONS * ephemeris.duration_d / 2
    _, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    beta = red_noise_factor(stitched, ephemeris)
    number = ephemeris.transit_number(time)
    first = number.min()
    size = number.max() - first + 1
    used = inside | outside
    if not used.any():
        return TransitDepths(np.zeros(0, int), np.zeros(0), np.zeros(0), np.zeros(0), beta)
    count_in, count_out = (np.bincount(number[w] - first, minlength=size) for w in (inside, outside))
    beside = clip_flares(stitched)[outside]
    sum_in = np.bincount(number[inside] - first, weights=flux[inside], minlength=size)
    sum_out = np.bincount(number[outside] - first, weights=beside, minlength=size)
    needed = LEAST_COVERAGE * FLOOR_DURATIONS * ephemeris.duration_d / stitched.cadence_d
    enough = (count_in >= max(needed, 3)) & (count_out >= max(needed, 3))
    level = sum_out[enough] / count_out[enough]
    depth = level - sum_in[enough] / count_in[enough]
    squares = np.bincount(number[outside] - first, weights=np.square(beside), minlength=size)[enough]
    sigma = np.maximum(stitched.scatter, np.sqrt(np.maximum(squares / count_out[enough] - level**2, 0)))
    error = np.hypot(beta * sigma * np.sqrt(1 / count_in[enough] + 1 / count_out[enough]), SYSTEMATIC_SHARE * depth)
    which = np.flatnonzero(enough) + first
    return TransitDepths(which, ephemeris.epoch_btjd + which * (ephemeris.period_d or 0.0), depth, error, beta)


def clip_flares(stitched: StitchedLightCurve) -> FloatArray:
    """Return the flux clipped at OUTLIER_SIGMA above the star's level, so that no flare mimics a dip elsewhere."""
    clipped: FloatArray = np.minimum(stitched.flux, 1 + OUTLIER_SIGMA * stitched.scatter)
    return clipped


def weighted_mean(values: FloatArray, errors: FloatArray) -> tuple[float, float]:
    """Return the mean weighted by 1/error^2, and its error; (NaN, NaN) of no values."""
    if len(values) == 0:
        return float("nan"), float("nan")
    weights = 1 / np.square(errors)
    return float((weights * values).sum() / weights.sum()), float(1 / np.sqrt(weights.sum()))
