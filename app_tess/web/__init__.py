"""The pages. One file a page family; no SQL and no arithmetic here."""

import importlib

from flask import request

from app_tess.storage.database import begin_consistent_read, db
from app_tess.web.http import compression, errors, security, site, template_filters

FAMILIES = (
    "pages.stars",
    "pages.light_curves",
    "pages.thumbnails",
    "pages.actions",
    "pages.runs",
    "pages.changes",
    "pages.glossary",
    "pages.style",
    "api.tables",
    "pages.plots",
    "api.cone_search",
    "api.docs",
    "pages.transits",
    "pages.model",
    "pages.track_record",
)


def init_app(app):
    compression.init_app(app)  # the first to be asked for is the last to act on an answer
    security.init_app(app)
    errors.init_app(app)
    template_filters.init_app(app)
    site.init_app(app)
    app.before_request(_read_one_moment)
    app.teardown_request(_end_read)
    for family in FAMILIES:
        app.register_blueprint(importlib.import_module(f"app_tess.web.{family}").pages)


def _read_one_moment():
    """A page that asks the database twice must not see two catalogues."""
    if request.method in ("GET", "HEAD") and request.endpoint != "static":
        begin_consistent_read()


def _end_read(_error):
    if request.method in ("GET", "HEAD"):
        db.session.rollback()
