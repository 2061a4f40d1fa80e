"""Domination by a single event: one artifact among noise passes for a periodic signal."""

import math

import numpy as np

from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

SINGLE_EVENT = Quantity(
    "single_event",
    "Share of the strongest transit",
    "share",
    "max(SNR_i^2) / sum(SNR_i^2)",
    "Thompson et al. 2018, ApJS 235, 38",
)

SIGNIFICANT_TRANSIT = 5.0
"""Depth over error [sigma] from which a single transit is significant."""

LARGEST_SHARE, LARGEST_EXCESS = 0.6, 2.5
"""A transit dominates with more than the first share of the signal, and more than the second times its share among n
equal ones."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the share of the strongest transit in the squared signal to noise."""
    rows = context.rows
    if len(rows) < 3:
        return (SINGLE_EVENT.not_measured("at least three transits are needed"),)
    power = np.square(np.clip(rows.depth / rows.depth_err, 0, None))
    if power.sum() <= 0:
        return (SINGLE_EVENT.not_measured("no transit appears as a dip"),)
    share, strongest = float(power.max() / power.sum()), int(np.argmax(power))
    # d(SNR_i^2) = 2 SNR_i: what each transit's own noise adds to the share
    slope = np.where(np.arange(len(power)) == strongest, 1 - share, share)
    error = 2 * math.sqrt(float((np.square(slope) * power).sum())) / float(power.sum())
    return (SINGLE_EVENT.measured(share, error, _finding(share, len(rows), math.sqrt(float(power[strongest])))),)


def _finding(share: float, transits: int, strongest_sigma: float) -> Finding:
    if strongest_sigma < SIGNIFICANT_TRANSIT:
        return Finding(f"No single transit is significant: the strongest has {strongest_sigma:.1f} sigma.", None)
    if share > max(LARGEST_SHARE, LARGEST_EXCESS / transits):
        return Finding(
            f"One of {transits} transits makes up {100 * share:.0f} % of the signal: possibly an artifact.", True
        )
    return Finding("No single transit dominates the signal.", False)
