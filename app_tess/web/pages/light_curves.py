"""Plots of light curves, each a PNG at its own URL. A GET changes nothing but the disk cache."""

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request

from app_tess.errors import AppTessError
from app_tess.plots.themes import THEMES
from app_tess.storage import stars
from app_tess.tasks import pictures, vet
from app_tess.tasks.provenance import sentences
from app_tess.web.http import errors
from app_tess.web.http.parameters import read_mask_and_flux, read_theme
from app_tess.web.http.responses import not_stored, picture_response

pages = Blueprint("light_curves", __name__)
MAX_AGE_S = 3600
"""A plot changes only with a catalogue update, which changes its ETag."""


@pages.get("/stars/<int:tic_id>/sectors/<filename>.png")
def sector(tic_id, filename):
    return _png(
        pictures.sector_picture(
            current_app.config["TESS"], tic_id, filename, read_theme(request.args), **read_mask_and_flux(request.args)
        )
    )


@pages.get("/stars/<int:tic_id>/sectors/<filename>.json")
def sector_points(tic_id, filename):
    """Return the points of the sector's plot, for the interactive plot."""
    response = jsonify(
        pictures.sector_points(current_app.config["TESS"], tic_id, filename, **read_mask_and_flux(request.args))
    )
    response.cache_control.max_age = MAX_AGE_S
    return response


@pages.get("/stars/<int:tic_id>/sectors/<filename>/provenance.json")
def sector_provenance(tic_id, filename):
    return _provenance(
        pictures.sector_picture(current_app.config["TESS"], tic_id, filename, **read_mask_and_flux(request.args))
    )


@pages.get("/stars/<int:tic_id>/tois/<toi>/folded/provenance.json")
def folded_provenance(tic_id, toi):
    return _provenance(
        pictures.folded_picture(current_app.config["TESS"], tic_id, toi, **read_mask_and_flux(request.args))
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>/<int:event>/provenance.json")
def validation_provenance(tic_id, filename, event):
    return _provenance(pictures.validation_picture(current_app.config["TESS"], tic_id, filename, event))


@pages.get("/stars/<int:tic_id>/<path:picture>/receipt.json")
def former_provenance(tic_id, picture):
    """Lead from the address of releases before 0.2 to the present one."""
    query = "?" + request.query_string.decode() if request.query_string else ""
    return redirect(request.path.removesuffix("receipt.json") + "provenance.json" + query, code=301)


@pages.get("/stars/<int:tic_id>/tois/<toi>/folded.png")
def folded(tic_id, toi):
    return _png(
        pictures.folded_picture(
            current_app.config["TESS"], tic_id, toi, read_theme(request.args), **read_mask_and_flux(request.args)
        )
    )


@pages.get("/stars/<int:tic_id>/tois/<toi>/vetting.png")
def vetting(tic_id, toi):
    return _png(
        vet.vetting_picture(
            current_app.config["TESS"], tic_id, toi, read_theme(request.args), request.args.get("layout", "wide")
        )
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>/<int:event>.png")
def validation(tic_id, filename, event):
    return _png(
        pictures.validation_picture(current_app.config["TESS"], tic_id, filename, event, read_theme(request.args))
    )


@pages.get("/stars/<int:tic_id>/validation/<filename>")
def validation_events(tic_id, filename):
    """Show the events of a data-validation file, one plot each; the file is downloaded to count them."""
    detail = stars.get_star(tic_id)
    product = pictures.find_product(detail, filename)
    events = pictures.validation_events(current_app.config["TESS"], detail, product, download=True)
    return render_template("stars/validation.html", tic_id=tic_id, product=product, events=events)


@pages.errorhandler(AppTessError)
def _explain(error):
    """Answer an `<img>` with the message as a PNG, any other request with the usual page."""
    from app_tess.plots.notice import render_notice

    if not request.headers.get("Accept", "").startswith("image/"):
        return errors.answer_app_error(error)
    theme = request.args.get("theme")
    picture = render_notice(errors.describe(error), theme=theme if theme in THEMES else "light")
    response = make_response(picture.png, errors.status_of(error), {"Content-Type": "image/png"})
    return not_stored(response)


def _png(picture):
    return picture_response(picture, MAX_AGE_S)


def _provenance(picture):
    """Answer with a picture's provenance, as data and in sentences."""
    return jsonify(picture.provenance | {"alt": picture.alt, "sentences": sentences(picture.provenance)})
