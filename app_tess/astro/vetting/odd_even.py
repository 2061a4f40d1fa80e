"""Odd and even transits, whose depths alternate where two different stars eclipse each other."""

import math

import numpy as np

from app_tess.astro.constants import PPM
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.transit_depths import weighted_mean

ODD_EVEN = Quantity(
    "odd_even",
    "Odd against even transits",
    "sigma",
    "|d_odd - d_even| / sqrt(err_odd^2 + err_even^2), errors widened by the scatter within each",
    "Batalha et al. 2010, ApJ 713, L103",
)

SIGNIFICANT = 3.0
"""Difference [sigma] that is a red flag."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the difference between the mean odd and even depths in units of its error."""
    rows = context.rows
    odd = rows.number % 2 == 1
    means = mean_depths(context)
    if means is None:
        return (ODD_EVEN.not_measured("both an odd and an even transit are needed"),)
    (odd_depth, odd_err), (even_depth, even_err) = means
    # errors are underestimated where transits of the same parity differ by more than their errors
    own = np.where(odd, odd_depth, even_depth)
    freedom = len(rows) - 2
    chi2 = float(np.square((rows.depth - own) / rows.depth_err).sum())
    stretch = math.sqrt(max(1.0, chi2 / freedom)) if freedom > 0 else 1.0
    sigma = abs(odd_depth - even_depth) / (stretch * math.hypot(odd_err, even_err))
    return (ODD_EVEN.measured(sigma, 1.0, _finding(sigma, PPM * odd_depth, PPM * even_depth)),)


def mean_depths(context: VettingContext) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return mean depth and error of the odd and of the even transits; None if either has none."""
    rows = context.rows
    odd = rows.number % 2 == 1
    if not odd.any() or odd.all():
        return None
    odd_mean, even_mean = (weighted_mean(rows.depth[side], rows.depth_err[side]) for side in (odd, ~odd))
    return odd_mean, even_mean


def depth_ratio(context: VettingContext) -> float | None:
    """Return the mean depth of the odd transits over that of the even; None unless both are positive."""
    means = mean_depths(context)
    if means is None or means[0][0] <= 0 or means[1][0] <= 0:
        return None
    return means[0][0] / means[1][0]


def _finding(sigma: float, odd_ppm: float, even_ppm: float) -> Finding:
    depths = f"({odd_ppm:,.0f} and {even_ppm:,.0f} ppm)"
    if sigma > SIGNIFICANT:
        return Finding(
            f"Odd and even transits differ by {sigma:.1f} sigma {depths}: possibly an eclipsing binary at twice the"
            " period.",
            True,
        )
    return Finding(f"Odd and even transits agree within {sigma:.1f} sigma {depths}.", False)
