"""An IVOA Simple Cone Search 1.03 of the stars: RA, DEC and SR in decimal degrees; returns a VOTable.

Source: https://www.ivoa.net/documents/REC/DAL/ConeSearch-20080222.html
"""

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from app_tess.errors import AppTessError, InvalidInput
from app_tess.storage.cone import find_in_cone
from app_tess.web.api.exports.columns import CONE_COLUMNS, CONE_VERBOSITY
from app_tess.web.api.exports.votable import error_votable, write_votable
from app_tess.web.api.tables import allow_other_sites, describe_table, make_etag
from app_tess.web.http.errors import describe
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_number, read_text, read_whole_number, reject_contradictions
from app_tess.web.http.shared_tables import shared_table

pages = Blueprint("cone_search", __name__, url_prefix="/api/v1")
pages.after_request(allow_other_sites)
SMALL_DEG = 10.0
"""Radius up to which the table is made at once: some 60 of 7,000 stars; larger ones are shared, see `SharedTables`."""

LARGEST_LIMIT = 10**9
MEDIA_TYPE = "application/x-votable+xml"
"""Understood by TOPCAT, pyvo and astroquery; the standard's other choice, text/xml;content=x-votable, is older."""


@pages.errorhandler(AppTessError)
def answer_error(error):
    """Answer as the standard requires: status 200 and a VOTable with an INFO named Error (sec. 2.3)."""
    return Response(error_votable(describe(error)), content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@pages.get("/cone")
@kept()
def cone():
    """Return the stars in the cone, nearest first; with MAXREC=0 or SR=0 the columns only."""
    # DALI 1.1, sec. 3.2: names are case-insensitive
    args = MultiDict((name.upper(), value) for name, value in request.args.items(multi=True))
    reject_contradictions(args, args.keys())
    ra_deg = _required_degrees(args, "RA", -360, 360) % 360
    dec_deg = _required_degrees(args, "DEC", -90, 90)
    radius_deg = _required_degrees(args, "SR", 0, 180)
    verbosity = read_whole_number(args, "VERB", 1, 3, 2)
    limit = read_whole_number(args, "MAXREC", 0, LARGEST_LIMIT)
    _check_format(args)
    columns = [column for column in CONE_COLUMNS if column.name in CONE_VERBOSITY[verbosity]]

    def pieces():
        rows, overflow = ([], False) if radius_deg == 0 else find_in_cone(ra_deg, dec_deg, radius_deg, limit)
        named = (row | {"id": f"TIC {row['tic_id']}", "ra": row["ra_deg"], "dec": row["dec_deg"]} for row in rows)
        lists = ([row[column.name] for column in columns] for row in named)
        return write_votable(columns, lists, describe_table("stars"), overflow)

    if radius_deg <= SMALL_DEG:
        return Response("".join(pieces()), content_type=MEDIA_TYPE)
    return shared_table(make_etag("cone"), pieces, MEDIA_TYPE)


def _required_degrees(args, name, low, high):
    value = read_number(args, name, low, high, unit="degrees")
    if value is None:
        raise InvalidInput(
            "missing. Give RA, DEC and SR in decimal degrees, such as RA=318.737&DEC=-55.872&SR=0.1", field=name
        )
    return value


def _check_format(args):
    """Raise for a RESPONSEFORMAT (DALI) other than VOTable."""
    asked = read_text(args, "RESPONSEFORMAT", "").lower()
    if asked and "votable" not in asked and asked not in ("text/xml", "xml"):
        raise InvalidInput(f"'{asked}' is not available: a cone search returns a VOTable.", field="RESPONSEFORMAT")
