"""Standard deviations that a few flares, dips or glitches do not spoil."""

import numpy as np

MAD_TO_SIGMA = 1.4826
"""Standard deviation over median absolute deviation, of a normal distribution."""


def scatter(values, median=None):
    """Standard deviation of values, shape (N,), from their median absolute deviation; of whatever slow change they hold too.

    Their median may be given where it is known.
    """
    return MAD_TO_SIGMA * np.median(np.abs(values - (np.median(values) if median is None else median)))


def step_scatter(values):
    """Standard deviation of values, shape (N,), from the steps between neighbours: a slow change does not count."""
    return MAD_TO_SIGMA * np.median(np.abs(np.diff(values))) / np.sqrt(2)
