"""The signal-to-noise ratio of all transits together."""

import math

import numpy as np

from app_tess.astro.folding import OUT_OF_TRANSIT_DURATIONS
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.transit_depths import clip_flares

SNR = Quantity(
    "snr",
    "Signal to noise",
    "sigma",
    "mean dip over the whole duration / (beta sigma sqrt(1/n_in + 1/n_out)); error: 1, and that of beta and sigma",
    "Pont et al. 2006, MNRAS 373, 231; beta as Winn et al. 2008, ApJ 683, 1076",
)

SPOC_THRESHOLD = 7.1
"""Multiple-event statistic [sigma] from which SPOC reports a detection (Jenkins et al. 2010, Proc. SPIE 7740)."""

SECURE = 12.0
"""Signal to noise [sigma] above which a detection is not called weak."""


def signal_to_noise(context: VettingContext) -> tuple[float, float]:
    """Return the signal-to-noise ratio of the whole dip, first to fourth contact, and its error.

    SNR = (mean out of transit - mean in transit) / (beta sigma sqrt(1/n_in + 1/n_out)), comparable to SPOC's
    multiple-event statistic.

    The error is 1 for the dip's own noise and, in quadrature, that of sigma and beta: each is 1.4826 times the median
    absolute deviation of n cadences or boxes, which has a relative error of 1.17 / sqrt(n); for beta no larger than its
    excess over 1, its lower bound. (NaN, NaN) where no cadence lies in transit or none out of it.

    References
    ----------
    Pont et al. 2006, MNRAS 373, 231, with the red noise as a factor.
    """
    stitched, ephemeris, red_noise = context.stitched, context.ephemeris, context.red_noise
    inside = ephemeris.in_transit(stitched.time_btjd)
    outside = ~ephemeris.in_transit(stitched.time_btjd, OUT_OF_TRANSIT_DURATIONS[0])
    if not inside.any() or not outside.any():
        return math.nan, math.nan
    dip = clip_flares(stitched)[outside].mean() - stitched.flux[inside].mean()
    snr = dip / (red_noise * stitched.scatter * np.sqrt(1 / inside.sum() + 1 / outside.sum()))
    boxes = outside.sum() * stitched.cadence_d / ephemeris.duration_d
    of_noise = np.hypot(1.17 / np.sqrt(outside.sum()), min(1.17 / np.sqrt(max(boxes, 1)), red_noise - 1))
    return float(snr), float(np.hypot(1, snr * of_noise))


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the signal-to-noise ratio."""
    value, error = context.shared(signal_to_noise)
    if not math.isfinite(value):
        return (SNR.not_measured("the transits leave no cadences between them"),)
    return (SNR.measured(value, error, _finding(value)),)


def _finding(value: float) -> Finding:
    if value < SPOC_THRESHOLD:
        return Finding(f"Weak: {value:.1f} sigma, below SPOC's detection threshold of {SPOC_THRESHOLD}.", True)
    if value < SECURE:
        return Finding(f"Weakly detected: {value:.1f} sigma, against SPOC's threshold of {SPOC_THRESHOLD}.", False)
    return Finding(f"Detected at {value:,.0f} sigma.", False)
