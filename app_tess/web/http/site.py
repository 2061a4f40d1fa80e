"""What every page shows: data sources, a failed catalogue update, the menu, and the color scheme."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, g, redirect, request

from app_tess.errors import InvalidInput
from app_tess.storage.status import find_status
from app_tess.web.http.parameters import read_choice

THEMES = ("light", "dark", "auto")
YEAR_S = 365 * 24 * 3600

NAVIGATION = (
    ("Stars", "/"),
    ("Tonight", "/tonight"),
    ("Changes", "/changes"),
    ("Match", "/match"),
    ("Survey", "/survey"),
    ("Models", (("Model card", "/model"), ("Track record", "/track-record"), ("Scoreboard", "/scoreboard"))),
    ("Help", (("Glossary", "/glossary"), ("Light-curve classes", "/classes"), ("API", "/api/docs"))),
)
"""The menu: name -> address, or the entries below it."""

pages = Blueprint("site", __name__)


def init_app(app):
    app.register_blueprint(pages)
    app.context_processor(
        lambda: {
            "site_status": site_status,
            "theme": chosen_theme(),
            "navigation": NAVIGATION,
            "version": _asset_version(app),
        }
    )


@pages.post("/theme")
def choose_theme():
    """Store light, dark or auto in a cookie. This is a preference, so no token is needed."""
    theme = read_choice(request.form, "theme", THEMES)
    if not theme:
        raise InvalidInput("missing.", field="theme")
    response = redirect(_local(request.form.get("next", "/")), code=303)
    response.set_cookie("theme", theme, max_age=YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def chosen_theme():
    """Return light or dark if chosen, else auto: the device's preference."""
    theme = request.cookies.get("theme", "auto")
    return theme if theme in THEMES else "auto"


@cache
def _asset_version(app):
    """Return a word that changes with any style sheet or script, so that browsers can cache them."""
    files = sorted(path for path in Path(app.static_folder).rglob("*") if path.suffix in (".css", ".js"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]


def site_status():
    """Return `storage.status.find_status()`, evaluated once per request."""
    if "site_status" not in g:
        g.site_status = find_status()
    return g.site_status


def _local(address):
    """Return the address if it is on this site, else the start page."""
    safe = (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and not any(ord(char) < 32 for char in address)
    )
    return address if safe else "/"
