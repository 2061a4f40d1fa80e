"""Refuse a request whose Host is not the site's, before anything builds an address from it."""

from flask import jsonify, make_response, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import WebsocketMismatch

from app_tess.web.http.error_help import error_record
from app_tess.web.http.errors import wants_json

MESSAGE = "The Host header of this request is malformed, or names a host that this site does not answer to."
NO_WEBSOCKET = "This site has no WebSocket: ask without the header Upgrade."


def init_app(app):
    """Register the check; it must come before every other."""
    app.before_request(_refuse_other_hosts)


def _refuse_other_hosts():
    """Answer without a template: with such a host Flask can build no address, so no page can be rendered."""
    if not isinstance(request.routing_exception, BadRequest):
        return None
    message = NO_WEBSOCKET if isinstance(request.routing_exception, WebsocketMismatch) else MESSAGE
    if wants_json():
        return jsonify({"error": error_record(400, "bad_request", message)}), 400
    return make_response(f"400 Bad request\n\n{message}\n", 400, {"Content-Type": "text/plain; charset=utf-8"})
