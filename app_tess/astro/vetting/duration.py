"""The transit duration, compared with the catalogue's and with the one expected from the stellar density."""

import math

from app_tess.astro.physics import central_duration_h, scaled_axis
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.trapezoid import Trapezoid, fit_trapezoid, why_no_shape

DURATION = Quantity("duration", "Duration", "h", "trapezoid fit, first to fourth contact", "Winn 2010, arXiv:1001.2010")
DURATION_RATIO = Quantity(
    "duration_ratio",
    "Duration against expectation",
    "ratio",
    "duration / (P/pi asin((1 + k) R/a)), a/R from the star's density",
    "Seager & Mallen-Ornelas 2003, ApJ 585, 1038",
)

LONGEST_RATIO, SHORTEST_RATIO = 1.6, 0.3
"""Limits of the duration over that of a central transit; outside them the transit is of another star, or grazing, or on
an eccentric orbit."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the duration and its ratio to that of a central transit on a circular orbit around this star."""
    why, fit = why_no_shape(context), context.shared(fit_trapezoid)
    if why or fit is None:
        return DURATION.not_measured(why), DURATION_RATIO.not_measured(why)
    finding = _duration_finding(fit, context.catalogue_duration_h)
    return DURATION.measured(fit.duration_h, fit.duration_err_h, finding), _ratio(context, fit)


def _duration_finding(fit: Trapezoid, catalogue_h: float) -> Finding:
    if abs(fit.duration_h - catalogue_h) > max(5 * fit.duration_err_h, 0.3 * catalogue_h):
        return Finding(
            f"Disagrees with the catalogue: the folded light curve gives {fit.duration_h:.2f} h, the catalogue"
            f" {catalogue_h:.2f} h. The fitted duration is used for all measurements.",
            None,
        )
    return Finding(f"Consistent with the catalogue ({catalogue_h:.2f} h).", False)


def _ratio(context: VettingContext, fit: Trapezoid) -> Measurement:
    period_d, density = context.ephemeris.period_d, context.density_solar
    if density is None or period_d is None:
        return DURATION_RATIO.not_measured("the star's density or the period is unknown")
    expected_h = float(central_duration_h(period_d, scaled_axis(density, period_d), math.sqrt(max(fit.depth, 0))))
    value, error = fit.duration_h / expected_h, fit.duration_err_h / expected_h
    return DURATION_RATIO.measured(value, error, _ratio_finding(value, error, expected_h))


def _ratio_finding(value: float, error: float, expected_h: float) -> Finding:
    if value - 3 * error > LONGEST_RATIO:
        return Finding(
            f"Longer than the {expected_h:.1f} h of a central transit: around a larger star, or on an eccentric orbit.",
            True,
        )
    if value + 3 * error < SHORTEST_RATIO:
        return Finding(
            f"Much shorter than the {expected_h:.1f} h of a central transit: grazing, or around another star.", None
        )
    return Finding(f"Possible for this star: a central transit lasts {expected_h:.1f} h.", False)
