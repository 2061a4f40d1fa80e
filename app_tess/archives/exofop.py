"""ExoFOP-TESS: the table of TESS Objects of Interest. Request and parse apart.

Source: https://exofop.ipac.caltech.edu/tess/ ("Download TOI table", CSV).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import numpy as np

from app_tess.archives import http, implausible, table_rows
from app_tess.archives.cells import as_text, read_ids, read_numbers, read_texts
from app_tess.archives.notes import Notes, sample
from app_tess.archives.toi_columns import match_columns, normalize
from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.astro.physics import depth_ppm_from_mmag
from app_tess.astro.times import bjd_to_btjd
from app_tess.errors import ArchiveError, FileFormatError
from app_tess.fields import TEXTS, TOI_COLUMNS, Field

if TYPE_CHECKING:
    import pandas as pd
    import requests

REQUIRED = ("tic_id", "toi", "period_d", "tfopwg_disposition")
"""A table without these is not a TOI table and is refused."""
CONTENTS_HEADER = "X-Archive-Contents"
TOI = re.compile(r"\d{1,9}\.\d{1,4}", re.ASCII)
BROKEN_ROWS, BROKEN_SHARE = 10, 0.1
"""A table with more rows than both (a number, a share) that have no TOI, no star, or other columns is refused."""
BROKEN_SHARE_OF_COLUMN = 0.5
"""A table with a larger share of periods that cannot be read is refused: the column holds something else."""


@dataclass(frozen=True)
class ToiTable:
    """ExoFOP's answer: the parsed rows and where they came from."""

    frame: pd.DataFrame
    url: str
    sha256: str
    """Of the answer's body."""
    contents: str | None
    """How a sample archive describes itself; None from the real ExoFOP."""

    @classmethod
    def parsed(cls, frame: pd.DataFrame, url: str, response: requests.Response) -> ToiTable:
        """Return the rows of an answer, without its body."""
        return cls(frame, url, hashlib.sha256(response.content).hexdigest(), response.headers.get(CONTENTS_HEADER))


def fetch_toi_table(base_url: str, session: http.ArchiveSession) -> ToiTable:
    """Download and parse the whole TOI table; see `download_toi_table` and `read_toi_table`."""
    return read_toi_table(download_toi_table(base_url, session))


def download_toi_table(base_url: str, session: http.ArchiveSession) -> requests.Response:
    """Download the whole TOI table: one request.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        The host does not answer, or answers an error; the message names it.
    """
    url = f"{base_url.rstrip('/')}/tess/download_toi.php?sort=toi&output=csv"
    return http.get(session, url, largest_bytes=http.LARGEST_TABLE_BYTES)


def read_toi_table(response: requests.Response) -> ToiTable:
    """Parse what `download_toi_table` returned.

    Raises
    ------
    ArchiveError
        It is not a TOI table; the message names the host.
    """
    url = response.url
    host = urlparse(url).netloc
    if "html" in response.headers.get("Content-Type", "").lower() or response.content.lstrip()[:1] == b"<":
        raise ArchiveError(f"{host} answered an HTML page where the TOI table was expected ({url}).")
    try:
        frame = parse_toi_table(response.content, source=host)
    except FileFormatError as error:
        raise ArchiveError(str(error)) from error
    return ToiTable.parsed(frame, url, response)


def parse_toi_table(data: bytes, source: str) -> pd.DataFrame:
    """Parse an ExoFOP TOI table of any date, or the NASA Exoplanet Archive's.

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
        TOI can have that epoch. A cell that cannot be read, or lies outside the register's limits, is blank; a row
        without a TOI or a TIC id is left out. `attrs["skipped"]` says what was left out and why, with column and row;
        `attrs["absent_columns"]` lists what the file lacks, and `attrs["absent"]` says so in a sentence.

    Raises
    ------
    FileFormatError
        Not a table, no rows, a needed column under no known name, a column twice, a table that is cut off, or one with
        more broken rows than BROKEN_SHARE; the message names the source.
    """
    import pandas as pd

    notes = Notes()
    raw = table_rows.read_rows(data, source, notes)
    found = _find_columns(raw, source)
    row_count = len(raw.numbers) + raw.broken
    if not row_count:
        raise FileFormatError(f"{source}: the TOI table is empty.")
    tois = as_text(raw.take(found["toi"]))
    places = _Places(raw.numbers, tois.to_numpy())

    frame = pd.DataFrame(index=range(len(raw.numbers)))
    for field in TOI_COLUMNS:
        if field.name not in found:
            frame[field.name] = None if field.kind in TEXTS else np.nan
            continue
        read = read_texts if field.kind in TEXTS else read_ids if field.kind == "id" else read_numbers
        cells = tois if field.name == "toi" else as_text(raw.take(found[field.name]))
        frame[field.name] = read(cells, field, raw.header[found[field.name]], places, notes)
    if raw.header[found["tic_id"]] == "tid":
        frame["toi"] = frame["toi"].str.replace(
            r"\.(\d)$", r".\g<1>0", regex=True
        )  # a number there: 1000.1 for 1000.10
    unread = notes.count(raw.header[found["period_d"]])
    if unread > BROKEN_SHARE_OF_COLUMN * row_count:
        raise FileFormatError(f"{source}: {notes.sentences()[0]}; so are {unread - 1:,} of {row_count:,} periods.")
    frame = _identified(frame, raw, found, places, notes)
    lost = row_count - len(frame)
    if frame.empty or lost > max(BROKEN_ROWS, BROKEN_SHARE * row_count):
        first = "; ".join(notes.sentences()[:3])
        raise FileFormatError(f"{source}: {lost:,} of {row_count:,} rows of the TOI table cannot be used: {first}.")
    absent = [field for field in TOI_COLUMNS if field.name not in found]
    return _finish(frame, absent, _unknown(raw, found), notes)


