"""The depth of the folded transit."""

from app_tess.astro.vetting.context import SIGNIFICANT_DIP, VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

DEPTH = Quantity(
    "depth",
    "Depth",
    "ppm",
    "1 - median(flux within 0.3 durations) / median(flux 1.25 to 4 durations wide)",
    "Winn 2010, arXiv:1001.2010; red noise as Winn et al. 2008, ApJ 683, 1076",
)


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the depth with `astro.folding.measure_depth`; the error includes red noise."""
    value, error = context.depth.depth_ppm, context.depth_err_ppm
    return (DEPTH.measured(value, error, _finding(value, error, _dilution(context))),)


def _finding(value: float, error: float, dilution: str) -> Finding:
    if value <= 0:
        return Finding("No dip at the predicted times.", True)
    if value < SIGNIFICANT_DIP * error:
        return Finding("The dip is not significant: below 3 sigma.", True)
    return Finding(f"A dip of {value:,.0f} ppm, {value / error:,.0f} sigma.{dilution}", False)


def _dilution(context: VettingContext) -> str:
    """Return a sentence about the light of other stars in the flux; empty where there is none."""
    share = context.diluting_share
    if not share:
        return ""
    flux = context.stitched.flux_type.label
    return f" {flux} flux: {100 * share:.0f} % of the light comes from other stars, which makes the dip shallower."
