"""Pictures of light curves, each a PNG at its own URL. A GET of theirs changes nothing but the disk cache."""
import hashlib

from flask import Blueprint, current_app, make_response, request

from app_tess.errors import BadRequest
from app_tess.tasks import pictures

pages = Blueprint("light_curves", __name__)
MAX_AGE_S = 3600
"""A picture changes only with a reload of the catalogue; the ETag finds that out."""
THEMES = ("light", "dark")


@pages.get("/stars/<int:tic_id>/sectors/<filename>.png")
def sector(tic_id, filename):
    return _png(pictures.sector_picture(current_app.config["TESS"], tic_id, filename, _theme()))


@pages.get("/stars/<int:tic_id>/tois/<toi>/folded.png")
def folded(tic_id, toi):
    return _png(pictures.folded_picture(current_app.config["TESS"], tic_id, toi, _theme()))


@pages.get("/stars/<int:tic_id>/validation/<filename>/<int:event>.png")
def validation(tic_id, filename, event):
    return _png(pictures.validation_picture(current_app.config["TESS"], tic_id, filename, event, _theme()))


def _theme():
    theme = request.args.get("theme", "light")
    if theme not in THEMES:
        raise BadRequest(f"theme: {theme!r} is neither light nor dark.")
    return theme


def _png(picture):
    response = make_response(picture.png)
    response.content_type = "image/png"
    response.headers["X-Alt-Text"] = picture.alt.encode("ascii", "replace").decode().replace("\n", " ")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_S
    response.set_etag(hashlib.sha256(picture.png).hexdigest()[:32])
    return response.make_conditional(request)
