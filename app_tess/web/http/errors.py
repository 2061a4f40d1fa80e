"""One handler for every error: HTML for people, JSON for programs, and never a stack trace."""

import logging

from flask import jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from app_tess.errors import AppTessError
from app_tess.storage.database import db

log = logging.getLogger(__name__)


def init_app(app):
    app.register_error_handler(AppTessError, answer_app_error)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer_app_error(error):
    if error.status >= 500:
        log.warning("%s %s: %s", request.method, request.path, error)
    return _answer(error.status, error.code, str(error))


def _http(error):
    if error.response is not None or (error.code or 500) < 400:
        return error
    answer = _answer(error.code, error.name.lower().replace(" ", "_"), error.description or error.name)
    if error.code == 405 and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _unexpected(_error):
    log.exception("%s %s", request.method, request.path)
    db.session.rollback()
    return _answer(500, "fault", "A fault of ours: it is in the log, and the data is safe.")


def wants_json():
    """Programs: below /api/, addresses ending in .json, or an Accept header that prefers JSON."""
    if request.path.startswith("/api/") or request.path.endswith(".json"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json" and "text/html" not in request.accept_mimetypes.values()


def _answer(status, code, message):
    if wants_json():
        response = jsonify({"error": {"code": code, "status": status, "message": message}})
    else:
        response = make_response(render_template("error.html", status=status, code=code, message=message))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["HX-Push-Url"] = "false"  # a list that asks in place shows the refusal and keeps its address
    return response
