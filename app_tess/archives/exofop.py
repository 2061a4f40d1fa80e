"""ExoFOP-TESS: the table of TESS Objects of Interest. Request and parse apart.

Source: https://exofop.ipac.caltech.edu/tess/ ("Download TOI table", CSV).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import numpy as np

from app_tess.archives import http, implausible
from app_tess.archives.toi_columns import match_columns
from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.astro.physics import depth_ppm_from_mmag
from app_tess.astro.times import bjd_to_btjd
from app_tess.errors import ArchiveError, FileFormatError
from app_tess.fields import TEXTS, TOI_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("tic_id", "toi", "period_d", "tfopwg_disposition")
"""A table without these is not a TOI table and is refused."""
HEADER_SEARCH_LINES = 10
"""A dashboard export has a byte-order mark, a sentence and a blank line before its header."""


@dataclass(frozen=True)
class ToiTable:
    """ExoFOP's answer: the parsed rows and where they came from."""

    frame: pd.DataFrame
    url: str
    body: bytes
    contents: str | None
    """How a sample archive describes itself; None from the real ExoFOP."""


def fetch_toi_table(base_url: str, session: http.ArchiveSession) -> ToiTable:
    """Download and parse the whole TOI table: one request.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        The host does not answer, or answers something that is not a TOI table; the message names the host.
    """
    url = f"{base_url.rstrip('/')}/tess/download_toi.php?sort=toi&output=csv"
    response = http.get(session, url, largest_bytes=http.LARGEST_TABLE_BYTES)
    host = urlparse(url).netloc
    if "html" in response.headers.get("Content-Type", "").lower() or response.content.lstrip()[:1] == b"<":
        raise ArchiveError(f"{host} answered an HTML page where the TOI table was expected ({url}).")
    try:
        frame = parse_toi_table(response.content, source=host)
    except FileFormatError as error:
        raise ArchiveError(str(error)) from error
    return ToiTable(frame, url, response.content, response.headers.get("X-Archive-Contents"))


def parse_toi_table(data: bytes, source: str) -> pd.DataFrame:
    """Parse an ExoFOP TOI table of any date.

    Parameters
    ----------
    data : bytes
        The CSV (comma or pipe separated), as downloaded or exported.
    source : str
        Host or file name, for the error messages.

    Returns
    -------
    pandas.DataFrame
        One row per TOI. Text columns hold str or None, numbers float64 or NaN, `tic_id` int64. A period of 0 is none
        (a single transit): NaN. An error of 0 is unknown: NaN. `epoch_btjd` is BJD - 2457000 [d, TDB], NaN where no
        TOI can have that epoch. `attrs["absent_columns"]` lists what the
        file lacks, `attrs["skipped"]` what was left out and why.

    Raises
    ------
    FileFormatError
        Not a table, no rows, a needed column under no known name, or a broken row; the message names the source.
    """
    import pandas as pd

    raw = _read_rows(data, source)
    found = match_columns(raw.columns)
    lacking = [field.exofop[0] for field in TOI_COLUMNS if field.name in REQUIRED and field.name not in found]
    if lacking:
        wanted = ", ".join(f"'{name}'" for name in lacking)
        raise FileFormatError(f"{source}: the TOI table has no column {wanted} under any known name.")
    if raw.empty:
        raise FileFormatError(f"{source}: the TOI table is empty.")

    frame = pd.DataFrame(index=raw.index)
    for field in TOI_COLUMNS:
        if field.kind in TEXTS:
            frame[field.name] = _text(raw[found[field.name]] if field.name in found else pd.Series("", index=raw.index))
        else:
            frame[field.name] = _numbers(raw[found[field.name]], field.name, source) if field.name in found else np.nan
    absent = [field.name for field in TOI_COLUMNS if field.name not in found]
    return _finish(frame, absent, source)


