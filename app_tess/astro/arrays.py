"""Short names for the array types used in annotations."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Values = TypeVar("Values", float, FloatArray)
"""A number, or an array of numbers: what an element-wise formula takes and returns."""


def distinct(numbers: npt.NDArray[np.integer]) -> IntArray:
    """Return the different numbers, ascending, of many that recur in a narrow range, as `np.unique` does.

    Parameters
    ----------
    numbers : ndarray of int, shape (N,)
    """
    if len(numbers) == 0:
        return np.zeros(0, np.int64)
    lowest = int(numbers.min())
    found: IntArray = np.flatnonzero(np.bincount(numbers - lowest)) + lowest
    return found
