"""Recognize the columns of a table of TOIs, whichever archive and year it comes from."""

from collections.abc import Iterable

from app_tess.fields import TOI_COLUMNS


def normalize(name: object) -> str:
    """Return a column name without case, spaces and underscores, so that `TIC_ID` and a leading blank still match."""
    return "".join(str(name).lower().replace("_", " ").split())


def without_remarks(text: str) -> str:
    """Return a table without the lines that begin with `#`, with which the NASA Exoplanet Archive's downloads begin."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def match_columns(names: Iterable[str]) -> dict[str, str]:
    """Find the columns of our register in a table's header.

    Parameters
    ----------
    names : iterable of str
        The column names of ExoFOP's table, or of the NASA Exoplanet Archive's.

    Returns
    -------
    dict
        Our name -> the table's name, for those that are there. Where a table has a column under two of its known
        spellings, the newest counts.
    """
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(normalize(name), name)
    found = {}
    for field in TOI_COLUMNS:
        keys = [normalize(spelling) for spelling in field.spellings]
        match = next((key for key in keys if key in by_key), None)
        if match is not None:
            found[field.name] = by_key[match]
    return found
