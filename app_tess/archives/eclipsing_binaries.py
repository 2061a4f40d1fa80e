"""The catalogue of TESS eclipsing binaries of Prša et al., as a CSV file, plain or compressed with gzip.

References
----------
Prša et al. 2022, ApJS 258, 16; VizieR J/ApJS/258/16. Epochs are BJD - 2457000, depths and widths are of normalized flux
and of phase. The catalogue gives no errors.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from app_tess.archives.given_file import unpack
from app_tess.astro.identifiers import LARGEST_TIC_ID
from app_tess.astro.times import BTJD_OFFSET_D, EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD, bjd_to_btjd
from app_tess.errors import FileFormatError

COLUMNS = {
    "tmag": "tmag",
    "epoch_btjd": "epoch_bjd",
    "period_d": "period_d",
    "morphology": "morphology",
    "primary_width_phase": "width_primary_phase",
    "primary_depth": "depth_primary",
    "secondary_width_phase": "width_secondary_phase",
    "secondary_depth": "depth_secondary",
}
"""Our name -> the file's."""
REQUIRED = ("tic_id", "epoch_bjd", "period_d")
LARGEST_BYTES = 100_000_000
"""Of the text; the catalogue of 2022 has 600 kB."""


def read_eclipsing_binaries(path: Path) -> tuple[list[dict[str, Any]], list[str], bytes]:
    """Read the file.

    Returns
    -------
    rows : list of dict
        tic_id, signal, and the names of COLUMNS; None where a value is blank or impossible.
    notes : list of str
        A sentence for each row that was left out.
    data : bytes
        The file as it is, for its checksum.

    Raises
    ------
    FileFormatError
        The file cannot be read or is no such table; the message names it and the column.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileFormatError(f"{path}: {error.strerror or error}") from error
    reader = csv.DictReader(io.StringIO(_text(data, path)))
    lacking = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if lacking:
        raise FileFormatError(f"{path}: no column {', '.join(lacking)}: not a catalogue of eclipsing binaries.")
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    notes = []
    try:
        for number, cells in enumerate(reader, 2):
            row = _row(cells)
            if row is None:
                notes.append(f"line {number}: no TIC id, or no possible period or epoch; left out")
            elif (row["tic_id"], row["signal"]) in rows:
                notes.append(f"line {number}: TIC {row['tic_id']}, signal {row['signal']} again; left out")
            else:
                rows[row["tic_id"], row["signal"]] = row
    except csv.Error as error:
        raise FileFormatError(f"{path}: not a CSV table: {error}.") from error
    if not rows:
        raise FileFormatError(f"{path}: holds no binary with a TIC id, a period and an epoch.")
    return list(rows.values()), notes, data


def _text(data: bytes, path: Path) -> str:
    data = unpack(data, path, LARGEST_BYTES, ": not this catalogue")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{path}: not a text in UTF-8: {error}.") from error


def _row(cells: dict[str, Any]) -> dict[str, Any] | None:
    tic_id, signal = _whole(cells.get("tic_id")), _whole(cells.get("signal")) or 1
    row: dict[str, Any] = {name: _number(cells.get(theirs)) for name, theirs in COLUMNS.items()}
    epoch = row["epoch_btjd"]
    if epoch is not None and epoch > BTJD_OFFSET_D:
        row["epoch_btjd"] = epoch = bjd_to_btjd(epoch)
    if tic_id is None or not row["period_d"] or row["period_d"] <= 0 or epoch is None:
        return None
    if not EARLIEST_EPOCH_BTJD <= epoch <= LATEST_EPOCH_BTJD:
        return None
    for name in ("primary_width_phase", "primary_depth", "secondary_width_phase", "secondary_depth"):
        if row[name] is not None and not 0 < row[name] <= 1:
            row[name] = None
    return row | {"tic_id": tic_id, "signal": signal}


def _whole(cell: str | None) -> int | None:
    text = (cell or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text) if 0 < int(text) <= LARGEST_TIC_ID else None


def _number(cell: str | None) -> float | None:
    try:
        value = float(cell or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
