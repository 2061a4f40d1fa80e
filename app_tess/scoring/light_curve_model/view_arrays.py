"""Read arrays from a `.npz` file: each is checked, and the message of a refusal names the file and the array."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from app_tess.errors import TrainingError

LARGEST_ID = 2**63 - 1


def read_arrays(path):
    """Return all arrays of a .npz file by name.

    Raises
    ------
    TrainingError
        It is missing, no .npz file or damaged, or holds Python objects, which are not loaded from a file of strangers.
    """
    source = Path(path).name
    damaged = TrainingError(f"{source} is not a .npz file of views, or is damaged.")
    try:
        archive = np.load(path, allow_pickle=False)
    except FileNotFoundError as error:
        raise TrainingError(f"There is no file {path}.") from error
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, MemoryError) as error:
        raise damaged from error
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise damaged
    arrays, name = {}, ""
    with archive:
        try:
            for name in archive.files:
                arrays[name] = np.asarray(archive[name])
        except MemoryError as error:
            raise TrainingError(f"{source}: '{name}' does not fit into memory.") from error
        except ValueError as error:
            if "Object arrays" not in str(error):
                raise damaged from error
            raise TrainingError(f"{source}: '{name}' holds Python objects; store numbers or text.") from error
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError) as error:
            raise damaged from error
    return arrays


def numbers(arrays, name, source):
    """Return an array as floats; TrainingError if it is not numeric."""
    values = arrays[name]
    try:
        return values.astype(float, casting="unsafe" if values.dtype.kind in "biufSU" else "safe")
    except (ValueError, TypeError) as error:
        raise TrainingError(f"{source}: '{name}' is not numeric.") from error


def one_for_each(values, name, n, source):
    """Return an array of shape (N,); TrainingError for any other shape."""
    if values.ndim != 1:
        raise TrainingError(f"{source}: '{name}' has the shape {values.shape}, not (N,).")
    if len(values) != n:
        raise TrainingError(
            f"{source}: its arrays differ in length or are empty: '{name}' has the shape {values.shape}, not ({n},)."
        )
    return values


def column(arrays, name, n, source):
    """Return a column (N,) of numbers; NaN where it is not finite, or in whole where the file has none."""
    if name not in arrays:
        return np.full(n, np.nan)
    values = one_for_each(numbers(arrays, name, source), name, n, source)
    return np.where(np.isfinite(values), values, np.nan)


def text_column(arrays, name, n, source):
    """Return a column (N,) of text, or None where the file has none."""
    return one_for_each(arrays[name], name, n, source).astype(str) if name in arrays else None


def star_ids(arrays, name, n, source):
    """Return the stars' numbers as integers (N,); TrainingError where one is no whole number."""
    given = one_for_each(arrays[name], name, n, source)
    values = numbers(arrays, name, source)
    wrong = ~((values >= 0) & (values < LARGEST_ID) & (values == np.floor(values)))
    if wrong.any():
        raise TrainingError(f"{source}: '{name}' of {wrong.sum()} of {n} events is no whole number of a star.")
    return (given if given.dtype.kind in "iuSU" else values).astype(np.int64)


def view(arrays, name, bins, source):
    """Return a view (N, bins) of finite numbers."""
    if name not in arrays:
        raise TrainingError(f"{source} has no array '{name}'.")
    values = numbers(arrays, name, source)
    if values.ndim != 2 or values.shape[1] != bins:
        raise TrainingError(f"{source}: '{name}' has the shape {values.shape}, not (N, {bins}).")
    with np.errstate(over="ignore"):
        values = values.astype(np.float32)
    empty = ~np.isfinite(values).all(axis=1)
    if empty.any():
        raise TrainingError(
            f"{source}: '{name}' has values that are not finite in {empty.sum()} of {len(values)} events: fill empty"
            " bins, or leave these events out."
        )
    return values
