"""What people type for a star or an object of interest, turned into values.

A TOI is text, never a float: 101.10 is the tenth object of a star, 101.1 would be read as the first.
"""

import re

from app_tess.errors import InvalidInput

_TIC = re.compile(r"^\s*(?:TIC[\s_-]*)?0*(\d{1,19})\s*$", re.IGNORECASE)
_TOI = re.compile(r"^\s*(?:TOI[\s_-]*)?0*(\d{1,9})(?:\.(\d{1,4}))?\s*$", re.IGNORECASE)

LARGEST_TIC_ID = 2**63 - 1
"""Ids are stored in a signed 64-bit column; real ones reach ten digits."""


def parse_tic_id(text):
    """Read "TIC 231663901", "tic-231663901" or "231663901" as the number; InvalidInput names what was wrong."""
    match = _TIC.match(str(text))
    if not match or not 0 < int(match[1]) <= LARGEST_TIC_ID:
        raise InvalidInput(f"'{text}' is not a TIC id: write a number such as 231663901, or TIC 231663901.")
    return int(match[1])


def parse_toi(text):
    """Read "TOI-101.01", "toi 101.01" or "101.01" as the text "101.01"; InvalidInput names what was wrong.

    The digits after the point are kept as written: "101.1" stays apart from "101.10" and from "101.01".
    """
    match = _TOI.match(str(text))
    if not match or match[2] is None:
        raise InvalidInput(f"'{text}' is not a TOI: write it with its two digits, such as 101.01 or TOI-101.01.")
    return f"{int(match[1])}.{match[2]}"


def toi_name(toi):
    """The name astronomers write: "101.01" -> "TOI-101.01"."""
    return f"TOI-{toi}"


def toi_sort_key(toi):
    """A key that sorts 101.02 before 101.10 before 1000.01."""
    whole, _, part = str(toi).partition(".")
    return (int(whole or 0), int(part or 0), str(toi))
