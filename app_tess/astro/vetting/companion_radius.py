"""The radius of the transiting companion, from the depth and the star's radius."""

import math

from app_tess.astro.constants import PPM, RSUN_IN_REARTH
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

COMPANION_RADIUS = Quantity(
    "companion_radius",
    "Radius of the companion",
    "R_earth",
    "R_star sqrt(depth); error: the depth's alone",
    "Winn 2010, arXiv:1001.2010",
)

LARGEST_PLANET_REARTH = 25.0
"""The largest inflated giants reach about 2.2 Jupiter radii (24.6 Earth radii)."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure R_star sqrt(depth), with the depth corrected for dilution if the flux is not."""
    if not context.is_dip_significant:
        return (COMPANION_RADIUS.not_measured("the dip is not significant"),)
    if not context.stellar_radius_rsun:
        return (COMPANION_RADIUS.not_measured("the star's radius is unknown"),)
    depth = context.depth
    undiluted_ppm = depth.depth_ppm / (1 - (context.diluting_share or 0.0))
    radius = context.stellar_radius_rsun * RSUN_IN_REARTH * math.sqrt(max(undiluted_ppm, 0) / PPM)
    error = radius * context.red_noise * depth.depth_err_ppm / depth.depth_ppm / 2
    return (COMPANION_RADIUS.measured(radius, error, _finding(radius)),)


def _finding(radius_rearth: float) -> Finding:
    if radius_rearth > LARGEST_PLANET_REARTH:
        return Finding(f"{radius_rearth:.1f} Earth radii: larger than any known planet; a star or a brown dwarf.", True)
    return Finding(
        f"{radius_rearth:.1f} Earth radii: the size of a planet, unless another star dilutes the transit.", False
    )
