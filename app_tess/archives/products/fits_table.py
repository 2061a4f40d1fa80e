"""Guarded reading of FITS tables: any defect of a file becomes a FileFormatError that names the file and the reason."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from app_tess.archives.products.fits_limits import FITS_BLOCK, require_bounded
from app_tess.archives.products.kinds import FileData
from app_tess.archives.products.plain_table import read_plain_table
from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.errors import FileFormatError

if TYPE_CHECKING:
    from astropy.io import fits

Number = TypeVar("Number", np.float64, np.int64)


def require_whole(data: FileData, source: str) -> None:
    """Raise FileFormatError unless the file reaches the end of its last table and has all its extensions (NEXTEND)."""
    content = _content(data, source)
    with _hdus(content, source) as hdus:
        last = hdus[-1].fileinfo()
        # astropy does not see an HDU whose header is cut in its first block: the file would pass for a shorter one
        if last["datLoc"] + last["datSpan"] > len(content) or len(content) % FITS_BLOCK:
            raise EOFError("truncated")
        if len(hdus) - 1 < (header_int(hdus[0].header, "NEXTEND") or 0):  # cut between two tables
            raise EOFError("truncated")


@dataclass(frozen=True)
class Hdu:
    """A header and what follows it.

    Attributes
    ----------
    name : str
        EXTNAME.
    header : astropy.io.fits.Header
    data : ndarray, FITS_rec or None
        A table has named columns; an image has none.
    """

    name: str
    header: fits.Header
    data: Any

    @property
    def columns(self) -> list[str]:
        """The names of the table's columns."""
        return column_names(self.data)

    def unit(self, column: str) -> str:
        """Return a column's unit; empty where none is stated."""
        return str(self.header.get(f"TUNIT{_place(self.data, column) + 1}") or "").strip()


def open_tess_file(data: FileData, source: str) -> list[Hdu]:
    """Read all HDUs of a TESS file given as bytes or a path.

    Raises
    ------
    FileFormatError
        Not FITS, truncated, damaged, or from another telescope.
    """
    content = _content(data, source)
    with _hdus(content, source) as hdus:  # all is read now, while a failure can still be explained
        found = [Hdu(hdu.name, hdu.header, _data_of(hdu, content)) for hdu in hdus]
    telescope = header_text(found[0].header, "TELESCOP")
    if telescope.upper() != "TESS":
        raise FileFormatError(f"{source} is not a TESS file: its header says TELESCOP = {telescope or 'nothing'}.")
    return found


def _data_of(hdu: Any, content: bytes) -> Any:
    plain = read_plain_table(hdu, content)
    return hdu.data if plain is None else plain


def _content(data: FileData, source: str) -> bytes:
    try:
        content = Path(data).read_bytes() if isinstance(data, (str, Path)) else bytes(data)
    except OSError as error:
        raise FileFormatError(f"{source} cannot be read: {error.strerror or error}.") from error
    if not content:
        raise FileFormatError(f"{source} is empty.")
    if not content.startswith(b"SIMPLE  ="):
        page = b"<html" in content[:1000].lower() or content.lstrip()[:1] == b"<"
        looks = "an HTML page" if page else "a gzip file" if content.startswith(b"\x1f\x8b") else "something else"
        raise FileFormatError(f"{source} is not a FITS file: it starts like {looks}.")
    require_bounded(content, source)
    return content


