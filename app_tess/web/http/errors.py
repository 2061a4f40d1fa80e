"""One handler for every error: HTML for people, JSON for programs, and never a stack trace."""

import logging

from flask import g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from app_tess.astro.light_curve import NoUsableData
from app_tess.errors import (
    AlreadyRunning,
    AppTessError,
    ArchiveError,
    ArchiveTimeout,
    ArchiveUnavailable,
    ArtifactError,
    BeingFetched,
    BeingLoaded,
    CacheError,
    ClusterLost,
    ConfigurationError,
    DiskFull,
    EphemerisError,
    FileFormatError,
    InvalidInput,
    MissingData,
    NotAllowed,
    OutdatedInput,
    RunEnded,
    SiteBusy,
    SurveyStopped,
    TooManyRequests,
    TrainingError,
)
from app_tess.storage.database import DatabaseDown, db, is_full, is_outage
from app_tess.storage.status import SiteStatus
from app_tess.web.http.error_help import error_record, title_of

log = logging.getLogger(__name__)

STATUSES = {
    AppTessError: 500,
    InvalidInput: 400,
    TrainingError: 400,
    NotAllowed: 403,
    MissingData: 404,
    EphemerisError: 404,
    NoUsableData: 404,
    AlreadyRunning: 409,
    TooManyRequests: 429,
    SiteBusy: 503,
    RunEnded: 409,
    OutdatedInput: 409,
    ConfigurationError: 500,
    ArtifactError: 500,
    BeingFetched: 202,
    BeingLoaded: 202,
    CacheError: 503,
    DiskFull: 503,
    SurveyStopped: 500,
    ClusterLost: 503,
    ArchiveError: 502,
    ArchiveUnavailable: 502,
    FileFormatError: 502,
    ArchiveTimeout: 504,
}
"""The HTTP status of each error class."""

RETRY_AFTER_S = 30
"""When a client should try again while the database is down: it restarts within half a minute."""

LOADING_S = 2
"""When a client should try again while the model is being loaded."""

PARAMETERS = {"position": "q", "latitude": "lat", "longitude": "lon"}
"""URL parameters whose names differ from those of the fields that an error names."""


def init_app(app):
    """Register the handlers."""
    app.register_error_handler(AppTessError, answer_app_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    for error in DatabaseDown:
        app.register_error_handler(error, _answer_without_the_database)
    app.register_error_handler(Exception, _answer_unexpected_error)


def status_of(error):
    """Return the HTTP status of an AppTessError."""
    return STATUSES[type(error)]


def describe(error):
    """Return the message of an AppTessError, beginning with the URL parameter where one is at fault."""
    return f"{parameter_of(error)}: {error}" if error.field else str(error)


def parameter_of(error, args=()):
    """Return the URL parameter that an AppTessError names: its field where `args` have it, else the usual name."""
    return error.field if error.field in args else PARAMETERS.get(error.field, error.field)


def answer_app_error(error):
    """Answer an AppTessError in the form that the client prefers."""
    if status_of(error) >= 500:
        log.warning("%s %s: %s", request.method, request.path, error)
    answer = _answer(status_of(error), error.code, describe(error))
    if isinstance(error, SiteBusy):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, BeingLoaded):
        answer.headers["Retry-After"] = answer.headers["Refresh"] = str(LOADING_S)  # a page reloads
    return answer


def _answer_http_error(error):
    if error.response is not None or (error.code or 500) < 400:
        return error
    answer = _answer(error.code, error.name.lower().replace(" ", "_"), error.description or error.name)
    if error.code == 405 and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _answer_unexpected_error(_error):
    log.exception("%s %s", request.method, request.path)
    db.session.rollback()
    return _answer(500, "fault", "Internal error. It has been logged; no data were lost.")


def _answer_without_the_database(error):
    """Answer 503; the page shows nothing of the catalogue, which would need the database."""
    if not is_outage(error):
        return _answer_unexpected_error(error)
    log.error(
        "%s %s: the database cannot be used: %s", request.method, request.path, getattr(error, "orig", None) or error
    )
    db.session.rollback()
    g.site_status = SiteStatus()
    if is_full(error):
        message = "The disk of the database is full, so nothing was stored. The site can still be read."
    else:
        message = "The database cannot be reached at the moment. Please try again in half a minute."
    answer = _answer(503, "database_unavailable", message)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def wants_json():
    """Return whether the client prefers JSON, by its Accept header or by an address below /api/ or ending in .json."""
    if request.path.startswith("/api/") or request.path.endswith(".json"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json" and "text/html" not in request.accept_mimetypes.values()


def _answer(status, code, message):
    record = error_record(status, code, message)
    if wants_json():
        response = jsonify({"error": record})
    else:
        response = make_response(render_template("error.html", title=title_of(status), **record))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["HX-Push-Url"] = "false"  # a table updated in place shows the error and keeps its address
    return response
