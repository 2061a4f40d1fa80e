"""Binary tables of plain numbers, read without the columns of astropy, whose making takes longer than the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from astropy.io import fits

FORMATS = {"B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "E": ">f4", "D": ">f8"}
"""Code in TFORM -> NumPy's type (FITS Standard 4.0, table 18)."""

CONVERTING = ("TSCAL", "TZERO", "TDIM")
"""Keywords of columns whose stored values are not those meant, or have a shape."""


def read_plain_table(hdu: Any, content: bytes) -> npt.NDArray[np.void] | None:
    """Return the rows of a table as a structured array; None where it is not a table of one plain number per column.

    Parameters
    ----------
    hdu : HDU
        Of astropy, whose data need not have been read.
    content : bytes
        The file.
    """
    header: fits.Header = hdu.header
    if header.get("XTENSION") != "BINTABLE" or any(key.startswith(CONVERTING) for key in header):
        return None
    numbers = range(1, header["TFIELDS"] + 1)
    names = [str(header.get(f"TTYPE{number}", "")) for number in numbers]
    forms = [FORMATS.get(str(header.get(f"TFORM{number}", "")).strip().removeprefix("1")) for number in numbers]
    if None in forms or "" in names or len({name.upper() for name in names}) < len(names):
        return None
    rows = np.dtype({"names": names, "formats": forms})
    start: int = hdu.fileinfo()["datLoc"]
    if header["PCOUNT"] or header["NAXIS1"] != rows.itemsize or start + rows.itemsize * header["NAXIS2"] > len(content):
        return None
    return np.frombuffer(content, rows, header["NAXIS2"], start)
