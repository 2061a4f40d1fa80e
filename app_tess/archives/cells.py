"""Read the cells of an archive's table by the register: what cannot be read or stored is left blank and noted.

One bad cell must not keep a whole catalogue from being loaded, and must not vanish without a word either.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app_tess.archives.notes import Notes, sample
from app_tess.fields import Field

if TYPE_CHECKING:
    import pandas as pd

BLANKS = frozenset({"", "nan", "none", "null", "--"})
"""A missing cell is None in Python, and "--" in a masked table."""
_NOT_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters, half surrogate pairs and non-characters: PostgreSQL or XML has no place for them."""
_SEXAGESIMAL = re.compile(r"^([+-]?)(\d{1,3})[:\s](\d{1,2})[:\s](\d{1,2}(?:\.\d*)?)$", re.ASCII)
_WHOLE = re.compile(r"^\+?(\d{1,30})(?:\.0*)?$", re.ASCII)
_SECTOR = re.compile(r"\d{1,4}", re.ASCII)


def as_text(values: Iterable[Any]) -> pd.Series:
    """Return cells as str, without blanks around them; empty where a cell is missing, masked or says so."""
    import pandas as pd

    # without a loop in Python: a catalogue has a million cells
    texts = np.array(list(map(str.strip, map(str, values))), dtype=object)
    texts[np.fromiter(map(BLANKS.__contains__, map(str.lower, texts)), bool, len(texts))] = ""
    return pd.Series(texts, dtype=object)


def read_numbers(texts: pd.Series, field: Field, title: str, places: Sequence[str], notes: Notes) -> pd.Series:
    """Return a column of numbers, NaN where there is none; right ascension and declination in degrees.

    Parameters
    ----------
    texts : Series of str
        As `as_text` returns them.
    field : Field
        Its limits hold for the result; errors may be below them (see `implausible`).
    title : str
        What the archive calls the column.
    places : sequence of str
        What a note calls the rows.
    """
    import pandas as pd

    # in plain arrays: a catalogue is read in a thousand columns of some hundred stars each
    cells = texts.to_numpy()
    blank = cells == ""
    numbers = pd.Series(pd.to_numeric(cells, errors="coerce"), index=texts.index, dtype=float)
    if field.name in ("ra_deg", "dec_deg") and (np.isnan(numbers.to_numpy()) & ~blank).any():
        numbers = _with_sexagesimal(numbers, texts, field, title, places, notes)
    values, (low, high) = numbers.to_numpy(), field.limits
    infinite = np.isinf(values)
    outside = ~infinite & ((values > high) | ((values < low) & (not field.error_of)))
    broken = np.isfinite(values) & (values != np.floor(values)) if field.whole else np.zeros(len(values), dtype=bool)
    for index in np.flatnonzero((np.isnan(values) & ~blank) | infinite | outside | broken).tolist():
        text = sample(texts[index])
        if outside[index]:
            problem = f"{text} is outside {low:.10g} to {high:.10g}"
        else:
            reason = "is infinite" if infinite[index] else "is not a whole number" if broken[index] else None
            problem = f"{text} {reason or 'is not a number'}"
        notes.add(title, places[index], f"{problem}; left blank")
    return pd.Series(np.where(infinite | outside | broken, np.nan, values), index=texts.index)


def _with_sexagesimal(
    numbers: pd.Series, texts: pd.Series, field: Field, title: str, places: Sequence[str], notes: Notes
) -> pd.Series:
    """Fill in "21:14:56.88" (hours of right ascension) and "-55:52:18.7"; note decimal degrees among them."""
    parts = texts.str.extract(_SEXAGESIMAL)
    found = parts[1].notna()
    if not found.any():
        return numbers
    values = parts[[1, 2, 3]].astype(float)
    size = values[1] + values[2] / 60 + values[3] / 3600
    degrees = size * np.where(parts[0] == "-", -1.0, 1.0) * (15.0 if field.name == "ra_deg" else 1.0)
    degrees = degrees.where((values[2] < 60) & (values[3] < 60))
    for index in numbers.index[numbers.notna()]:
        notes.add(title, places[index], f"{sample(texts[index])} read as degrees among sexagesimal values")
    return numbers.where(~found, degrees)


