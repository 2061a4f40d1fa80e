"""The targets of a survey: all TOI hosts, a file of TIC ids, or a sector's 2-minute targets."""

import csv
from dataclasses import dataclass
from pathlib import Path

from app_tess.archives import bulk_scripts
from app_tess.astro.identifiers import parse_tic_id
from app_tess.errors import InvalidInput
from app_tess.storage import stars
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.archive_access import open_archives

ID_COLUMNS = ("tic_id", "tic", "ticid", "id")
"""Names of the column with the TIC ids in a table, in any case and with any of its blanks and underscores."""


@dataclass(frozen=True)
class Targets:
    """Which stars, and of a sector's list which file."""

    what: str
    """`tois`, `file` or `sector`."""
    label: str
    stars: dict[int, str | None]
    """TIC id -> address of its light curve, or None: those that MAST lists."""


def toi_hosts():
    """Return the hosts of all TOIs with a light curve."""
    found: dict[int, str | None] = {row["tic_id"]: None for row in stars.iter_stars(StarQuery(has_light_curves=True))}
    if not found:
        raise InvalidInput("No TOI in this database has a light curve: load the catalogue first (reset).")
    return Targets("tois", "stars with a TOI and a light curve", found)


def of_sector(config, sector):
    """Return the stars with a 2-minute light curve of a sector, by MAST's bulk download script."""
    found = bulk_scripts.fetch_sector(config.scripts_url, open_archives(config), sector)
    return Targets("sector", f"2-minute targets of sector {sector}", dict(found))


def in_file(path):
    """Return the stars in a text file: a TIC id a line, or a CSV table with a column tic_id.

    Raises
    ------
    InvalidInput
        The file cannot be read, or a line holds no TIC id; the message names the line.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as text: {error}.", field="targets") from error
    cells = list(_cells(lines))
    found: dict[int, str | None] = {}
    for number, cell in cells:
        try:
            found[parse_tic_id(cell)] = None
        except InvalidInput as error:
            raise InvalidInput(f"{path}, line {number}: {error}", field="targets") from error
    if not found:
        raise InvalidInput(f"{path} names no star: give one TIC id a line, or a column tic_id.", field="targets")
    return Targets("file", path.name, found)


def _cells(lines):
    """Yield (line number, cell with a TIC id); blank lines and those that begin with # are left out."""
    rows = [(number, row) for number, row in enumerate(csv.reader(lines), 1) if row and not row[0].startswith("#")]
    if not rows:
        return
    names = [name.strip().lower().replace(" ", "").replace("_", "") for name in rows[0][1]]
    column = next((names.index(name.replace("_", "")) for name in ID_COLUMNS if name.replace("_", "") in names), None)
    for number, row in rows if column is None else rows[1:]:
        cell = row[column or 0] if len(row) > (column or 0) else ""
        if any(part.strip() for part in row):
            yield number, cell
