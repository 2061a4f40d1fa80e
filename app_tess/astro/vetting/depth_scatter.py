"""The scatter of the transit depths, which for a planet is consistent with noise."""

import math

import numpy as np

from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.transit_depths import weighted_mean

DEPTH_SCATTER = Quantity(
    "depth_scatter",
    "Scatter of the transits' depths",
    "reduced chi2",
    "sum((d_i - mean)^2 / err_i^2) / (n - 1)",
    "Thompson et al. 2018, ApJS 235, 38",
)

SIGNIFICANT = 4.0
"""Excess of the scatter [sigma] that is a red flag."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the reduced chi2 of the transit depths about their weighted mean."""
    rows = context.rows
    freedom = len(rows) - 1
    if freedom < 2:
        return (DEPTH_SCATTER.not_measured("at least three transits are needed"),)
    mean, _ = weighted_mean(rows.depth, rows.depth_err)
    chi2 = float((np.square(rows.depth - mean) / np.square(rows.depth_err)).sum() / freedom)
    return (DEPTH_SCATTER.measured(chi2, math.sqrt(2 / freedom), _finding(chi2, freedom)),)


def _finding(chi2: float, freedom: int) -> Finding:
    # Wilson & Hilferty 1931, PNAS 17, 684: the cube root of a reduced chi2 is nearly normal
    sigma = (chi2 ** (1 / 3) - 1 + 2 / (9 * freedom)) / (2 / (9 * freedom)) ** 0.5
    if sigma > SIGNIFICANT:
        return Finding("The depths vary from transit to transit by more than the noise explains.", True)
    return Finding("The depths are consistent with each other.", False)
