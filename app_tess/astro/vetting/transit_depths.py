"""Each transit by itself: its depth, and how much noise that lasts as long as a transit adds to the error."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.folding import OUT_OF_TRANSIT_DURATIONS, OUTLIER_SIGMA, depth_windows
from app_tess.astro.robust import scatter

FLOOR_DURATIONS = 0.6
"""Full width [durations] averaged for a single transit's depth: wider than the fold's floor, as one transit has few cadences."""

LEAST_COVERAGE = 0.4
"""Share of the floor's cadences that must be there for a transit to be counted."""


SYSTEMATIC_SHARE = 0.01
"""Error added to each transit's depth, as a share of it: PDCSAP and SAP depths of one and the same transit of the bright
TOI-102 differ by 1 to 7 %, so what is known of a single transit's depth is never better."""


@dataclass(frozen=True, eq=False)
class TransitDepths:
    """One row a transit that was observed, ascending: number, mid-time [BTJD d], depth and its error (relative)."""

    number: np.ndarray
    time_btjd: np.ndarray
    depth: np.ndarray
    depth_err: np.ndarray
    red_noise_factor: float

    def __len__(self):
        return len(self.number)


def red_noise_factor(stitched, ephemeris):
    """How many times larger the noise averaged over a transit's length is than white noise would be; at least 1.

    beta = std(means of boxes one duration long, out of transit) / (sigma / sqrt(n)); Winn et al. 2008, ApJ 683, 1076, sec. 3.1.
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


def measure_transits(stitched, ephemeris):
    """The depth of every transit that has enough cadences on its floor and beside it.

    depth_i = mean(flux beside) - mean(flux on the floor), relative; error = beta sigma sqrt(1/n_in + 1/n_out) and
    SYSTEMATIC_SHARE of the depth, in quadrature; sigma that of the points beside this transit where they are noisier. Flares beside it are cut.
    Returns TransitDepths, which may be empty.
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
        return TransitDepths(*(np.zeros(0),) * 4, beta)
    count_in, count_out = (np.bincount(number[w] - first, minlength=size) for w in (inside, outside))
    beside = _without_flares(stitched)[outside]
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


def _without_flares(stitched):
    """The flux with what rises more than OUTLIER_SIGMA above the star cut off there: one flare must not lift the level to a dip elsewhere."""
    return np.minimum(stitched.flux, 1 + OUTLIER_SIGMA * stitched.scatter)


def signal_to_noise(stitched, ephemeris, red_noise=1.0):
    """(SNR, error): the whole dip, first to fourth contact, over its noise.

    SNR = (mean out of transit - mean in it) / (beta sigma sqrt(1/n_in + 1/n_out)).

    The error is 1 for the dip's own noise and, in quadrature, that of sigma and beta: each is 1.4826 times the median deviation of n
    cadences or boxes, which is known to 1.17 / sqrt(n) of itself; beta no worse than its excess over 1, below which it does not go.
    (NaN, NaN) where no cadence lies in transit or none out of it. Comparable to SPOC's multiple-event statistic, whose threshold is 7.1.
    Source: Pont et al. 2006, MNRAS 373, 231, the red noise as a factor.
    """
    inside, outside = (
        ephemeris.in_transit(stitched.time_btjd),
        ~ephemeris.in_transit(stitched.time_btjd, OUT_OF_TRANSIT_DURATIONS[0]),
    )
    if not inside.any() or not outside.any():
        return float("nan"), float("nan")
    dip = _without_flares(stitched)[outside].mean() - stitched.flux[inside].mean()
    snr = dip / (red_noise * stitched.scatter * np.sqrt(1 / inside.sum() + 1 / outside.sum()))
    boxes = outside.sum() * stitched.cadence_d / ephemeris.duration_d
    of_noise = np.hypot(1.17 / np.sqrt(outside.sum()), min(1.17 / np.sqrt(max(boxes, 1)), red_noise - 1))
    return float(snr), float(np.hypot(1, snr * of_noise))


def weighted_mean(values, errors):
    """(mean, error) weighted by 1/error^2; (nan, nan) of nothing."""
    if len(values) == 0:
        return float("nan"), float("nan")
    weights = 1 / np.square(errors)
    return float((weights * values).sum() / weights.sum()), float(1 / np.sqrt(weights.sum()))
