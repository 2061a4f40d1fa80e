"""Estimates of the standard deviation that are robust against flares, dips and glitches."""

import numpy as np

from app_tess.astro.arrays import FloatArray

MAD_TO_SIGMA = 1.4826
"""Ratio of standard deviation to median absolute deviation for a normal distribution."""


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
