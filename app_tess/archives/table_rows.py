"""Split an archive's table into rows and cells; a broken row is skipped and reported, a table that is cut off refused.

Only CR and LF outside quotes end a row: `str.splitlines` also splits at U+0085, U+2028, vertical tabs and form feeds,
which stand in comments.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app_tess.archives.notes import Notes
from app_tess.archives.toi_columns import match_columns
from app_tess.errors import FileFormatError

HEADER_SEARCH_LINES = 10
"""A dashboard export has a byte-order mark, a sentence and a blank line before its header."""
LONGEST_CELL = 1 << 27
"""Characters. Python's csv refuses cells above 131,072, and the limit holds for the whole process."""
LONGEST_ROW_LINES = 200
"""Lines of a row with line breaks in quotes; where a quotation mark is missing, the rest of the table follows it."""
PACKED_ROWS = 1000
"""Rows whose cells are packed together."""
LONG_ROWS = 10
"""Rows of a table that may have more lines if they then have as many cells as the header."""
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass
class RawTable:
    """The cells of a table as text, by column and packed: as objects of Python they would take five times the memory.

    Attributes
    ----------
    header : list of str
    numbers : array of int
        The number of each row in the file, from 1 below the header.
    broken : int
        Rows that were skipped.
    """

    header: list[str]
    numbers: array[int] = field(default_factory=lambda: array("q"))
    broken: int = 0
    _packed: list[list[bytes]] = field(default_factory=list)
    """Of each batch of rows the columns, each as a compressed JSON list."""
    _latest: list[list[str]] = field(default_factory=list)

    def add(self, row: list[str], number: int) -> None:
        """Add a row, which is as long as the header."""
        self._latest.append(row)
        self.numbers.append(number)
        if len(self._latest) == PACKED_ROWS:
            self._packed.append([_pack(cells) for cells in zip(*self._latest, strict=True)])
            self._latest = []

    def take(self, place: int) -> list[str]:
        """Return the cells of a column, and keep them no longer: it can be taken once."""
        found = []
        for columns in self._packed:
            found += json.loads(zlib.decompress(columns[place]))
            columns[place] = b""
        return found + [row[place] for row in self._latest]


def read_rows(data: bytes, source: str, notes: Notes) -> RawTable:
    """Return the cells of a comma- or pipe-separated table of TOIs, its header found below any preamble.

    Raises
    ------
    FileFormatError
        Not such a table, or cut off; the message names the source.
    """
    lines = _Lines(data)
    commented = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    for number, line in enumerate(islice(lines, commented + HEADER_SEARCH_LINES)):
        for delimiter in (",", "|"):
            header = next(csv.reader([line], delimiter=delimiter), [])
            if not line.startswith("#") and len(header) > 1 and "toi" in match_columns(header):
                return _read_below(lines, number, delimiter, source, notes)
    text = data.decode("utf-8-sig", "surrogateescape")
    if undecoded := _UNDECODED.search(text):
        raise FileFormatError(f"{source}: not a text table (byte {len(text[: undecoded.start()])} is not UTF-8).")
    start = lines[0][:60] if lines else ""
    raise FileFormatError(
        f"{source}: no TOI table here: no header with a column 'TOI' in the first lines "
        f"(the file starts with {start!r})."
    )


def _pack(cells: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(cells).encode(), 1)


class _Lines(Sequence[str]):
    """The lines of a text, each decoded when it is asked for; bytes that are not UTF-8 become half surrogate pairs."""

    def __init__(self, data: bytes) -> None:
        self._data = data.removeprefix(codecs.BOM_UTF8)
        self._ends = array("q", [match.end() for match in _LINE_END.finditer(self._data)])
        if self._data and not self._data.endswith((b"\n", b"\r")):
            self._ends.append(len(self._data))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: Any) -> Any:
        end = self._ends[place]  # raises IndexError where there is none
        place = place % len(self._ends)
        return self._data[self._ends[place - 1] if place else 0 : end].decode("utf-8", "surrogateescape")


_LINE_END = re.compile(rb"\r\n|\r|\n")


def _read_below(lines: Sequence[str], start: int, delimiter: str, source: str, notes: Notes) -> RawTable:
    csv.field_size_limit(LONGEST_CELL)
    is_cut = not lines[-1].endswith(("\n", "\r"))
    rows = _split(lines, start, delimiter)
    header, _, _ = next(rows)
    table = RawTable([_decoded(cell) for cell in header])
    number = 0
    for row, wrong_quotes, is_last in rows:
        number += 1
        has_other_columns = len(row) != len(header)
        problem = wrong_quotes or f"has {len(row)} columns, its header has {len(header)}" if has_other_columns else ""
        if problem and is_last and is_cut and len(row) <= len(header):
            raise FileFormatError(f"{source}: row {number} of the TOI table {problem}: the table is cut off or broken.")
        if problem:
            notes.add("", f"row {number}", f"{problem}; skipped")
            table.broken += 1
            continue
        if not all(map(str.isascii, row)):
            _decode(row, header, f"row {number}", notes)
        table.add(row, number)
    return table


def _split(lines: Sequence[str], start: int, delimiter: str) -> Iterator[tuple[list[str], str, bool]]:
    """Yield (cells, what is wrong with the quotes, whether it is the last) of each row that is not blank."""
    columns, attempts = 0, LONG_ROWS
    while start < len(lines):
        row, problem, used = _first_row(lines, start, LONGEST_ROW_LINES, delimiter)
        if problem and attempts:
            attempts -= 1
            longer = _first_row(lines, start, len(lines), delimiter)
            if len(longer[0]) == columns:
                row, problem, used = longer
        columns = columns or len(row)
        start += used
        if row or problem:
            yield row, problem, start >= len(lines)


def _first_row(lines: Sequence[str], start: int, most_lines: int, delimiter: str) -> tuple[list[str], str, int]:
    """Return the cells from a line on, what is wrong with their quotes, and the number of lines that they take."""
    end = min(start + most_lines, len(lines))
    reader = csv.reader((lines[place] for place in range(start, end)), delimiter=delimiter, strict=True)
    try:
        return next(reader), "", reader.line_num
    except csv.Error as error:  # go on with the next line: a missing quotation mark costs one row
        return [], f"has a quotation mark in the wrong place ({error})", 1


def _decode(row: list[str], header: list[str], place: str, notes: Notes) -> None:
    """Replace the cells of a row that have undecoded bytes."""
    for column, cell in enumerate(row):
        if _UNDECODED.search(cell):
            row[column] = _decoded(cell)
            notes.add(header[column], place, "bytes that are not UTF-8 were read as Latin-1")


def _decoded(cell: str) -> str:
    """Return a cell with its undecoded bytes read as Latin-1, as Windows writes it."""
    return _UNDECODED.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), cell)
