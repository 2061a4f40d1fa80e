"""The web: `http` (parameters, responses, errors, security), `api` for programs, `pages` for people."""

import importlib

from flask import request

from app_tess.storage.database import begin_consistent_read, db, read_from_replica
from app_tess.web import warm_up
from app_tess.web.http import (
    compression,
    errors,
    hosts,
    invalid_values,
    kept,
    lean_assets,
    lean_templates,
    parameters,
    security,
    shared,
    shared_tables,
    site,
    template_filters,
)

FAMILIES = (
    "pages.stars",
    "pages.looked_up",
    "pages.survey",
    "pages.resolve",
    "pages.match",
    "pages.light_curves",
    "pages.curve_view",
    "pages.thumbnails",
    "pages.what_if",
    "pages.actions",
    "pages.runs",
    "pages.changes",
    "pages.glossary",
    "pages.classes",
    "pages.style",
    "api.tables",
    "pages.plots",
    "api.cone_search",
    "api.docs",
    "api.monitoring",
    "pages.transits",
    "pages.tonight",
    "pages.observing_sheet",
    "pages.model",
    "pages.track_record",
    "pages.scoreboard",
)

OF_THE_PRIMARY = ("monitoring", "runs", "actions", "looked_up")
"""Blueprints that are never read from a replica, which may lag behind: whoever starts a run sees it at once."""


def init_app(app):
    """Register the handlers and every blueprint."""
    app.before_request(_choose_database)
    kept.init_app(app)  # first registered, last to act on a response
    compression.init_app(app)
    lean_assets.init_app(app)  # acts before it
    hosts.init_app(app)
    parameters.init_app(app)
    security.init_app(app)
    shared.init_app(app)
    shared_tables.init_app(app)
    errors.init_app(app)
    template_filters.init_app(app)
    lean_templates.init_app(app)
    site.init_app(app)
    app.before_request(_read_one_moment)
    app.teardown_request(_end_read)
    for family in FAMILIES:
        app.register_blueprint(importlib.import_module(f"app_tess.web.{family}").pages)
    invalid_values.init_app(app)
    app.extensions[warm_up.WHEN_SERVING] = lambda: warm_up.warm_up_soon(app.jinja_env)


def _choose_database():
    """Read pages from the replica, where there is one; runs are shown as they are, and so is the state of the site."""
    if request.method in ("GET", "HEAD") and request.blueprint not in OF_THE_PRIMARY:
        read_from_replica()


def _read_one_moment():
    """Read from one snapshot, so that two queries of a page see the same catalogue."""
    if request.method in ("GET", "HEAD") and request.endpoint != "static" and request.blueprint != "monitoring":
        begin_consistent_read()


def _end_read(_error):
    if request.method in ("GET", "HEAD"):
        db.session.rollback()
