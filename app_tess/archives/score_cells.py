"""Read a cell of another classifier's scores; InvalidInput says what is wrong with it."""

import datetime as dt
import math
import re

from app_tess.astro.identifiers import parse_tic_id, parse_toi
from app_tess.errors import InvalidInput

LONGEST_VERSION = 60
LONGEST_TOI = 16
TESS_LAUNCH = dt.date(2018, 4, 18)
"""No score of a TESS signal is older."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"(\d+)\.0*", re.ASCII)
BLANK = ("", "nan", "null", "none", "n/a", "na")


def read_score(text: str) -> float:
    """Return a score in [0, 1]."""
    if _is_blank(text):
        raise InvalidInput(f"{_quoted(text)} is no score: each row needs a number from 0 to 1")
    score = _number(text)
    if not 0 <= score <= 1:
        raise InvalidInput(f"{_quoted(text)} is not from 0 to 1")
    return score


def read_period(text: str) -> float | None:
    """Return a period [d]; None for a blank cell and for 0, which stand for a single transit."""
    period = None if _is_blank(text) else _number(text)
    if period is not None and period < 0:
        raise InvalidInput(f"a period of {_quoted(text)} d is negative")
    return period or None


def read_tic_id(text: str) -> int | None:
    """Return a TIC id; None for a blank cell."""
    if _is_blank(text):
        return None
    whole = _WHOLE.fullmatch(text)
    try:
        return parse_tic_id(whole[1] if whole else text[:40])
    except InvalidInput:
        hint = ", which has lost digits" if re.search(r"\de[+]?\d", text, re.IGNORECASE) else ""
        raise InvalidInput(f"{_quoted(text)} is not a TIC id{hint}") from None


def read_toi(text: str) -> str | None:
    """Return a TOI as text; None for a blank cell."""
    if _is_blank(text):
        return None
    try:
        toi = parse_toi(text[:40])
    except InvalidInput:
        raise InvalidInput(f"{_quoted(text)} is not a TOI with its candidate number, such as 101.01") from None
    if len(toi) > LONGEST_TOI:
        raise InvalidInput(f"{_quoted(text)} is not a TOI")
    return toi


def read_date(text: str, today: dt.date | None = None) -> dt.date | None:
    """Return the date of a score, YYYY-MM-DD; None for a blank cell."""
    if _is_blank(text):
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?", text[:40], re.ASCII):
        raise InvalidInput(f"{_quoted(text)} is not a date YYYY-MM-DD")
    try:
        date = dt.date.fromisoformat(text[:10])
    except ValueError:
        raise InvalidInput(f"{_quoted(text)} is not a date") from None
    if date > (today or dt.datetime.now(dt.UTC).date()):
        raise InvalidInput(f"{_quoted(text)} is in the future")
    if date < TESS_LAUNCH:
        raise InvalidInput(f"{_quoted(text)} is before the launch of TESS, {TESS_LAUNCH}")
    return date


def read_version(text: str) -> str | None:
    """Return the classifier's version; None for a blank cell."""
    if len(text) > LONGEST_VERSION or not text.isprintable():
        raise InvalidInput(f"{_quoted(text)} is not a version: at most {LONGEST_VERSION} printable characters")
    return text or None


def _number(text: str) -> float:
    number = float(text) if len(text) <= 40 and _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise InvalidInput(f"{_quoted(text)} is not a number")
    return number


def _is_blank(text: str) -> bool:
    return text.casefold() in BLANK


def _quoted(text: str) -> str:
    """Return a cell as a message may show it: short, and printable."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:40])
    return f"'{shown}{'...' if len(text) > 40 else ''}'"
