"""Rows of the TESS Input Catalog, as MAST sends them or a CSV file holds them, under our names.

Source: Stassun et al. 2019, AJ 158, 138.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app_tess.archives import implausible
from app_tess.archives.cells import as_text, read_ids, read_numbers, read_optional_ids, read_texts
from app_tess.archives.notes import Notes
from app_tess.errors import ArchiveError, FileFormatError
from app_tess.fields import ENTRY_FIELDS, STAR_COLUMNS, STAR_FIELDS, TEXTS, Field

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

TIC_COLUMNS = {field.tic: field.name for field in STAR_FIELDS}
"""The TIC's name -> ours."""
TIC_ERRORS = {field.tic: field.name for field in STAR_COLUMNS if field.error_of}
"""The TIC's own standard errors, likewise; a table may lack them."""
TIC_NAMES = {field.tic: field.name for field in ENTRY_FIELDS}
"""Other catalogues' names of the star, and what the entry says of itself; a table may lack them."""
OTHER_SPELLINGS = {
    "TIC_ID": "ID",
    "TMag": "Tmag",
    "Radius": "rad",
    "Mass": "mass",
    "distance": "d",
    "RA": "ra",
    "DEC": "dec",
    "PMRA": "pmRA",
    "PMDEC": "pmDEC",
}
"""What lists of TIC values other than MAST's call its columns (Rao et al. 2021, MNRAS 502, 2845)."""
NEEDED_IN_CSV = ("ID", "ra", "dec", "Tmag", "Teff", "rad")
"""Columns without which a CSV file is not taken for a table of TIC rows."""
GENUINE = "genuine"
"""Column of a CSV file: 0 where a row was filled in from the TOI table and is not the TIC's."""


def parse_tic_rows(table: Table, source: str) -> pd.DataFrame:
    """Return TIC rows under our names.

    Parameters
    ----------
    table : astropy.table.Table
        With the columns of the TIC; `ID` may be text, and any cell may be missing or wrong.

    Returns
    -------
    pandas.DataFrame
        tic_id int64, unique; numbers float64, NaN where there is none; units are in the names. Absent errors
        and errors of 0 are NaN; names and ids that may be absent are None. A cell that cannot be read, or lies outside
        the register's limits, is blank; `attrs["skipped"]` says so, a sentence each.

    Raises
    ------
    ArchiveError
        A required column is absent.
    """
    import pandas as pd

    lacking = [name for name in TIC_COLUMNS if len(table) and name not in table.colnames]
    if lacking:
        raise ArchiveError(f"{source}: the TIC rows have no column {', '.join(lacking)}.")
    notes = Notes()
    cells = {
        # tolist() gives None for what is masked; filled(None) would give numpy's own fill value, 999999
        name: as_text(np.ma.asarray(table[name]).tolist())
        for name in (*TIC_COLUMNS, *TIC_ERRORS, *TIC_NAMES)
        if name in table.colnames
    }
    ids = cells.get("ID", as_text([]))
    places = [f"TIC {text}" if text else f"TIC row {number}" for number, text in enumerate(ids, 1)]
    frame = pd.DataFrame({"tic_id": read_ids(ids, _FIELDS["ID"], "ID", places, notes)}, dtype=object)
    for theirs, ours in (TIC_COLUMNS | TIC_ERRORS | TIC_NAMES).items():
        if ours != "tic_id":
            frame[ours] = _column(cells.get(theirs), _FIELDS[theirs], places, notes)
    frame = frame[frame["tic_id"].notna()].astype({"tic_id": "int64"})
    implausible.blank_unknown_errors(frame)
    found = _unique_stars(frame)
    found.attrs["skipped"] = notes.sentences()
    return found


_FIELDS = {field.tic: field for field in STAR_COLUMNS}


def _column(texts: pd.Series | None, field: Field, places: list[str], notes: Notes) -> Any:
    if texts is None:
        return None if field in ENTRY_FIELDS else np.nan
    if field.kind in TEXTS:
        return read_texts(texts, field, field.tic, places, notes)
    if field.kind == "id":
        return read_optional_ids(texts, field, field.tic, places, notes)
    return read_numbers(texts, field, field.tic, places, notes)


def _unique_stars(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop_duplicates("tic_id").reset_index(drop=True)


def read_tic_csv(path: str | Path) -> pd.DataFrame:
    """Read the same frame from a CSV file with the TIC's column names, or those in OTHER_SPELLINGS.

    A column that is not NEEDED_IN_CSV may be absent, and is NaN then. Rows that are not GENUINE are left out.

    Raises
    ------
    FileFormatError
        The file is not such a table; the message names it and the column.
    """
    import pandas as pd

    try:
        raw = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path}: cannot be read as a CSV table: {error}") from error
    raw = raw.rename(columns=OTHER_SPELLINGS)
    lacking = [name for name in NEEDED_IN_CSV if name not in raw.columns]
    if lacking:
        raise FileFormatError(f"{path}: no column {', '.join(lacking)}: not a table of TIC rows.")
    if GENUINE in raw.columns:
        raw = raw[raw[GENUINE] != 0]
    frame = raw.reindex(columns=list(TIC_COLUMNS)).rename(columns=TIC_COLUMNS)
    for name in frame.columns:
        try:
            frame[name] = frame[name].astype("int64" if name == "tic_id" else float)
        except ValueError as error:
            raise FileFormatError(f"{path}: column {name}: {error}") from error
        if np.isinf(frame[name].to_numpy(dtype=float)).any():
            raise FileFormatError(f"{path}: column {name} holds an infinite value.")
    return _unique_stars(frame)
