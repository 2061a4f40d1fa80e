"""Plots of light curves, each a PNG at its own URL. A GET changes nothing but the disk cache.

A plot whose files are not in the cache is answered 202, with a picture or a page that says so, while they are fetched.
"""

from functools import lru_cache

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request

from app_tess.errors import AppTessError, BeingFetched, InvalidInput
from app_tess.plots.themes import look_of
from app_tess.storage import stars
from app_tess.storage.database import db
from app_tess.tasks import compare, pictures, search_pictures, vetting_pictures
from app_tess.tasks.provenance import sentences
from app_tess.web.http import errors
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_data_choice, read_look, read_mask_and_flux, read_measured_times
from app_tess.web.http.responses import header_text, not_stored, picture_response

pages = Blueprint("light_curves", __name__)
MAX_AGE_S = 3600
"""A plot changes only with a catalogue update, which changes its ETag."""

PATIENCE_S = 1.0
"""How long one thread waits for files [s]: most arrive within a second."""

RETRY_AFTER_S = 3
"""When a page or a program should ask again for what is being fetched [s]."""


@pages.get("/stars/<int:tic_id>/sectors/<filename>.png")
@kept()
def sector(tic_id, filename):
    return png(
        lambda: pictures.sector_picture(
            current_app.config["TESS"], tic_id, filename, read_look(request.args), **read_mask_and_flux(request.args)
        )
    )


@pages.get("/stars/<int:tic_id>/sectors/<filename>/provenance.json")
def sector_provenance(tic_id, filename):
    return provenance(
        lambda: pictures.sector_picture(
            current_app.config["TESS"], tic_id, filename, **read_mask_and_flux(request.args)
        )
    )


@pages.get("/stars/<int:tic_id>/tois/<toi>/folded/provenance.json")
def folded_provenance(tic_id, toi):
    return provenance(lambda: _draw_fold(tic_id, toi))


@pages.get("/stars/<int:tic_id>/tois/<toi>/comparison/provenance.json")
def comparison_provenance(tic_id, toi):
    """Return what the comparison was made from, with the depth in each pipeline's flux and the findings."""
    return provenance(
        lambda: compare.comparison_picture(
            current_app.config["TESS"], tic_id, toi, mask=read_mask_and_flux(request.args)["mask"]
        )
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>/<int:event>/provenance.json")
def validation_provenance(tic_id, filename, event):
    return provenance(lambda: pictures.validation_picture(current_app.config["TESS"], tic_id, filename, event))


@pages.get("/stars/<int:tic_id>/<path:picture>/receipt.json")
def former_provenance(tic_id, picture):
    """Lead from the address of releases before 0.2 to the present one."""
    query = "?" + request.query_string.decode() if request.query_string else ""
    return redirect(request.path.removesuffix("receipt.json") + "provenance.json" + query, code=301)


@pages.get("/stars/<int:tic_id>/tois/<toi>/folded.png")
@kept()
def folded(tic_id, toi):
    return png(lambda: _draw_fold(tic_id, toi))


def _draw_fold(tic_id, toi):
    """Draw the fold on the transit times, and in the kind of light curve, that the request asks for."""
    config, theme, choice = current_app.config["TESS"], read_look(request.args), read_data_choice(request.args)
    if not read_measured_times(request.args):
        return pictures.folded_picture(config, tic_id, toi, theme, **choice)
    if choice.pop("kind"):
        raise InvalidInput("measured times belong to the light curves in which they were measured.", field="kind")
    return vetting_pictures.measured_fold_picture(config, tic_id, toi, theme, **choice)


@pages.get("/stars/<int:tic_id>/tois/<toi>/comparison.png")
@kept()
def comparison(tic_id, toi):
    """Draw the same fold in the flux of each pipeline, side by side."""
    return png(
        lambda: compare.comparison_picture(
            current_app.config["TESS"],
            tic_id,
            toi,
            read_look(request.args),
            mask=read_mask_and_flux(request.args)["mask"],
        )
    )


@pages.get("/stars/<int:tic_id>/tois/<toi>/vetting.png")
@kept()
def vetting(tic_id, toi):
    return png(
        lambda: vetting_pictures.vetting_picture(current_app.config["TESS"], tic_id, toi, read_look(request.args))
    )


@pages.get("/stars/<int:tic_id>/search/periodogram.png")
def periodogram(tic_id):
    return png(lambda: search_pictures.periodogram_picture(current_app.config["TESS"], tic_id, read_look(request.args)))


@pages.get("/stars/<int:tic_id>/search/<int:number>/folded.png")
def signal(tic_id, number):
    """Show the light curve folded on a signal detected here."""
    return png(
        lambda: search_pictures.signal_picture(current_app.config["TESS"], tic_id, number, read_look(request.args))
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>/<int:event>.png")
@kept()
def validation(tic_id, filename, event):
    return png(
        lambda: pictures.validation_picture(
            current_app.config["TESS"], tic_id, filename, event, read_look(request.args)
        )
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>")
def validation_events(tic_id, filename):
    """Show the events of a data-validation file, one plot each; the file is downloaded to count them."""

    def read():
        detail = stars.get_star(tic_id)
        product = pictures.find_product(detail, filename)
        return product, pictures.validation_events(current_app.config["TESS"], detail, product, download=True)

    product, events = with_files(read)
    return render_template("stars/validation.html", tic_id=tic_id, product=product, events=events)


@pages.errorhandler(AppTessError)
def explain(error):
    """Answer an `<img>` with the message as a PNG, any other request with the usual page."""
    if request.headers.get("Accept", "").startswith("image/"):
        sentence = errors.describe(error)
        picture = _notice(sentence, _look_of_notice())
        headers = {"Content-Type": "image/png", "X-Alt-Text": header_text(sentence)}
        response = make_response(picture, errors.status_of(error), headers)
    elif isinstance(error, BeingFetched):
        response = _being_fetched(error)
    else:
        return errors.answer_app_error(error)
    if isinstance(error, BeingFetched):
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return not_stored(response)


def _look_of_notice():
    """Return the look that was asked for; of one that does not exist the notice says so, in the usual one."""
    try:
        return read_look(request.args)
    except InvalidInput:
        return look_of("light")


@lru_cache(maxsize=50)
def _notice(sentence, theme):
    """Return a sentence as a PNG; every picture of a page may need the same one."""
    from app_tess.plots.notice import render_notice

    return render_notice(sentence, theme=theme).png


def _being_fetched(error):
    status = errors.status_of(error)
    if errors.wants_json():
        return make_response(
            jsonify({"status": error.code, "message": str(error), "retry_after_s": RETRY_AFTER_S}), status
        )
    page = render_template(
        "stars/being_fetched.html",
        message=str(error),
        tic_id=(request.view_args or {}).get("tic_id"),
        refresh_s=RETRY_AFTER_S,
    )
    return make_response(page, status)


def with_files(read):
    """Return `read()`; where it needs files that are being fetched, wait for them a moment and try again.

    Raises
    ------
    BeingFetched
        They have not arrived, or another thread of this process is waiting already.
    """
    try:
        return read()
    except BeingFetched as pending:
        db.session.rollback()  # no transaction and no connection is held while a thread waits
        if not current_app.extensions["downloads"].wait(pending, PATIENCE_S):
            raise
    return read()


def png(draw):
    """Answer with the picture that `draw()` returns, once its files are there."""
    return picture_response(with_files(draw), MAX_AGE_S)


def provenance(draw):
    """Answer with a picture's provenance, as data and in sentences."""
    picture = with_files(draw)
    return jsonify(picture.provenance | {"alt": picture.alt, "sentences": sentences(picture.provenance)})
