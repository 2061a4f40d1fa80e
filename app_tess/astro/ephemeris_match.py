"""Match the ephemerides of two objects: equal period and transit times mean one signal that was found twice.

The second detection is either on the same star or on a neighbor into whose aperture the light of the first spills.

References
----------
Coughlin et al. 2014, AJ 147, 119: an eighth of Kepler's false positives were found by ephemeris matching. TESS pixels
cover 28 times the area on the sky.
"""

import numpy as np
import numpy.typing as npt

from app_tess.astro.arrays import BoolArray

SECTOR_D = 27.4
"""Length of a TESS sector [d]: identical signals stay in step for at least this long."""

NEAREST_TOLERANCE_D, SHARE_OF_DURATION, SHARE_OF_PERIOD = 0.02, 0.3, 0.06
"""Tolerance on mid-transit times: 0.3 durations, but at least half an hour and at most 6 % of the period.

Half an hour [0.02 d] is the timing precision of half-hour full-frame images; 6 % of the period is rarely met by chance.
"""

EQUAL_DEPTH = 1.2
"""Depths within this factor of each other count as equal."""


def in_step(
    period_d: npt.ArrayLike,
    epoch_btjd: npt.ArrayLike,
    duration_d: npt.ArrayLike,
    other_period_d: npt.ArrayLike,
    other_epoch_btjd: npt.ArrayLike,
    error_d: npt.ArrayLike = 0.0,
) -> BoolArray:
    """Return whether pairs of objects have the same period and the same transit times.

    The arguments broadcast against each other.

    Parameters
    ----------
    period_d, other_period_d : array_like
        Periods [d]; NaN or 0 (a single transit) never matches.
    epoch_btjd, other_epoch_btjd : array_like
        A mid-transit time of each object [BTJD d].
    duration_d : array_like
        Transit duration of the first object, first to fourth contact [d]; NaN counts as 0.
    error_d : array_like
        One standard deviation of the difference between their mid-transit times [d], where known. Differences up to
        three standard deviations are also tolerated.

    Returns
    -------
    ndarray of bool, shape of the broadcast arguments
    """
    period, other_period = np.asarray(period_d, dtype=float), np.asarray(other_period_d, dtype=float)
    duration = np.nan_to_num(np.asarray(duration_d, dtype=float))
    with np.errstate(invalid="ignore", divide="ignore"):
        tolerance = np.clip(SHARE_OF_DURATION * duration, NEAREST_TOLERANCE_D, None)
        tolerance = np.minimum(
            np.maximum(tolerance, 3 * np.nan_to_num(error_d, posinf=np.inf)), SHARE_OF_PERIOD * period
        )
        drift = np.abs(other_period - period) * SECTOR_D / period
        cycles = (np.asarray(other_epoch_btjd, dtype=float) - np.asarray(epoch_btjd, dtype=float)) / period
        apart = np.abs(cycles - np.round(cycles)) * period
        same: BoolArray = (period > 0) & (other_period > 0) & (drift < tolerance) & (apart < tolerance)
    return same
