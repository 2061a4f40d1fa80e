"""The transit times, against the catalogue's prediction and against a linear ephemeris."""

import math

import numpy as np

from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.ephemeris_note import lateness
from app_tess.astro.vetting.located import Located
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.timing import Line

OFFSET = Quantity(
    "timing_offset",
    "Transit times against the prediction",
    "min",
    "weighted mean of measured less predicted mid-times, O - C; error: theirs, or the prediction's where larger",
    "Winn 2010, arXiv:1001.2010",
)
SCATTER = Quantity(
    "timing_scatter",
    "Scatter of the transit times",
    "reduced chi2",
    "sum((t_i - T0 - n_i P)^2 / err_i^2) / (n - 2)",
    "Agol & Fabrycky 2018, Handbook of Exoplanets",
)

SIGNIFICANT = 4.0
"""Deviation from the prediction [sigma] that is reported."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the mean deviation of the transit times, and their scatter about a line."""
    located = context.located
    if located is None or not located.times:
        why = "no transit is deep enough to be timed"
        return OFFSET.not_measured(why), SCATTER.not_measured(why)
    late = np.array([time.late_d for time in located.times])
    weight = np.array([time.error_d for time in located.times]) ** -2.0
    mean, error = float(late @ weight / weight.sum()), math.hypot(weight.sum() ** -0.5, located.uncertainty_d or 0.0)
    offset = OFFSET.measured(MINUTES_PER_DAY * mean, MINUTES_PER_DAY * error, _offset_finding(located, mean, error))
    line, sigma = located.line, located.scatter_sigma
    if line is None or sigma is None:
        return offset, SCATTER.not_measured("at least three measured times are needed")
    return offset, SCATTER.measured(
        line.chi2 / line.freedom, math.sqrt(2 / line.freedom), _scatter_finding(located, line, sigma)
    )


def _offset_finding(located: Located, mean_d: float, error_d: float) -> Finding:
    shift = lateness(mean_d)
    if located.uncertainty_d is None:
        return Finding(f"The transits are {shift}; the catalogue gives no timing error.", None)
    if abs(mean_d) > SIGNIFICANT * error_d:
        return Finding(
            f"The transits are {shift}, {abs(mean_d) / error_d:,.0f} sigma from the catalogue's prediction: timing"
            " variations, or errors that are underestimated.",
            None,
        )
    if abs(mean_d) > error_d:
        return Finding(
            f"The transits are {shift}, {abs(mean_d) / error_d:.1f} sigma: consistent with the prediction.", False
        )
    return Finding(f"The transits are {shift}, within the propagated error.", False)


def _scatter_finding(located: Located, line: Line, sigma: float) -> Finding:
    rms = f"{MINUTES_PER_DAY * line.rms_d:.1f} min (rms)"
    if located.times_scatter:
        return Finding(
            f"The transits are early and late by {rms}, {sigma:.0f} sigma more than their errors explain: timing"
            " variations, as another planet causes. The fold is aligned on the measured times.",
            None,
        )
    return Finding(f"The transit times are consistent with a linear ephemeris: {rms}.", False)
