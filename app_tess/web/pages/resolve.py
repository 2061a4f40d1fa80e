"""/resolve: a name that the catalogue does not know, by MAST's name resolver; leads to the star's page.

The one page for which a web thread asks an archive: for two short answers, within `resolve.LONGEST_S`, for one visitor
at a time.
"""

import threading

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from app_tess.errors import ArchiveError, InvalidInput, SiteBusy
from app_tess.storage.database import db
from app_tess.web.http import errors, limits
from app_tess.web.http.parameters import read_text, reject_unknown
from app_tess.web.pages import star_facts

pages = Blueprint("resolve", __name__)
NAMES = limits.Limit("names to resolve", 20, 300)
LONGEST_NAME = 120
RETRY_AFTER_S = 10
turn = threading.Semaphore(1)


@pages.get("/resolve")
def show():
    from app_tess.tasks import resolve

    reject_unknown(request.args, ("name",))
    name = read_text(request.args, "name", "")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"give a name of 1 to {LONGEST_NAME} printable characters.", field="name")
    limits.count_one(NAMES)
    db.session.rollback()  # no transaction and no connection is held while this waits
    if not turn.acquire(blocking=False):
        raise SiteBusy("Another name is being resolved. Please try again in a moment.", RETRY_AFTER_S)
    problem, found, stars = None, None, []
    try:
        found, stars = resolve.resolve(current_app.config["TESS"], name)
    except ArchiveError as error:
        problem = error
    finally:
        turn.release()
    if star := resolve.only_star(stars):
        return redirect(url_for("stars.show", tic_id=star.tic_id))
    page = render_template(
        "stars/resolved.html",
        name=name,
        problem=problem,
        found=found,
        stars=stars,
        radius_arcsec=resolve.RADIUS_ARCSEC,
        name_resolver=star_facts.name_resolver,
    )
    status = errors.status_of(problem) if problem else 200 if found else 404
    return page, status, {"Cache-Control": "no-store"}
