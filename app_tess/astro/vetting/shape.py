"""The shape of the transit: V-shaped where two stars graze, flat-bottomed for a planet."""

import math

from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.trapezoid import fit_trapezoid, why_no_shape

V_SHAPE = Quantity(
    "v_shape",
    "V-shape",
    "ingress / duration",
    "trapezoid fit: 0 is a box, 0.5 a V",
    "Thompson et al. 2018, ApJS 235, 38",
)

V_INGRESS = 0.365
"""Ingress over duration above which the shape is a V, as of grazing stars. A pure V has 0.5, but limb darkening rounds
its tip: of batman's models (Kreidberg 2015, PASP 127, 1161) grazing stars have 0.36 to 0.44, planets that do not graze
at most 0.36."""

FLAT_INGRESS = 0.25
"""Ingress over duration below which the floor is flat."""

SMALLEST_RADIUS_RATIO = 0.05
"""Radius ratio below which a V is not a red flag."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the ingress relative to the duration."""
    why, fit = why_no_shape(context), context.shared(fit_trapezoid)
    if why or fit is None:
        return (V_SHAPE.not_measured(why),)
    finding = _finding(fit.ingress, fit.ingress_err, math.sqrt(max(fit.depth, 0)))
    return (V_SHAPE.measured(fit.ingress, fit.ingress_err, finding),)


def _finding(ingress: float, error: float, radius_ratio: float) -> Finding:
    if ingress > V_INGRESS and ingress - 3 * error > FLAT_INGRESS and radius_ratio > SMALLEST_RADIUS_RATIO:
        return Finding("V-shaped: no flat floor, as for grazing stars.", True)
    if ingress > V_INGRESS:
        return Finding("V-shaped, but too shallow or too noisy to be conclusive.", None)
    if ingress > FLAT_INGRESS:
        return Finding("Rounded but not V-shaped, as for a planet near the limb of the star.", False)
    return Finding("Flat-bottomed, as for a planet in front of a star.", False)
