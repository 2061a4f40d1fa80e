"""The trend of a star whose brightness varies within a day or two, as a quasi-periodic Gaussian process.

A sliding location smooths variations shorter than its window, so it cannot follow a fast rotator or a pulsator. Here
the out-of-transit flux is a Gaussian process with power at a period and at half of it, evaluated by celerite2 in linear
time. The process is predicted across the transits, which are left out. benchmarks/rotating_stars.py compares the depths
with those of polynomials around each transit.

References
----------
Foreman-Mackey et al. 2017, AJ 154, 220 (celerite); Foreman-Mackey 2018, RNAAS 2, 31 (celerite2's RotationTerm).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.robust import scatter, step_scatter

FINEST_BIN_D, COARSEST_BIN_D = 10 / MINUTES_PER_DAY, 30 / MINUTES_PER_DAY
"""Range of the bins in which the process is evaluated [d]."""

BINS_PER_PERIOD = 40
KNOTS_PER_BIN = 3
"""Points per bin at which the process is predicted; the trend is linear in between."""

PERIODS_D = (0.05, 13.0)
"""Range in which the dominant period is sought [d]; half a sector at most."""

OUTLIER_SIGMA = 4.0
"""Bins that lie farther from the process [scatter of the residuals] are flares or unknown eclipses, and left out."""

QUALITIES, RANGES = (1.0, 30.0, 1000.0), ((2, 0.5, 5, 4, 4), (3, 0.5, 5, 3, 2))
"""Damping from which the fit may start, and how far each logarithm may go below and above its start."""

DEEP = 5.0
"""Bins fainter than this many times the star's brightening [scatter above the median] lie in an unknown eclipse."""

MAX_ITERATIONS = 20
"""Steps of the optimizer: after twenty the predicted depths change by less than their errors."""

LARGEST_FIT = 1500
"""Bins to which the parameters are fitted, about a sector; the prediction uses all."""

QUALITY_DIFFERENCE, DRIFT_D = 1.0, 10.0
LOWEST_NOISE = 1e-6
FAILED = 1e25
"""Cost of parameters that the process cannot be evaluated for."""


@dataclass(frozen=True)
class RotationModel:
    """Parameters of the process.

    Attributes
    ----------
    sigma : float
        Standard deviation, relative to the star.
    period_d : float
        Period [d]; the second component has half of it.
    quality, mix : float
        Q0 (damping) and f (share of the second component) of celerite2's RotationTerm.
    drift : float
        Standard deviation of a slow drift on DRIFT_D, which also absorbs errors of the segments' levels.
    noise : float
        Standard deviation of one cadence, from successive differences.
    bin_d : float
        Width of the bins [d].
    """

    sigma: float
    period_d: float
    quality: float
    mix: float
    drift: float
    noise: float
    bin_d: float

    def trend(self, time_btjd: FloatArray, flux: FloatArray, segment: IntArray, masked: BoolArray) -> FloatArray:
        """Return the trend at every cadence, shape (N,); NaN in a segment without an unmasked point.

        Parameters
        ----------
        time_btjd, flux : ndarray, shape (N,)
            Ascending time [d] and relative flux, finite.
        segment : ndarray of int, shape (N,)
            Number of the segment of each cadence, from 0; the level of each is fitted separately.
        masked : ndarray of bool, shape (N,)
            Cadences in transit, across which the process is predicted.
        """
        time, values, count, inside = _bin(time_btjd, flux, segment, ~masked, self.bin_d)
        if len(time) < 3:
            return np.full(len(time_btjd), np.nan)
        level = _segment_levels(values, inside, int(segment.max()) + 1)
        residual, error = values - level[inside], self.noise / np.sqrt(count)
        step = self.bin_d / KNOTS_PER_BIN
        slot = np.unique(np.floor(time_btjd / step))
        knots = step * np.union1d(slot, slot + 1)
        shallow = residual > -DEEP * scatter(np.abs(residual[residual > 0]), 0.0)
        kept = shallow
        for _ in range(2):
            process = self._process(time[kept], error[kept])
            left = residual - process.predict(residual[kept], time)
            kept = shallow & (np.abs(left) < OUTLIER_SIGMA * np.maximum(scatter(left[kept]), error))
        process = self._process(time[kept], error[kept])
        smooth: FloatArray = process.predict(residual[kept], knots)
        trend: FloatArray = level[segment] + np.interp(time_btjd, knots, smooth)
        return trend

    def _process(self, time: FloatArray, error: FloatArray) -> Any:
        """Return celerite2's process with its covariance at these times factorized."""
        from celerite2 import GaussianProcess, terms

        kernel = terms.RotationTerm(
            sigma=self.sigma, period=self.period_d, Q0=self.quality, dQ=QUALITY_DIFFERENCE, f=self.mix
        ) + terms.SHOTerm(sigma=self.drift, rho=DRIFT_D, Q=0.5**0.5)
        process = GaussianProcess(kernel, mean=0.0)
        process.compute(time, diag=np.square(error) + LOWEST_NOISE**2)
        return process


