"""NASA Exoplanet Archive (Caltech): published planets, and its own copy of the TOI table. Request and parse apart.

Source: https://exoplanetarchive.ipac.caltech.edu/docs/TAP/usingTAP.html
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlparse

from app_tess.archives import http
from app_tess.archives.exofop import ToiTable, parse_toi_table
from app_tess.astro.times import EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD, bjd_to_btjd
from app_tess.errors import ArchiveError, FileFormatError
from app_tess.fields import units
from app_tess.fields.planet import PLANET_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

PLANET_TABLE, TOI_TABLE = "pscomppars", "toi"
LONGEST_TEXT = 200
"""Characters; a longer text is left blank."""
TAGS = re.compile(r"<[^>]*>")


def _query(table: str, columns: str, condition: str = "") -> str:
    return urlencode({"query": f"select {columns} from {table}{condition}", "format": "csv"})


def planet_columns() -> list[str]:
    """Return the columns of `pscomppars` that are asked for; an error is the larger of its two sides."""
    names: list[str] = []
    for field in PLANET_COLUMNS:
        name = field.exoplanet_archive
        names += [name, f"{name[:-1]}2"] if field.error_of else [name]
    return names


def fetch_planets(base_url: str, session: http.ArchiveSession) -> pd.DataFrame:
    """Fetch all published planets of stars with a TIC id: one request.

    Returns
    -------
    pandas.DataFrame
        See `parse_planets`.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        The host does not answer, or answers something that is not this table; the message names the host.
    """
    query = _query(PLANET_TABLE, ",".join(planet_columns()), " where tic_id is not null")
    response = http.get(session, f"{base_url.rstrip('/')}/TAP/sync?{query}", largest_bytes=http.LARGEST_TABLE_BYTES)
    return parse_planets(response.content, urlparse(base_url).netloc)


def fetch_toi_table(base_url: str, session: http.ArchiveSession) -> ToiTable:
    """Fetch the archive's own TOI table: one request. It stands in for ExoFOP's, from which it is copied.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        As for `fetch_planets`.
    """
    url = f"{base_url.rstrip('/')}/TAP/sync?{_query(TOI_TABLE, '*')}"
    response = http.get(session, url, largest_bytes=http.LARGEST_TABLE_BYTES)
    try:
        frame = parse_toi_table(response.content, source=urlparse(base_url).netloc)
    except FileFormatError as error:
        raise ArchiveError(str(error)) from error
    return ToiTable.parsed(frame, url, response)


def parse_planets(data: bytes, source: str) -> pd.DataFrame:
    """Parse the CSV of a query on `pscomppars`.

    Parameters
    ----------
    data : bytes
    source : str
        Host or file name, for the message.

    Returns
    -------
    pandas.DataFrame
        One row per planet with the columns of `PLANET_COLUMNS`. A cell that cannot be read, or lies outside the
        register's limits, is blank; a row without a name or a TIC id is left out.

    Raises
    ------
    ArchiveError
        Not this table: an error page, or a reply without the columns that were asked for.
    """
    import pandas as pd

    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")))
    lacking = [name for name in planet_columns() if name not in (rows.fieldnames or [])]
    if lacking:
        start = " ".join(TAGS.sub(" ", data[:500].decode("utf-8", "replace")).split())[:120]
        raise ArchiveError(f"{source} sent no table of planets (no column {lacking[0]}; it starts with {start!r}).")
    try:
        planets = [_planet(row) for row in rows]
    except csv.Error as error:
        raise ArchiveError(f"{source} sent a broken table of planets: {error}.") from error
    found = pd.DataFrame(
        [planet for planet in planets if planet["planet_name"] and planet["tic_id"]],
        columns=[field.name for field in PLANET_COLUMNS],
    )
    return found.drop_duplicates("planet_name", ignore_index=True).astype(object).where(found.notna(), None)


def _planet(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in our names, units and types."""
    planet: dict[str, Any] = {}
    for field in PLANET_COLUMNS:
        cell = row[field.exoplanet_archive] or ""
        if field.error_of:
            sides = [_number(cell), _number(row[f"{field.exoplanet_archive[:-1]}2"] or "")]
            planet[field.name] = max((abs(side) for side in sides if side), default=None)
        elif field.kind == "text":
            planet[field.name] = _text(cell)
        else:
            value = _number(cell.removeprefix("TIC").strip())
            low, high = field.limits
            if field.unit == units.BTJD:
                value = None if value is None else bjd_to_btjd(value)
                low, high = EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD
            value = value if value is not None and low <= value <= high else None
            planet[field.name] = int(value) if value is not None and field.kind in ("id", "integer") else value
    return planet


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _text(cell: str) -> str | None:
    """Return a text, or the name of the paper that a link leads to, without markup and control characters."""
    text = " ".join(html.unescape(TAGS.sub("", cell)).split())
    text = "".join(char for char in text if char.isprintable())
    return text if 0 < len(text) <= LONGEST_TEXT else None
