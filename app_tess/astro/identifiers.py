"""Read TIC ids and TOIs as people type them.

A TOI is text, never a float: 101.10 is the tenth object of a star, 101.1 would be read as the first.
"""

import contextlib
import re
from dataclasses import dataclass

from app_tess.astro.healpix import nested_center_deg
from app_tess.astro.positions import plain_text
from app_tess.errors import InvalidInput

_SEPARATOR = r"[\s:#_-]*"
_DIGITS = r"\d{1,19}|\d{1,3}(?:[ ,]\d{3})+"
_TIC = re.compile(rf"^0*({_DIGITS})$|^TIC{_SEPARATOR}(?:ID{_SEPARATOR})?0*({_DIGITS})(?:\.\d{{2}})?$", re.IGNORECASE)
"""A number, also in groups of three; after "TIC" also with a candidate's two digits: TIC 123.01 is star 123."""

_TOI = re.compile(rf"^(?:TOI{_SEPARATOR})?0*(\d{{1,9}})(?:\.(\d{{1,4}}))?$", re.IGNORECASE)

_GAIA = re.compile(
    rf"^(?:Gaia{_SEPARATOR}(?:E?DR{_SEPARATOR}[1-4])?{_SEPARATOR}(\d{{10,19}})|(\d{{16,19}}))$", re.IGNORECASE
)
"""Without the catalogue's name only what is too long for a TIC id."""
GAIA_SOURCE_SHIFT, GAIA_HEALPIX_ORDER = 35, 12
"""A source number divided by 2**35 is the HEALPix pixel, nested, of order 12 (0.9 arcmin), that holds the source."""

_TWOMASS = re.compile(r"^(?:2MASS)?\s*J?\s*(\d{8}[+-]\d{7})$", re.IGNORECASE)

LARGEST_TIC_ID = 2**63 - 1
"""Ids are stored in a signed 64-bit column; real ones reach ten digits."""
BEYOND_TOIS = 100_000
"""TOIs have numbers of four digits."""


def parse_tic_id(text: object) -> int:
    """Read "TIC 231663901", "tic231663901", "TIC:231663901", "TIC 231 663 901" or "231663901" as the number.

    Raises
    ------
    InvalidInput
        Not a TIC id.
    """
    match = _TIC.match(plain_text(str(text)))
    digits = re.sub("[ ,]", "", match[1] or match[2]) if match else ""
    if not digits or not 0 < int(digits) <= LARGEST_TIC_ID:
        raise InvalidInput(f"'{text}' is not a TIC id: enter a number such as 231663901, or TIC 231663901.")
    return int(digits)


def parse_tic_ids(text: str) -> list[int]:
    """Read several TIC ids, with commas, semicolons or blanks between them; an empty list for anything else.

    Each has four digits or more: "231 663 901" is one id, and "12 34 56" a part of a position.
    """
    parts = re.sub(rf"\bTIC{_SEPARATOR}", " ", plain_text(text), flags=re.IGNORECASE).replace(",", " ").split()
    parts = [part for joined in parts for part in joined.split(";") if part]
    if len(parts) < 2 or not all(re.fullmatch(r"\d{4,19}", part) for part in parts):
        return []
    return [parse_tic_id(part) for part in parts]


@dataclass(frozen=True)
class Identified:
    """What a searched text may mean, in each way that it can be read; all empty where it is no identifier."""

    tic_ids: tuple[int, ...] = ()
    toi: str | None = None
    toi_number: int | None = None
    """The number of a TOI without its candidate."""
    gaia_source: int | None = None
    twomass: str | None = None
    """The digits of a 2MASS designation, as the TIC writes them: 21145688-5552187."""

    def __bool__(self) -> bool:
        return self != Identified()


def identify(text: str) -> Identified:
    """Read a text as one or several TIC ids, a TOI or its number, a Gaia source number or a 2MASS designation."""
    if several := parse_tic_ids(text):
        return Identified(tuple(several))
    tic_ids: tuple[int, ...] = ()
    toi = None
    with contextlib.suppress(InvalidInput):
        tic_ids = (parse_tic_id(text),)
    with contextlib.suppress(InvalidInput):
        toi = parse_toi(text)
    return Identified(tic_ids, toi, find_toi_number(text), find_gaia_source(text), find_twomass(text))


def find_star(text: str) -> int | None:
    """The TIC id that a text can only mean: with the letters TIC, or of more digits than a TOI has; else None."""
    with contextlib.suppress(InvalidInput):
        tic_id = parse_tic_id(text)
        return tic_id if plain_text(text)[:3].upper() == "TIC" or tic_id >= BEYOND_TOIS else None
    return None


def find_twomass(text: str) -> str | None:
    """The digits of a 2MASS designation: "2MASS J21145688-5552187" -> "21145688-5552187"; None for anything else."""
    match = _TWOMASS.match(plain_text(text))
    return match[1] if match else None


def parse_toi(text: object) -> str:
    """Read "TOI-101.01", "toi 101.01" or "101.01" as the text "101.01".

    The digits after the point are kept as written: "101.1" differs from "101.10" and from "101.01".

    Raises
    ------
    InvalidInput
        Not a TOI with its candidate number.
    """
    match = _TOI.match(plain_text(str(text)))
    if not match or match[2] is None:
        raise InvalidInput(f"'{text}' is not a TOI: enter it with its two digits, such as 101.01 or TOI-101.01.")
    return f"{int(match[1])}.{match[2]}"


def is_planet_name(text: str) -> bool:
    """Whether a text is a planet named after its TOI or TIC id: "TOI-178 b", "TIC 172900988 b", "TOI-4504 A c"."""
    return bool(re.fullmatch(rf"(?:TOI|TIC){_SEPARATOR}\d+{_SEPARATOR}(?:[A-D]\s+)?[b-z]", plain_text(text), re.I))


def find_toi_number(text: str) -> int | None:
    """The number of a TOI given without its candidate ("TOI-101", "101" -> 101); None for anything else."""
    match = _TOI.match(plain_text(text))
    return int(match[1]) if match and match[2] is None else None


def parse_sectors(text: str | None) -> list[int]:
    """Read ExoFOP's list of sectors, "1, 27,67", in its order; parts that are not sector numbers are left out."""
    return [int(part) for part in (text or "").split(",") if re.fullmatch(r"\s*[0-9]{1,4}\s*", part)]


def find_gaia_source(text: str) -> int | None:
    """The source number of "Gaia DR3 6356417496318028928", which most stars have had since DR2, or None."""
    match = _GAIA.match(plain_text(text))
    source = int(match[1] or match[2]) if match else LARGEST_TIC_ID + 1
    return source if source <= LARGEST_TIC_ID else None


def gaia_position_deg(source: int) -> tuple[float, float] | None:
    """Right ascension and declination [deg, ICRS] that a Gaia source number gives, to half an arcminute.

    None where the number is none of a source.

    References
    ----------
    Gaia DR3 documentation, sec. 20.1.1, `source_id`.
    """
    pixel = source >> GAIA_SOURCE_SHIFT
    return nested_center_deg(pixel, GAIA_HEALPIX_ORDER) if pixel < 12 * 4**GAIA_HEALPIX_ORDER else None


def toi_name(toi: object) -> str:
    """The name astronomers write: "101.01" -> "TOI-101.01"."""
    return f"TOI-{toi}"


def toi_sort_key(toi: object) -> tuple[int, int, str]:
    """A key that sorts 101.02 before 101.10 before 1000.01."""
    whole, _, part = str(toi).partition(".")
    return (int(whole or 0), int(part or 0), str(toi))
