"""Another classifier's scores as a CSV file, plain or compressed with gzip: one signal a row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app_tess.archives.given_file import unpack
from app_tess.archives.score_cells import read_date, read_period, read_score, read_tic_id, read_toi, read_version
from app_tess.errors import FileFormatError, InvalidInput

NAMES = {
    "tic_id": ("ticid", "tic"),
    "toi": ("toi", "toiid", "fulltoiid"),
    "period_d": ("periodd", "period", "perioddays", "perioddy", "orbitalperiodday", "orbitalperiodd", "orbitalperiod"),
    "score": ("score", "planetprobability", "probability"),
    "scored_on": ("date", "scoredon", "scoredate", "datescored"),
    "version": ("version", "modelversion"),
}
"""Our name -> the columns that are read for it, the first that is there: letters and digits in lower case."""
READ: dict[str, Callable[[str], Any]] = {
    "tic_id": read_tic_id,
    "toi": read_toi,
    "period_d": read_period,
    "score": read_score,
    "scored_on": read_date,
    "version": read_version,
}
LARGEST_BYTES = 64_000_000
"""Of the text: ExoMiner's 11,289 events take 3 MB."""
MOST_ROWS = 200_000
PROBLEMS_SHOWN = 5


@dataclass
class ScoreFile:
    """What a file holds."""

    rows: list[dict[str, Any]]
    """row, toi, tic_id, period_d, score, scored_on, version: the columns of a stored score."""
    columns: dict[str, str]
    """Our name -> the file's column."""
    data: bytes
    """The file as it is, for its checksum."""
    notes: list[str] = field(default_factory=list)


def read_scores(path: Path, name: str, score_column: str = "") -> ScoreFile:
    """Read a file of scores.

    Parameters
    ----------
    path : Path
    name : str
        The classifier's: the column "<name> score" is read where there is no column "score".
    score_column : str
        The column of the scores, if it has another name.

    Raises
    ------
    FileFormatError
        The file cannot be read, lacks a column, or holds a value that cannot be one; the message names the file, the
        row (the first is 1) and the column. No part of such a file is returned.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FileFormatError(f"{path}: more than {LARGEST_BYTES // 1_000_000} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise FileFormatError(f"{path}: {error.strerror or error}") from error
    found = ScoreFile([], {}, data)
    lines = _lines(_text(data, path, found.notes), path)
    header_row, header = next(lines, (1, []))
    found.columns = columns = _columns(header, name, score_column, path)
    places = {ours: header.index(theirs) for ours, theirs in columns.items()}
    problems: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in lines:
        if number - header_row > MOST_ROWS:
            raise FileFormatError(f"{path}: more than {MOST_ROWS:,} rows.")
        if len(cells) != len(header):
            problems.append(f"row {number}: {len(cells)} cells, where the header has {len(header)} columns")
            continue
        row = _row(number, cells, places, columns, problems)
        key = (row["toi"],) if row.get("toi") else (*cells[: places["score"]], *cells[places["score"] + 1 :])
        if seen.setdefault(key, number) != number:
            column = columns["toi"] if row.get("toi") else columns["tic_id" if "tic_id" in columns else "score"]
            problems.append(f"row {number}, column '{column}': the signal of row {seen[key]} again")
        found.rows.append(row)
    _require_none(problems, path)
    if not found.rows:
        raise FileFormatError(f"{path}: holds no row of scores.")
    return found


def _require_none(problems: list[str], path: Path) -> None:
    if problems:
        more = f"; and {len(problems) - PROBLEMS_SHOWN:,} more" if len(problems) > PROBLEMS_SHOWN else ""
        raise FileFormatError(f"{path}: {'; '.join(problems[:PROBLEMS_SHOWN])}{more}. Nothing was stored.")


def _row(
    number: int, cells: list[str], places: dict[str, int], columns: dict[str, str], problems: list[str]
) -> dict[str, Any]:
    """Read the cells of a row; what cannot be read is added to the problems."""
    row: dict[str, Any] = dict.fromkeys(READ) | {"row": number}
    before = len(problems)
    for ours, place in places.items():
        try:
            row[ours] = READ[ours](cells[place])
        except InvalidInput as error:
            problems.append(f"row {number}, column '{columns[ours]}': {error}")
    if len(problems) == before and row["toi"] is None and row["tic_id"] is None:
        column = columns.get("tic_id") or columns["toi"]
        problems.append(f"row {number}, column '{column}': neither a TOI nor a TIC id")
    return row


def _columns(header: list[str], name: str, score_column: str, path: Path) -> dict[str, str]:
    """Find our columns in the header."""
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        raise FileFormatError(f"{path}: row 1 has no commas: columns are separated by commas.")
    by_plain: dict[str, str] = {}
    for column in reversed(header):
        by_plain[_plain(column)] = column
    wanted = dict(NAMES) | {"score": (*NAMES["score"][:1], _plain(f"{name} score"), *NAMES["score"][1:])}
    if score_column:
        if score_column not in header:
            raise FileFormatError(f"{path}: no column '{score_column}'.")
        by_plain[NAMES["score"][0]] = score_column
    found = {
        ours: next(by_plain[plain] for plain in plains if plain in by_plain)
        for ours, plains in wanted.items()
        if any(plain in by_plain for plain in plains)
    }
    if repeated := [column for column in found.values() if header.count(column) > 1]:
        raise FileFormatError(f"{path}: row 1 has the column '{repeated[0]}' more than once.")
    if "score" not in found:
        raise FileFormatError(f"{path}: no column 'score' (nor '{name} score'); name it with --score-column.")
    if "toi" not in found and not {"tic_id", "period_d"} <= found.keys():
        raise FileFormatError(f"{path}: no column 'toi', nor both 'tic_id' and 'period'.")
    return found


def _plain(column: str) -> str:
    folded = unicodedata.normalize("NFKC", column).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _lines(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with cells, with their number; comments before the header are left out."""
    begun = False
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            cells = [cell.strip() for cell in row]
            if any(cells) and (begun or not cells[0].startswith("#")):
                begun = True
                yield number, cells
    except csv.Error as error:
        raise FileFormatError(f"{path}: not a CSV table: {error}.") from error


def _text(data: bytes, path: Path, notes: list[str]) -> str:
    data = unpack(data, path, LARGEST_BYTES)
    if b"\0" in data:
        raise FileFormatError(f"{path}: not a text in UTF-8 or Latin-1: it has null bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append("The file is not in UTF-8; it was read as Latin-1.")
        return data.decode("latin-1")
