"""Pages, style sheets and scripts go out as gzip to whoever takes it: a table of a hundred stars in a fifth of its bytes."""

import gzip

from flask import g, request

COMPRESSED = ("text/html", "text/css", "text/javascript", "application/javascript")
"""Pictures are compressed already; tables for programs are streamed, and their ETags are strong, so both go out as they are."""
LEVEL = 5
"""2 ms for the heaviest page; 9 takes five times as long and saves a sixteenth more."""


def init_app(app):
    app.after_request(_compress)


def _compress(response):
    if response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    # A page with a CSRF token stays as it is: the length of compressed text tells of a secret beside what the address says (BREACH).
    if response.status_code != 200 or "csrf_token" in g or not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response
