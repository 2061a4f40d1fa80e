"""The pages. One file a page family; no SQL and no arithmetic here."""
import importlib

from app_tess.web import error_pages, filters, security

FAMILIES = ("light_curves", "actions", "runs", "api", "cone_search")


def init_app(app):
    security.init_app(app)
    error_pages.init_app(app)
    filters.init_app(app)
    for family in FAMILIES:
        app.register_blueprint(importlib.import_module(f"app_tess.web.{family}").pages)
