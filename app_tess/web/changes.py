"""What each reload changed: by date, of one star, and as an Atom feed."""
from itertools import groupby

from flask import Blueprint, make_response, render_template, request

from app_tess.errors import BadRequest
from app_tess.storage import changes

pages = Blueprint("changes", __name__)
SHOWN = 200
KINDS = {"new": "New TOI", "retired": "Retired TOI", "verdict": "New verdict", "period": "New period"}


@pages.app_context_processor
def _give_kinds():
    return {"change_kinds": KINDS}


@pages.get("/changes")
def index():
    tic_id = _tic_id()
    found = changes.latest(limit=SHOWN, tic_id=tic_id)
    days = [(day, list(rows)) for day, rows in groupby(found, key=lambda change: change.changed_at.date())]
    return render_template("changes/index.html", days=days, tic_id=tic_id, shown=SHOWN, is_cut=len(found) == SHOWN)


@pages.get("/changes.atom")
def feed():
    tic_id = _tic_id()
    response = make_response(render_template("changes/feed.xml", changes=changes.latest(limit=SHOWN, tic_id=tic_id), tic_id=tic_id))
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


def _tic_id():
    text = request.args.get("tic_id", "").strip()
    if not text:
        return None
    if not (text.isdecimal() and text.isascii() and 0 < int(text) < 2**63):
        raise BadRequest(f"tic_id: '{text}' is not a TIC id.")
    return int(text)