def read_ids(texts: pd.Series, field: Field, title: str, places: Sequence[str], notes: Notes) -> list[int | None]:
    """Return whole numbers of 64 bits; None, with a note that the row is skipped, for anything else."""
    return [
        _read_id(text, field, title, place, notes, required=True) for text, place in zip(texts, places, strict=True)
    ]


def read_optional_ids(texts: pd.Series, field: Field, title: str, places: Sequence[str], notes: Notes) -> pd.Series:
    """Return whole numbers of 64 bits as Python's; None where there is none, with a note where it cannot be read."""
    import pandas as pd

    ids = [
        _read_id(text, field, title, place, notes) if text else None for text, place in zip(texts, places, strict=True)
    ]
    return pd.Series(ids, dtype=object)


def _read_id(text: str, field: Field, title: str, place: str, notes: Notes, required: bool = False) -> int | None:
    match = _WHOLE.match(text)
    number = int(match[1]) if match else None
    if number is not None and field.limits[0] <= number <= field.limits[1]:
        return number
    reason = f"{sample(text)} is not an id of 64 bits" if text else "blank"
    notes.add(title, place, f"{reason}; {'the row was skipped' if required else 'left blank'}")
    return None


def read_texts(texts: pd.Series, field: Field, title: str, places: Sequence[str], notes: Notes) -> pd.Series:
    """Return a column of text, None where there is none: repaired, storable, and no longer than the register allows."""
    import pandas as pd

    cells = texts.to_numpy()
    lengths = np.fromiter(map(len, cells), int, len(cells))
    odd = lengths > field.longest
    if field.kind in ("list", "date"):
        odd |= lengths > 0
    elif not _is_plain("".join(cells)):
        odd |= ~np.fromiter(map(_is_plain, cells), bool, len(cells))
    known: dict[str, str] = {}  # a date or a source that thousands of rows have is one object
    found = np.array([known.setdefault(cell, cell) for cell in cells], dtype=object)
    found[lengths == 0] = None
    for index in np.flatnonzero(odd).tolist():
        found[index], problem = _clean(cells[index], field)
        if problem:
            notes.add(title, places[index], problem)
    return pd.Series(found, index=texts.index, dtype=object)


def _is_plain(text: str) -> bool:
    """Whether a text can be stored as it is, and needs no repair."""
    return text.isascii() and not _NOT_STORED.search(text)


def _clean(text: str, field: Field) -> tuple[str | None, str]:
    """Return a cell as it is stored, and what is wrong with it (empty where nothing is)."""
    if field.kind == "list":
        return _sectors(text, field.longest)
    if len(text) > field.longest:
        return None, f"{len(text):,} characters, where at most {field.longest:,} are kept; left blank"
    if field.kind == "date" and not _is_date(text):
        return None, f"{sample(text)} is not a date; left blank"
    text = _repaired(text)
    if not _NOT_STORED.search(text):
        return text, ""
    return _NOT_STORED.sub(" ", text).strip() or None, "control characters were replaced by spaces"


def _sectors(text: str, longest: int) -> tuple[str | None, str]:
    """Return a list of sectors without what is none, such as the 13368 at the end of ExoFOP's longest lists."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not _SECTOR.fullmatch(part)]
    kept = ",".join(part for part in parts if part not in wrong)
    if not wrong and len(kept) <= longest:
        return kept or None, ""
    if len(kept) > longest:
        return None, f"{len(parts):,} sectors; left blank"
    return kept or None, f"{sample(', '.join(wrong))} is not a sector; left out"


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _repaired(text: str) -> str:
    """Return a text whose UTF-8 was read as Latin-1 on its way here as its author wrote it: "SolÃ¨ne" -> "Solène"."""
    if text.isascii():
        return text
    import ftfy

    fixed, steps = ftfy.fix_encoding_and_explain(text)
    # a control character alone is no reason to read the text as Windows-1252, which ftfy would do as well
    return str(fixed) if any(step.parameter == "utf-8" for step in steps or ()) else text
