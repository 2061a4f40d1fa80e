"""An IVOA Simple Cone Search 1.03 of the stars: RA, DEC and SR in decimal degrees, answered by a VOTable.

Source: https://www.ivoa.net/documents/REC/DAL/ConeSearch-20080222.html
"""

import math

from flask import Blueprint, Response, request

from app_tess.errors import AppTessError, InvalidInput
from app_tess.storage.cone import find_in_cone
from app_tess.web.api.exports.columns import CONE_COLUMNS, CONE_VERBOSITY
from app_tess.web.api.exports.votable import error_votable, write_votable
from app_tess.web.api.tables import allow_other_sites, describe_table

pages = Blueprint("cone_search", __name__, url_prefix="/api/v1")
pages.after_request(allow_other_sites)
MEDIA_TYPE = "application/x-votable+xml"
"""TOPCAT, pyvo and astroquery know it; the standard's other choice, text/xml;content=x-votable, is its elder form."""


@pages.errorhandler(AppTessError)
def answer_error(error):
    """The standard's way: status 200 and a VOTable whose INFO named Error says what was wrong (sec. 2.3)."""
    return Response(error_votable(str(error)), content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@pages.get("/cone")
def cone():
    """The stars in the cone, nearest first. MAXREC cuts the list, MAXREC=0 and SR=0 ask for the columns alone."""
    args = _by_upper_name(request.args)
    ra_deg = _number(args, "RA", -360, 360) % 360
    dec_deg = _number(args, "DEC", -90, 90)
    radius_deg = _number(args, "SR", 0, 180)
    verbosity = _whole_number(args, "VERB", 1, 3, default=2)
    limit = _whole_number(args, "MAXREC", 0, 10**9, default=None)
    _check_format(args)
    rows, overflow = ([], False) if radius_deg == 0 else find_in_cone(ra_deg, dec_deg, radius_deg, limit)
    columns = [column for column in CONE_COLUMNS if column.name in CONE_VERBOSITY[verbosity]]
    named = (row | {"id": f"TIC {row['tic_id']}", "ra": row["ra_deg"], "dec": row["dec_deg"]} for row in rows)
    lists = ([row[column.name] for column in columns] for row in named)
    return Response(write_votable(columns, lists, describe_table("stars"), overflow), content_type=MEDIA_TYPE)


def _by_upper_name(args):
    """Names in capitals: DALI 1.1 (sec. 3.2) wants them read whatever their case."""
    found = {}
    for name, value in args.items(multi=True):
        if found.setdefault(name.upper(), value.strip()) != value.strip():
            raise InvalidInput(f"{name.upper()}: given more than once, with different values.")
    return found


def _number(args, name, low, high):
    text = args.get(name, "")
    if not text:
        raise InvalidInput(
            f"{name}: missing. Ask with RA, DEC and SR in decimal degrees, such as RA=318.737&DEC=-55.872&SR=0.1"
        )
    try:
        value = float(text)
    except ValueError:
        raise InvalidInput(f"{name}: '{text}' is not a number; give decimal degrees.") from None
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidInput(f"{name}: {text} is outside {low} to {high} degrees.")
    return value


def _whole_number(args, name, low, high, default):
    text = args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and low <= int(text[:12]) <= high):
        raise InvalidInput(f"{name}: '{text}' is not a whole number from {low} to {high}.")
    return int(text)


def _check_format(args):
    """RESPONSEFORMAT (DALI) may only ask for what we have."""
    asked = args.get("RESPONSEFORMAT", "").lower()
    if asked and "votable" not in asked and asked not in ("text/xml", "xml"):
        raise InvalidInput(f"RESPONSEFORMAT: '{asked}' is not on offer; a cone search answers a VOTable.")
