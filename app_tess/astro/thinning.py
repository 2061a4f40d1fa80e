"""Thin out a light curve for display: every cadence where there are few enough, else medians of equal bins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import MINUTES_PER_DAY

BIN_WIDTHS_MIN = (2, 4, 6, 10, 15, 20, 30, 60, 120, 240, 480)
"""Widths that are tried, the narrowest first [min]; wider ones are doubled."""


@dataclass(frozen=True, eq=False)
class ThinnedPoints:
    """Points to draw.

    Attributes
    ----------
    time_btjd : ndarray, shape (M,)
        Time of each cadence, or the mean time of those in a bin [d].
    columns : tuple of ndarray, shape (M,)
        Values of each cadence, or medians of the bins.
    bin_min : int or None
        Width of the bins [min]; None: every cadence.
    """

    time_btjd: FloatArray
    columns: tuple[FloatArray, ...]
    bin_min: int | None


def thin_out(time_btjd: FloatArray, columns: Sequence[FloatArray], most: int) -> ThinnedPoints:
    """Return every cadence if there are at most `most`, else medians in the narrowest bins of which there are no more.

    A bin is at least as wide as two cadences. Bins begin at multiples of their width, so that those of two overlapping
    intervals agree. Empty bins are left out.

    Parameters
    ----------
    time_btjd : ndarray, shape (N,)
        Ascending [d], finite.
    columns : sequence of ndarray, shape (N,)
        NaN marks a missing value; the median of a bin leaves it out, and is NaN where the bin has no other.
    most : int
        At least 1.
    """
    if len(time_btjd) <= most:
        return ThinnedPoints(time_btjd, tuple(columns), None)
    step_min = MINUTES_PER_DAY * float(np.median(np.diff(time_btjd)))
    widths = [width for width in BIN_WIDTHS_MIN if width > 1.9 * step_min] or [2 * BIN_WIDTHS_MIN[-1]]
    while True:
        width = widths.pop(0)
        slot = np.floor(time_btjd * (MINUTES_PER_DAY / width)).astype(np.int64)
        _, slot = np.unique(slot, return_inverse=True)
        bins = int(slot[-1]) + 1
        if bins <= most:
            break
        widths = widths or [2 * width]
    mean_time = np.bincount(slot, weights=time_btjd) / np.bincount(slot)
    return ThinnedPoints(mean_time, tuple(_bin_medians(slot, bins, column) for column in columns), width)


def _bin_medians(slot: np.ndarray, bins: int, values: FloatArray) -> FloatArray:
    """Return the median of the finite values in each slot, shape (bins,)."""
    finite = np.isfinite(values)
    slot, values = slot[finite], values[finite]
    order = np.lexsort((values, slot))
    values = values[order]
    members = np.bincount(slot, minlength=bins)
    first = np.concatenate([[0], np.cumsum(members)[:-1]])
    medians = np.full(bins, np.nan)
    some = members > 0
    low, high = first[some] + (members[some] - 1) // 2, first[some] + members[some] // 2
    medians[some] = 0.5 * (values[low] + values[high])
    return medians