def fit_rotation(time_btjd: FloatArray, flux: FloatArray, segment: IntArray, masked: BoolArray) -> RotationModel | None:
    """Fit the process to the unmasked flux of about one sector, starting at its dominant period and at twice that.

    Parameters
    ----------
    time_btjd, flux, segment, masked : ndarray, shape (N,)
        As for `RotationModel.trend`.

    Returns
    -------
    RotationModel or None
        None with fewer than 50 bins, or where no start converges.
    """
    from scipy.optimize import minimize

    noise = float(max(step_scatter(flux[~masked]), LOWEST_NOISE))
    time, values, _, inside = _bin(time_btjd, flux, segment, ~masked, FINEST_BIN_D)
    if len(time) < 50:
        return None
    values = values - _segment_levels(values, inside, int(segment.max()) + 1)[inside]
    dominant_d = _dominant_period(time, values)
    bin_d = float(np.clip(dominant_d / BINS_PER_PERIOD, FINEST_BIN_D, COARSEST_BIN_D))
    time, values, count, inside = _bin(time_btjd, flux, segment, ~masked, bin_d)
    values = values - _segment_levels(values, inside, int(segment.max()) + 1)[inside]
    time, values, count = time[:LARGEST_FIT], values[:LARGEST_FIT], count[:LARGEST_FIT]
    calm = np.abs(values) < 2 * OUTLIER_SIGMA * scatter(values)
    time, values, error = time[calm], values[calm], noise / np.sqrt(count[calm])

    def model(logs: FloatArray) -> RotationModel:
        sigma, period_d, quality, mix, drift = (float(value) for value in np.exp(logs))
        return RotationModel(sigma, period_d, quality, mix, drift, noise, bin_d)

    def cost(logs: FloatArray) -> float:
        try:
            likelihood = float(model(logs)._process(time, error).log_likelihood(values))
        except np.linalg.LinAlgError:
            return FAILED
        return -likelihood if np.isfinite(likelihood) else FAILED

    spread = max(float(np.std(values)), LOWEST_NOISE)
    starts = [
        np.log([spread, multiple * dominant_d, quality, 0.3, 0.2 * spread])
        for multiple in (1, 2)
        for quality in QUALITIES
    ]
    start = min(starts, key=cost)
    bounds = [(value - below, value + above) for value, below, above in zip(start, *RANGES, strict=True)]
    best = minimize(cost, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": MAX_ITERATIONS})
    return model(best.x) if best.fun < FAILED else None


def _dominant_period(time: FloatArray, values: FloatArray) -> float:
    """Return the period of the highest peak of the Lomb-Scargle periodogram [d]."""
    from astropy.timeseries import LombScargle

    frequency = np.arange(1 / PERIODS_D[1], 1 / PERIODS_D[0], 0.2 / max(np.ptp(time), 1.0))
    power = LombScargle(time, values, fit_mean=False, center_data=False).power(
        frequency, method="fast", assume_regular_frequency=True
    )
    return float(1 / frequency[np.argmax(power)])


def _bin(
    time: FloatArray, flux: FloatArray, segment: IntArray, used: BoolArray, width_d: float
) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Return mean time, mean flux, number of cadences and segment of each bin of the used cadences."""
    time, flux, segment = time[used], flux[used], segment[used]
    if len(time) == 0:
        return time, flux, segment, segment
    slot = np.floor(time / width_d).astype(int)
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(slot) != 0) | (np.diff(segment) != 0)]))
    count = np.diff(np.append(starts, len(time)))
    return np.add.reduceat(time, starts) / count, np.add.reduceat(flux, starts) / count, count, segment[starts]


def _segment_levels(values: FloatArray, segment: IntArray, segments: int) -> FloatArray:
    """Return the median of the values of each segment; NaN for one without values."""
    return np.array([np.median(v) if len(v := values[segment == n]) else np.nan for n in range(segments)])
