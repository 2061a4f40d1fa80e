"""What a FITS file may unfold to, seen in its headers before any table is read.

A small file can cost gigabytes: tables and images that are compressed inside, rows of one byte, lists that share
their values, thousands of HDUs. Files of the TESS archives have none of these.

References
----------
FITS Standard 4.0, secs. 3 and 4.4.
"""

import math
import re

from app_tess.errors import FileFormatError

FITS_BLOCK = 2880
"""A FITS file consists of whole blocks of this many bytes."""

CARD = 80
MOST_HDUS = 100
"""A data-validation file has one per event, fewer than twenty."""

MOST_HEADER_BLOCKS = 100
"""Of one HDU: 3,600 cards, where TESS files have a few hundred."""

MOST_ROWS = 6_000_000
"""Of all tables together: five events in every two-minute cadence of five years."""

_NUMBER = re.compile(rb"(BITPIX|NAXIS\d*|PCOUNT|GCOUNT|ZIMAGE|ZTABLE) *= *(-?\d{1,12}|[TF])(?= |/|$)")
_LIST = re.compile(rb"TFORM\d+ *= *'\d*[PQ]")


def require_bounded(content: bytes, source: str) -> None:
    """Raise FileFormatError where a file's HDUs, headers or rows are too many, or where it is compressed inside.

    A file that ends early passes: reading it gives the more precise message.
    """
    start, rows, n_hdus = 0, 0, 0
    while start < len(content):
        n_hdus += 1
        if n_hdus > MOST_HDUS:
            raise FileFormatError(f"{source} has more than {MOST_HDUS} HDUs, which no TESS file has.")
        header, start = _read_header(content, start, source)
        if "T" in (header.get("ZIMAGE"), header.get("ZTABLE")):
            raise FileFormatError(f"{source} is compressed inside (HDU {n_hdus}), which no TESS file is.")
        numbers = {name: int(value) for name, value in header.items() if value not in "TF"}
        axes = [numbers.get(f"NAXIS{axis}", 0) for axis in range(1, min(numbers.get("NAXIS", 0), 999) + 1)]
        if min(*axes, 0, numbers.get("PCOUNT", 0), numbers.get("GCOUNT", 1)) < 0:
            raise FileFormatError(f"{source} is a damaged FITS file: a size in header {n_hdus} is negative.")
        if len(axes) == 2 and n_hdus > 1:
            rows += axes[1]
        if rows > MOST_ROWS:
            raise FileFormatError(f"{source} has more than {MOST_ROWS:,} rows, which no TESS file has.")
        values = numbers.get("PCOUNT", 0) + (math.prod(axes) if axes else 0)
        n_bytes = abs(numbers.get("BITPIX", 8)) // 8 * numbers.get("GCOUNT", 1) * values
        start += math.ceil(n_bytes / FITS_BLOCK) * FITS_BLOCK


def _read_header(content: bytes, start: int, source: str) -> tuple[dict[str, str], int]:
    """Return the numbers and flags of a header that give sizes, and where its data begin."""
    found: dict[str, str] = {}
    limit = start + MOST_HEADER_BLOCKS * FITS_BLOCK
    for place in range(start, min(limit, len(content)), CARD):
        card = content[place : place + CARD]
        if card[:8] == b"END     ":
            return found, start + math.ceil((place + CARD - start) / FITS_BLOCK) * FITS_BLOCK
        if _LIST.match(card):
            raise FileFormatError(f"{source} has a column of lists (variable-length arrays), which no TESS file has.")
        if match := _NUMBER.match(card):
            found.setdefault(match.group(1).decode(), match.group(2).decode())
    if limit < len(content):
        raise FileFormatError(
            f"{source} has a header of more than {MOST_HEADER_BLOCKS} blocks, which no TESS file has."
        )
    return found, len(content)
