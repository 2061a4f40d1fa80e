"""Estimates of the standard deviation that are robust against flares, dips and glitches."""

import numpy as np

from app_tess.astro.arrays import FloatArray

MAD_TO_SIGMA = 1.4826
"""Ratio of standard deviation to median absolute deviation for a normal distribution."""


def quick_median(values: FloatArray) -> float:
    """Return the median of values without NaN, shape (N > 0,), as `np.median` does but with a tenth of its overhead."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    low, high = np.partition(values, (middle - 1, middle))[middle - 1 : middle + 1]
    return float((low + high) / 2)


def scatter(values: FloatArray, median: float | None = None) -> float:
    """Return the standard deviation of values from their median absolute deviation, slow variations included.

    Parameters
    ----------
    values : ndarray, shape (N,)
    median : float, optional
        Median of the values, where it is already known.
    """
    deviation: float = np.median(np.abs(values - (np.median(values) if median is None else median)))
    return MAD_TO_SIGMA * deviation


def step_scatter(values: FloatArray) -> float:
    """Return the standard deviation of values, shape (N,), from successive differences, free of slow variations."""
    sigma: float = MAD_TO_SIGMA * np.median(np.abs(np.diff(values))) / np.sqrt(2)
    return sigma


def box_noise(time: FloatArray, values: FloatArray, width: float) -> tuple[float, float]:
    """Return the standard deviation of the means of boxes, and the number of values in a typical box.

    Boxes with less than half of the typical number of values are left out.

    Parameters
    ----------
    time : ndarray, shape (N,), ascending
    values : ndarray, shape (N,)
    width : float
        Length of a box, in the unit of time.

    Returns
    -------
    tuple of float
        (NaN, NaN) with fewer than five boxes.
    """
    slot = np.floor((time - time[0]) / width).astype(int)
    starts = np.flatnonzero(np.concatenate([[True], np.diff(slot) != 0]))
    count = np.diff(np.append(starts, len(time)))
    typical = float(np.median(count))
    full = count >= 0.5 * typical
    if full.sum() < 5:
        return float("nan"), float("nan")
    return scatter((np.add.reduceat(values, starts) / count)[full]), typical
