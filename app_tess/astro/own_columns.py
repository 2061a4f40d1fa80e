"""Read the columns of somebody's own light curve: lists, numpy or masked arrays, astropy's Time and Quantity."""

from typing import Any

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.times import BTJD_OFFSET_D
from app_tess.errors import InvalidInput

SMALLEST_JD = 2_000_000.0
"""Times above are Julian dates: BTJD stays below until the year 7500."""


def read_values(column: Any, name: str) -> FloatArray:
    """Return a column as floats, shape (N,); a masked element is NaN, and a unit is left out.

    Parameters
    ----------
    column : array_like, shape (N,)
        Also a masked array, a Quantity or a masked Quantity of astropy, or a Series of pandas.
    name : str
        The parameter, for the message.

    Raises
    ------
    InvalidInput
        It is not one-dimensional, is empty, or holds what is no number.
    """
    bare = getattr(column, "unmasked", column)  # astropy's masked columns
    bare = getattr(bare, "value", bare)
    if str(getattr(column, "unit", "")) == "mag":
        raise InvalidInput("a flux is needed, not magnitudes.", field=name)
    try:
        values = np.array(np.ma.getdata(bare)).astype(float, casting="unsafe" if np.isrealobj(bare) else "safe")
    except (TypeError, ValueError):
        raise InvalidInput("not an array of real numbers.", field=name) from None
    if values.ndim != 1 or not len(values):
        raise InvalidInput(f"an array of one dimension is needed, not of shape {values.shape}.", field=name)
    mask = np.asarray(getattr(column, "mask", False))
    if mask.shape == values.shape and mask.dtype == bool:
        values[mask] = np.nan
    return values


def read_times_btjd(column: Any, name: str = "time") -> FloatArray:
    """Return times as BTJD [d], shape (N,); NaN where masked.

    Parameters
    ----------
    column : array_like, shape (N,)
        BTJD or BJD [d], as `read_values` takes them, or a Time of astropy in any format, which is converted to TDB.

    Raises
    ------
    InvalidInput
        As for `read_values`.
    """
    if hasattr(column, "jd1"):
        return _days_of(column, name)
    days = read_values(column, name)
    is_julian_date = bool(np.isfinite(days).any()) and float(np.nanmedian(days)) > SMALLEST_JD
    return days - BTJD_OFFSET_D if is_julian_date else days


def read_number(value: Any, unit: str, name: str) -> float | None:
    """Return a number, or None for None; a Quantity of astropy is converted to the unit, a Time to BTJD.

    Raises
    ------
    InvalidInput
        It is not one number, or has a unit that cannot be converted.
    """
    if value is None:
        return None
    if hasattr(value, "jd1"):
        return float(_days_of(value.reshape(1), name)[0])
    try:
        return float(value.to_value(unit)) if hasattr(value, "to_value") else float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"one number [{unit}] is needed: {error}.", field=name) from None


def _days_of(time: Any, name: str) -> FloatArray:
    """Return an astropy Time as BTJD, to its full precision."""
    converted = time if time.scale in ("tdb", "local") else time.tdb
    whole, rest = read_values(converted.jd1, name), read_values(converted.jd2, name)
    return (whole - BTJD_OFFSET_D) + rest
