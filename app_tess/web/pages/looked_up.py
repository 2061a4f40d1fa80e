"""Stars without a TOI: the list of those that were looked up, and the page that offers to look one up."""

from flask import Blueprint, current_app, render_template, request, url_for

from app_tess.storage import look_ups, run_records
from app_tess.web.http.parameters import read_page, reject_unknown
from app_tess.web.http.security import is_local_developer

pages = Blueprint("looked_up", __name__)
PAGE_SIZE = 50


@pages.get("/looked-up")
def index():
    reject_unknown(request.args, ("page",))
    page, total = read_page(request.args), look_ups.count_without_toi()
    return render_template(
        "looked_up/index.html",
        stars=list(look_ups.iter_without_toi(slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE))),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        page_url=lambda number: url_for("looked_up.index", page=number if number > 1 else None),
    )


def needs_token():
    """Return whether a look-up that this client requests needs the admin token."""
    return not (is_local_developer() or current_app.config["TESS"].visitors_may_look_up)


@pages.get("/stars/<int:tic_id>/look-up")
def ask(tic_id):
    """Ask on a separate page: a star's page is the same for everyone, and holds no token."""
    page, _, headers = offer(tic_id, look_ups.is_stored(tic_id))
    return page, 200, headers


def offer(tic_id, is_stored=False):
    """Answer the address of a star that is not stored: explain, and offer to look it up."""
    page = render_template(
        "looked_up/offer.html",
        tic_id=tic_id,
        is_stored=is_stored,
        run=run_records.find_latest("look-up", tic_id),
        needs_token=needs_token(),
    )
    return page, 404, {"Cache-Control": "no-store"}
