"""Short names for the array types used in annotations."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Values = TypeVar("Values", float, FloatArray)
"""A number, or an array of numbers: what an element-wise formula takes and returns."""
