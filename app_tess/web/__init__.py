"""The pages. One file a page family; no SQL and no arithmetic here."""

import importlib

from flask import request

from app_tess.storage.database import begin_consistent_read, db
from app_tess.web import compression, error_pages, filters, security, site

FAMILIES = (
    "stars",
    "light_curves",
    "thumbnails",
    "actions",
    "runs",
    "changes",
    "glossary",
    "style",
    "api",
    "plots",
    "cone_search",
    "api_docs",
    "transits",
    "model",
    "track_record",
)


def init_app(app):
    compression.init_app(app)  # the first to be asked for is the last to act on an answer
    security.init_app(app)
    error_pages.init_app(app)
    filters.init_app(app)
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
