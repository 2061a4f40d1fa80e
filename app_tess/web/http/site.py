"""What every page shows: where the data comes from, whether the last reload failed, and the reader's theme."""

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
    ("/", "Stars"),
    ("/tonight", "Tonight"),
    ("/changes", "Changes"),
    ("/model", "Model"),
    ("/track-record", "Track record"),
    ("/api/docs", "API"),
    ("/glossary", "Glossary"),
    ("/runs", "Runs"),
)
"""The menu; what is not there (yet) is left out."""

pages = Blueprint("site", __name__)


def init_app(app):
    app.register_blueprint(pages)
    app.context_processor(
        lambda: {
            "site_status": site_status,
            "theme": chosen_theme(),
            "navigation": _navigation(app),
            "version": _asset_version(app),
        }
    )


@pages.post("/theme")
def choose_theme():
    """Remember light, dark or auto in a cookie; a preference, not data, so no token is asked."""
    theme = read_choice(request.form, "theme", THEMES)
    if not theme:
        raise InvalidInput("missing.", field="theme")
    response = redirect(_local(request.form.get("next", "/")), code=303)
    response.set_cookie("theme", theme, max_age=YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def chosen_theme():
    """light or dark as the reader chose, else auto: what the device prefers."""
    theme = request.cookies.get("theme", "auto")
    return theme if theme in THEMES else "auto"


@cache
def _navigation(app):
    there = {rule.rule for rule in app.url_map.iter_rules()}
    return [(address, label) for address, label in NAVIGATION if address in there]


@cache
def _asset_version(app):
    """Changes when a style sheet or script does: browsers may then keep them for long."""
    files = sorted(path for path in Path(app.static_folder).rglob("*") if path.suffix in (".css", ".js"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]


def site_status():
    """storage.status.find_status(), asked once a request."""
    if "site_status" not in g:
        g.site_status = find_status()
    return g.site_status


def _local(address):
    """An address of this site, never of another one."""
    safe = (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and not any(ord(char) < 32 for char in address)
    )
    return address if safe else "/"
