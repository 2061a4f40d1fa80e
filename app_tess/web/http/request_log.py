"""Every request has an id: in its response, in its log lines, on its error page. Every response is one log line."""

import logging
import re
import time
import uuid

from flask import request
from werkzeug.wsgi import ClosingIterator

from app_tess import logs, metrics

HEADER = "X-Request-ID"
ROUTE = "app_tess.route"
ACCEPTED = re.compile(r"[\w.:-]{8,100}", re.ASCII)
"""What a reverse proxy may name a request; anything else gets an id of ours."""

QUIET = ("/healthz", "/readyz", "/metrics", "/static/")
"""Asked for every few seconds, or with every page: logged on the level DEBUG."""

log = logging.getLogger("app_tess.requests")


def init_app(app, trusts_proxy):
    """Wrap the application; `trusts_proxy`: a proxy in front may set X-Request-ID."""
    app.after_request(_note_route)
    app.wsgi_app = RequestLog(app.wsgi_app, trusts_proxy)


def _note_route(response):
    """Store the route that answered, for the line that is written when the whole response is sent."""
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else ""
    return response


class RequestLog:
    """WSGI middleware, so that what fails outside Flask's hooks has an id and a line as well."""

    def __init__(self, app, trusts_proxy):
        self._app, self._trusts_proxy = app, trusts_proxy

    def __call__(self, environ, start_response):
        """Answer a request, and write its line when the response is closed."""
        started = time.monotonic()
        number = self._id_of(environ)
        logs.request_id.set(number)
        sent = {"status": 500}

        def start(status, headers, exc_info=None):
            sent["status"] = int(status[:3])
            return start_response(status, [*headers, (HEADER, number)], exc_info)

        def close():
            logs.request_id.set(number)
            _record(environ, sent["status"], time.monotonic() - started)
            logs.request_id.set("")

        try:
            answer = self._app(environ, start)
        except BaseException:
            close()
            raise
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and isinstance(answer, wrapper):
            close()  # the server sends a file without a thread, but only if nothing is around it
            return answer
        return ClosingIterator(answer, [close])

    def _id_of(self, environ):
        theirs = environ.get("HTTP_X_REQUEST_ID", "")
        return theirs if self._trusts_proxy and ACCEPTED.fullmatch(theirs) else uuid.uuid4().hex[:16]


def _record(environ, status, seconds):
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
    metrics.count_request(environ.get(ROUTE, ""), method, status, seconds)
    log.log(
        logging.DEBUG if path.startswith(QUIET) else logging.INFO,
        "%s %s %d in %.0f ms",
        method,
        path,
        status,
        1000 * seconds,
        extra={
            "method": method,
            "path": path,
            "status": status,
            "duration_ms": round(1000 * seconds, 1),
            "client": environ.get("REMOTE_ADDR", ""),
        },
    )
