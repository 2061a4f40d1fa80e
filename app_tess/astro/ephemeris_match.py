"""Do two objects dip at the same times? Then one signal was found twice: on one star again, or on a neighbour whose light spills over.

Coughlin et al. 2014, AJ 147, 119 found an eighth of Kepler's false positives so; TESS's pixels are 28 times larger in area.
"""

import numpy as np

SECTOR_D = 27.4
"""Two signals that are the same stay in step at least as long as TESS looks at a field [d]."""

NEAREST_TOLERANCE_D, SHARE_OF_DURATION, SHARE_OF_PERIOD = 0.02, 0.3, 0.06
"""Mid-transit times agree when they differ by less than 0.3 durations, but at least half an hour and at most 6 % of the period:
the timing precision of half-hourly full-frame images, and rarely met by chance."""


def in_step(period_d, epoch_btjd, duration_d, other_period_d, other_epoch_btjd, error_d=0.0):
    """Whether pairs of objects have the same period and dip at the same times. Arguments broadcast against each other.

    Parameters
    ----------
    period_d, other_period_d : array_like
        Periods [d]; NaN or 0 (a single transit) is in step with nothing.
    epoch_btjd, other_epoch_btjd : array_like
        A mid-transit time of each [BTJD d].
    duration_d : array_like
        First to fourth contact [d] of the first; NaN counts as 0.
    error_d : array_like
        One standard deviation of the difference of their mid-transit times [d], where it is known: 3 of them are tolerated too.

    Returns
    -------
    ndarray of bool
    """
    period, other_period = np.asarray(period_d, dtype=float), np.asarray(other_period_d, dtype=float)
    duration = np.nan_to_num(np.asarray(duration_d, dtype=float))
    with np.errstate(invalid="ignore", divide="ignore"):
        tolerance = np.clip(SHARE_OF_DURATION * duration, NEAREST_TOLERANCE_D, None)
        tolerance = np.minimum(np.maximum(tolerance, 3 * np.nan_to_num(error_d)), SHARE_OF_PERIOD * period)
        drift = np.abs(other_period - period) * SECTOR_D / period
        cycles = (np.asarray(other_epoch_btjd, dtype=float) - np.asarray(epoch_btjd, dtype=float)) / period
        apart = np.abs(cycles - np.round(cycles)) * period
        return (period > 0) & (other_period > 0) & (drift < tolerance) & (apart < tolerance)