def _read_rows(data: bytes, source: str) -> pd.DataFrame:
    """Return the CSV as a frame of str, its header found below any preamble."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{source}: not a text table (byte {error.start} is not UTF-8).") from error
    lines = text.splitlines()
    for number, line in enumerate(lines[:HEADER_SEARCH_LINES]):
        for delimiter in (",", "|"):
            header = next(csv.reader([line], delimiter=delimiter), [])
            if len(header) > 1 and "toi" in match_columns(header):
                return _table("\n".join(lines[number:]), delimiter, source)
    start = lines[0][:60] if lines else ""
    raise FileFormatError(
        f"{source}: no TOI table here: no header with a column 'TOI' in the first lines "
        f"(the file starts with {start!r})."
    )


def _table(text: str, delimiter: str, source: str) -> pd.DataFrame:
    """Return the cells as str; pandas' own reader would silently fill a truncated row with blanks."""
    import pandas as pd

    try:
        header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise FileFormatError(f"{source}: a broken row in the TOI table: {error}; is it cut off?") from error
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise FileFormatError(
                f"{source}: row {number} of the TOI table has {len(row)} columns, its header has "
                f"{len(header)}: the table is cut off or broken."
            )
    return pd.DataFrame(rows, columns=header, dtype=object)


def _text(column: pd.Series) -> pd.Series:
    stripped = column.fillna("").astype(str).str.strip()
    return stripped.astype(object).where(stripped != "", None)


def _numbers(column: pd.Series, name: str, source: str) -> pd.Series:
    """Return floats: NaN for a blank, degrees for sexagesimal coordinates; other text is an error."""
    import pandas as pd

    text = column.fillna("").astype(str).str.strip()
    if name in ("ra_deg", "dec_deg") and text.str.contains(":").any():
        return _degrees(text, hours=name == "ra_deg")
    numbers = pd.to_numeric(text.where(~text.str.lower().isin(["", "nan", "none", "null"])), errors="coerce")
    wrong = numbers.isna() & ~text.str.lower().isin(["", "nan", "none", "null"])
    if wrong.any():
        raise FileFormatError(f"{source}: column '{column.name}' holds {text[wrong].iloc[0]!r}, which is not a number.")
    if np.isinf(numbers).any():
        raise FileFormatError(f"{source}: column '{column.name}' holds an infinite value.")
    return numbers.astype(float)


def _degrees(text: pd.Series, hours: bool) -> pd.Series:
    parts = text.str.extract(r"^([+-]?)(\d+):(\d+):(\d+(?:\.\d*)?)$")
    size = parts[1].astype(float) + parts[2].astype(float) / 60 + parts[3].astype(float) / 3600
    return size * np.where(parts[0] == "-", -1.0, 1.0) * (15.0 if hours else 1.0)


def _finish(frame: pd.DataFrame, absent: list[str], source: str) -> pd.DataFrame:
    """Convert to our units and types, and keep one row per TOI."""
    if frame["toi"].isna().any() or frame["tic_id"].isna().any():
        row = int((frame["toi"].isna() | frame["tic_id"].isna()).to_numpy().argmax()) + 1
        raise FileFormatError(f"{source}: row {row} of the TOI table has no TOI or no TIC ID: is the file cut off?")
    wrong = ~frame["toi"].str.fullmatch(r"\d+\.\d+")
    if wrong.any():
        raise FileFormatError(f"{source}: {frame.loc[wrong, 'toi'].iloc[0]!r} is not a TOI number.")
    if not ((frame["tic_id"] > 0) & (frame["tic_id"] % 1 == 0)).all():
        raise FileFormatError(f"{source}: column 'TIC ID' holds a value that is not a positive whole number.")
    frame["tic_id"] = frame["tic_id"].astype("int64")
    frame["epoch_btjd"] = bjd_to_btjd(frame["epoch_btjd"])
    implausible.blank_unknown_errors(frame)
    frame.loc[~(frame["period_d"] > 0), "period_d"] = np.nan
    blank = frame["depth_ppm"].isna()
    frame.loc[blank, "depth_ppm"] = depth_ppm_from_mmag(frame.loc[blank, "depth_mmag"])

    skipped = implausible.blank_impossible_epochs(frame)
    unknown = ~frame["tfopwg_disposition"].isin([*DISPOSITIONS, None])
    for index in frame.index[unknown.to_numpy() & frame["tfopwg_disposition"].notna().to_numpy()]:
        skipped.append(
            f"TOI {frame.at[index, 'toi']}: unknown TFOPWG disposition "
            f"{frame.at[index, 'tfopwg_disposition']!r} read as none"
        )
        frame.at[index, "tfopwg_disposition"] = None
    repeated = frame["toi"].duplicated()
    skipped += [f"TOI {toi}: listed twice, the first kept" for toi in frame.loc[repeated, "toi"]]
    frame = frame[~repeated].reset_index(drop=True)
    frame.attrs = {"absent_columns": absent, "skipped": skipped}
    return frame
