"""How a value of the catalogue is written, on pages, in messages and in provenances."""

import math

MISSING = "–"
MAX_DECIMALS = 10
LARGEST_WRITTEN_OUT = 1e15
"""Larger numbers are written with an exponent: no catalogue value is as large, and all their digits fill a page."""


def measured(value: float | None, error: float | None = None, decimals: int | None = 2) -> str:
    """Format value ± error to two significant digits of the error, 1.430370 ± 0.000021; else to `decimals` (0)."""
    decimals = decimals or 0
    if value is None or not math.isfinite(value):
        return MISSING
    if abs(value) >= LARGEST_WRITTEN_OUT:
        return f"{value:.6g}"
    if error is None or not 0 < error < LARGEST_WRITTEN_OUT:
        return f"{value:{_mark(value, decimals)}.{decimals}f}"
    decimals = min(MAX_DECIMALS, max(0, 1 - math.floor(math.log10(error))))
    mark = _mark(value, decimals)
    return f"{value:{mark}.{decimals}f} ± {error:{mark}.{decimals}f}"


def _mark(value: float, decimals: int) -> str:
    """Thousands are separated in large numbers, and not in a period of many decimals."""
    return "" if abs(value) < 10_000 and decimals > 2 else ","
