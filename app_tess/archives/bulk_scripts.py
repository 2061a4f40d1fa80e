"""MAST's bulk download scripts: which stars of a sector have a 2-minute light curve, and where each file is.

A script has one line per file: `curl -C - -L -o <file> <address>?uri=mast:TESS/product/<file>`.
Source: https://archive.stsci.edu/tess/bulk_downloads/bulk_downloads_ffi-tp-lc-dv.html
"""

import re

from app_tess.archives import http
from app_tess.archives.products import parse_name
from app_tess.archives.products.spoc_light_curve import TWO_MINUTE
from app_tess.errors import ArchiveError, MissingData

FOLDER = "/missions/tess/download_scripts/sector/"

_URI = re.compile(r"\buri=(mast:TESS/product/([\w.-]+))")


def script_name(sector: int) -> str:
    """Return the name of the script with a sector's light curves."""
    return f"tesscurl_sector_{sector}_lc.sh"


def fetch_sector(base_url: str, session: http.ArchiveSession, sector: int) -> dict[int, str]:
    """Return TIC id -> address (`mast:TESS/product/<file>`) of each 2-minute light curve of a sector.

    Raises
    ------
    MissingData
        There is no script: the sector has not been observed or released.
    ArchiveError
        The archive failed, or the script lists no light curve of the sector.
    """
    name = script_name(sector)
    try:
        body = http.get(session, base_url.rstrip("/") + FOLDER + name, largest_bytes=http.LARGEST_TABLE_BYTES).content
    except MissingData as error:
        raise MissingData(f"There is no list of the light curves of sector {sector} ({name}): {error}") from error
    found = parse_script(body.decode("utf-8", "replace"), sector)
    if not found:
        raise ArchiveError(f"{name} lists no 2-minute light curve of sector {sector}; it has {len(body):,} bytes.")
    return found


def parse_script(text: str, sector: int) -> dict[int, str]:
    """Return TIC id -> address of the 2-minute light curves of a sector in a script; other lines are left out."""
    found: dict[int, str] = {}
    for uri, filename in _URI.findall(text):
        named = parse_name(filename)
        if named is not None and named.kind is TWO_MINUTE and named.sector == sector and named.tic_id:
            found[named.tic_id] = uri
    return found
