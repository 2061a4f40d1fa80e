"""The number of transits observed."""

from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

TRANSITS = Quantity(
    "transits",
    "Transits observed",
    "transits",
    "those with 40 % or more of their cadences; a count, exact",
    "this project",
)


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Count the transits with enough cadences to be measured individually."""
    count = len(context.rows)
    finding = _finding(count, context.ephemeris.is_single_transit, context.transits_shared)
    return (TRANSITS.measured(count, 0.0, finding),)


def _finding(count: int, is_single_transit: bool, shared: bool) -> Finding:
    also = (
        " Transits of another TOI of this star coincide with them: possibly the same signal, listed twice."
        if shared
        else ""
    )
    if count < 1:
        return Finding(f"No transit has enough cadences to be measured individually.{also}", None)
    if is_single_transit:
        return Finding(f"A single transit: the period is unknown.{also}", None)
    if count < 2:
        return Finding(f"Only {count} full transit in these data: the period cannot be verified.{also}", None)
    return Finding(f"{count} full transits.{also}", None if shared else False)
