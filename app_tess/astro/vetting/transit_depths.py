"""The depth of each transit, and the factor by which red noise on the timescale of a transit increases its error."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import OUTLIER_SIGMA, depth_windows
from app_tess.astro.robust import box_noise, scatter
from app_tess.astro.stitching import StitchedLightCurve

FLOOR_DURATIONS = 0.6
"""Full width averaged for the depth of one transit [durations]; wider than for the fold, which has more cadences."""

LEAST_COVERAGE = 0.4
"""Fraction of the expected in-transit cadences required for a transit to be counted."""

SYSTEMATIC_SHARE = 0.01
"""Relative systematic error of a depth: PDCSAP and SAP depths of a transit of the bright TOI-102 differ by 1 to 7 %."""


NULL_OFFSETS, NEAREST_NULL = (3.0, 4.5, 6.0, 7.5), 2.0
"""Distances before and after the transits at which depths are measured to estimate their noise [durations], and the one
used where the period leaves no room for those."""


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

    beta = std(means of boxes one duration long, out of transit) / (sigma / sqrt(n)). Where the trend is a Gaussian
    process, which is less certain across a transit than beside it, beta is at least that of depths measured where there
    is no transit, with the same cadences left out of the trend as for a transit.

    References
    ----------
    Winn et al. 2008, ApJ 683, 1076, sec. 3.1.
    """
    outside = ~ephemeris.in_transit(stitched.time_btjd, 1.5)
    time, flux = stitched.time_btjd[outside], stitched.flux[outside]
    if len(time) < 50:
        return 1.0
    spread, members = box_noise(time, flux, ephemeris.duration_d)
    beta = float(max(1.0, spread / (stitched.scatter / np.sqrt(members)))) if members >= 3 else 1.0
    return beta if stitched.detrending.rotation is None else max(beta, _null_noise(stitched, ephemeris))


def _null_noise(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float:
    """Return the scatter of depths measured away from the transits, in units of their white noise."""
    room = np.inf if ephemeris.period_d is None else ephemeris.period_d / 2 / ephemeris.duration_d - 1
    found = []
    for offset in [offset for offset in NULL_OFFSETS if offset < room] or [NEAREST_NULL]:
        for signed in (-offset, offset):
            null = replace(ephemeris, epoch_btjd=ephemeris.epoch_btjd + signed * ephemeris.duration_d)
            curve = stitched.flattened_again([ephemeris, null])
            beside = np.abs(curve.flux - 1) < OUTLIER_SIGMA * curve.scatter  # eclipses of another object are no noise
            kept = curve.where(beside & ~ephemeris.in_transit(curve.time_btjd, 1.5))
            _, depth, white = _each_depth(kept, null)
            found.append(depth / white)
    values = np.concatenate(found)
    if len(values) < 4:
        return 1.0
    spread = scatter(values, 0.0)
    return float(np.sqrt(np.mean(np.square(np.clip(values, -3 * spread, 3 * spread)))))


def measure_transits(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> TransitDepths:
    """Measure the depth of every transit with enough cadences in and around it.

    depth_i = mean(flux around transit) - mean(flux in transit), relative, with flares around the transit clipped. The
    error is beta sigma sqrt(1/n_in + 1/n_out) in quadrature with SYSTEMATIC_SHARE of the depth; sigma is the scatter of
    the light curve or, where larger, that of the cadences around this transit.

    Returns
    -------
    TransitDepths
        May be empty.
    """
    beta = red_noise_factor(stitched, ephemeris)
    which, depth, white = _each_depth(stitched, ephemeris)
    error: FloatArray = np.hypot(beta * white, SYSTEMATIC_SHARE * depth)
    time = (ephemeris.epoch_btjd + which * (ephemeris.period_d or 0.0)).astype(np.float64)
    return TransitDepths(which, time, depth, error, beta)


def _each_depth(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return number, depth and white noise of each transit with enough cadences."""
    time, flux = stitched.time_btjd, stitched.flux
    distance = ephemeris.from_transit(time)
    inside = np.abs(distance) <= FLOOR_DURATIONS * ephemeris.duration_d / 2
    _, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    number = ephemeris.transit_number(time)
    first = number.min()
    size = number.max() - first + 1
    used = inside | outside
    if not used.any():
        return np.zeros(0, int), np.zeros(0), np.zeros(0)
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
    white = sigma * np.sqrt(1 / count_in[enough] + 1 / count_out[enough])
    return np.flatnonzero(enough) + first, depth, white


def clip_flares(stitched: StitchedLightCurve) -> FloatArray:
    """Return the flux clipped at OUTLIER_SIGMA above 1, so that flares neither raise the level nor mimic a dip."""
    return np.minimum(stitched.flux, 1 + OUTLIER_SIGMA * stitched.scatter)


def weighted_mean(values: FloatArray, errors: FloatArray) -> tuple[float, float]:
    """Return the mean weighted by 1/error^2 and its error; (NaN, NaN) for no values."""
    if len(values) == 0:
        return float("nan"), float("nan")
    weights = 1 / np.square(errors)
    return float((weights * values).sum() / weights.sum()), float(1 / np.sqrt(weights.sum()))