def _find_columns(raw: table_rows.RawTable, source: str) -> dict[str, int]:
    """Return our name -> the column's place; FileFormatError without a needed one, or with one of them twice."""
    matched = match_columns(raw.header)
    lacking = [field.exofop[0] for field in TOI_COLUMNS if field.name in REQUIRED and field.name not in matched]
    if lacking:
        wanted = ", ".join(f"'{name}'" for name in lacking)
        raise FileFormatError(f"{source}: the TOI table has no column {wanted} under any known name.")
    keys = [normalize(name) for name in raw.header]
    for name in matched.values():
        if keys.count(normalize(name)) > 1:
            raise FileFormatError(f"{source}: the TOI table has the column '{name}' twice.")
    return {ours: raw.header.index(theirs) for ours, theirs in matched.items()}


@dataclass(frozen=True, eq=False)
class _Places(Sequence[str]):
    """What a note calls each row."""

    numbers: Sequence[int]
    tois: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, index: Any) -> Any:
        toi = self.tois[index]
        return f"row {self.numbers[index]} (TOI {toi})" if TOI.fullmatch(toi) else f"row {self.numbers[index]}"


def _unknown(raw: table_rows.RawTable, found: dict[str, int]) -> list[str]:
    return [name for place, name in enumerate(raw.header) if place not in found.values() and name.strip()]


def _identified(
    frame: pd.DataFrame, raw: table_rows.RawTable, found: dict[str, int], places: Sequence[str], notes: Notes
) -> pd.DataFrame:
    """Return the rows that have a TOI and a TIC id; the others are noted."""
    has_toi = frame["toi"].str.fullmatch(TOI).fillna(False).astype(bool)
    for index in frame.index[~has_toi]:
        toi = frame.at[index, "toi"]
        problem = f"{sample(toi)} is not a TOI number" if toi else "no TOI"
        notes.add(raw.header[found["toi"]], places[index], f"{problem}; the row was skipped")
    return _chosen(frame, has_toi & frame["tic_id"].notna())


def _chosen(frame: pd.DataFrame, is_kept: pd.Series) -> pd.DataFrame:
    """Return rows of a frame; the frame itself, and no copy of it, where that is all of them."""
    return frame if is_kept.all() else frame[is_kept].reset_index(drop=True)


def _finish(frame: pd.DataFrame, absent: list[Field], unknown: list[str], notes: Notes) -> pd.DataFrame:
    """Convert to our units and types, and keep one row per TOI."""
    frame["tic_id"] = frame["tic_id"].astype("int64")
    frame["epoch_btjd"] = bjd_to_btjd(frame["epoch_btjd"])
    implausible.blank_unknown_errors(frame)
    frame.loc[~(frame["period_d"] > 0), "period_d"] = np.nan
    blank = frame["depth_ppm"].isna()
    frame.loc[blank, "depth_ppm"] = depth_ppm_from_mmag(frame.loc[blank, "depth_mmag"])

    skipped = [*notes.sentences(), *implausible.blank_impossible_epochs(frame)]
    unknown_code = ~frame["tfopwg_disposition"].isin([*DISPOSITIONS, None]) & frame["tfopwg_disposition"].notna()
    for index in frame.index[unknown_code]:
        skipped.append(
            f"TOI {frame.at[index, 'toi']}: unknown TFOPWG disposition "
            f"{frame.at[index, 'tfopwg_disposition']!r} read as none"
        )
        frame.at[index, "tfopwg_disposition"] = None
    repeated = frame["toi"].duplicated()
    skipped += [f"TOI {toi}: listed twice, the first kept" for toi in frame.loc[repeated, "toi"]]
    frame = _chosen(frame, ~repeated)
    names = [field.name for field in absent]
    frame.attrs = {"absent_columns": names, "absent": _absent(absent, unknown), "skipped": skipped}
    return frame


def _absent(absent: list[Field], unknown: list[str]) -> list[str]:
    """Return a sentence on the columns that the table lacks, and on those that it has instead; none if it has all."""
    names = [field.exofop[0] for field in absent if not (field.error_of and field.error_of in {f.name for f in absent})]
    if not names:
        return []
    others = f"; not recognized: {', '.join(unknown)}" if unknown else ""
    return [f"the TOI table has no column {', '.join(names)}: they are blank{others}"]