@contextlib.contextmanager
def _hdus(content: bytes, source: str) -> Iterator[fits.HDUList]:
    from astropy.io import fits
    from astropy.io.fits.verify import VerifyWarning
    from astropy.utils.exceptions import AstropyUserWarning

    try:
        with warnings.catch_warnings():
            # astropy only warns of a truncated file and fails later, far from the cause; here it is an error at once
            warnings.filterwarnings("error", message=".*truncated.*", category=AstropyUserWarning)
            warnings.simplefilter("ignore", VerifyWarning)
            with fits.open(io.BytesIO(content), memmap=False, lazy_load_hdus=False) as hdus:
                yield hdus
    except (AstropyUserWarning, OSError, TypeError, ValueError, IndexError, KeyError, EOFError) as error:
        if "truncated" in str(error) or len(content) % FITS_BLOCK:
            raise FileFormatError(
                f"{source} is truncated: it ends after {len(content)} bytes, before its tables do."
            ) from error
        raise FileFormatError(f"{source} is a damaged FITS file: {error}.") from error


def header_number(header: Any, key: str) -> float | None:
    """Return a header's number; None where it is absent, blank or not finite."""
    value = header.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        return None
    return float(value)


def header_int(header: Any, key: str) -> int | None:
    """Return a header's number as an integer; None where it is absent, blank or not finite."""
    value = header_number(header, key)
    return None if value is None else int(value)


def header_text(header: Any, key: str) -> str:
    """Return a header's text; empty where it is absent."""
    return str(header.get(key, "")).strip()


def header_flag(header: Any, key: str) -> bool:
    """Return a header's flag; False where it is absent."""
    return bool(header.get(key, False))


def read_column(table: Any, name: str, source: str) -> FloatArray:
    """Return a column, shape (N,); FileFormatError where it holds text or several numbers per row."""
    return _read(table, name, source, np.float64)


def read_flags(table: Any, name: str, source: str) -> IntArray:
    """Return a column of bits, shape (N,); FileFormatError where it holds text or several numbers per row."""
    return _read(table, name, source, np.int64)


def read_optional(table: Any, name: str, source: str) -> FloatArray:
    """Return a column, shape (N,), of NaN where the table lacks it."""
    return read_column(table, name, source) if has_column(table, name) else np.full(len(table), np.nan)


def has_column(table: Any, name: str) -> bool:
    """Return whether a table has a column; in FITS the case of a column's name makes no difference."""
    return name.upper() in (known.upper() for known in column_names(table))


def column_names(table: Any) -> list[str]:
    """Return the names of a table's columns; none of what is no table."""
    return [] if table is None else list(table.dtype.names or ())


def _place(table: Any, name: str) -> int:
    return [known.upper() for known in column_names(table)].index(name.upper())


def _read(table: Any, name: str, source: str, dtype: type[Number]) -> npt.NDArray[Number]:
    place = _place(table, name)
    stored = table.dtype[place]  # seen before the values are converted, which would multiply text and bits
    if stored.shape:
        raise FileFormatError(f"{source}: its column {name} holds {stored.shape} values per row, not one.")
    if stored.kind not in "iufb":
        raise FileFormatError(f"{source}: its column {name} does not hold numbers.")
    try:
        values: npt.NDArray[Number] = np.asarray(table[column_names(table)[place]], dtype=dtype)
    except (TypeError, ValueError) as error:
        raise FileFormatError(f"{source}: its column {name} does not hold numbers.") from error
    return values


def require_increasing(time_btjd: FloatArray, source: str) -> None:
    """Raise FileFormatError unless the times increase; where they do not, time and flux have come apart."""
    finite = time_btjd[np.isfinite(time_btjd)]
    if (np.diff(finite) <= 0).any():
        where = finite[1:][np.diff(finite) <= 0][0]
        raise FileFormatError(f"{source}: its TIME does not increase (at BTJD {where:.5f}): the file is damaged.")


def read_cadence_s(header: Any, time_btjd: FloatArray) -> float | None:
    """Return the cadence [s]: TIMEDEL [d] where given, else the median step in time; None for a single cadence."""
    timedel = header_number(header, "TIMEDEL")
    if timedel:
        return timedel * SECONDS_PER_DAY
    steps = np.diff(time_btjd[np.isfinite(time_btjd)])
    return float(np.median(steps) * SECONDS_PER_DAY) if len(steps) else None
