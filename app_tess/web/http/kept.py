"""Responses kept in memory: an address that was asked for before gets the same bytes, as long as they are right.

A view takes part by the decorator `kept`. The key of a response holds all that it depends on: the version of the stored
data, the minute (pages show the next transit, and how long ago something was), the address, the theme, and the
cookies and headers that the view names. What is rendered for one visitor only is never kept.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from flask import Response, current_app, g, request

from app_tess.storage.data_version import read_shown_version
from app_tess.tasks import disk_cache
from app_tess.web.http.site import chosen_theme

MOST_BYTES = 32_000_000
"""In a web process: some 2,000 pages, compressed. The longest unused responses are dropped."""

LARGEST_BYTES = 1_000_000
"""Of one response; longer tables are files, see `TableFile`."""

LIFE_S = 60
"""Seconds after which the time on a page counts as another one."""


@dataclass(frozen=True)
class KeptResponse:
    """The body as it was sent, and its headers."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class KeptResponses:
    """The responses of one web process, by key, up to a number of bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._lock = threading.Lock()
        self._responses: OrderedDict[Hashable, KeptResponse] = OrderedDict()

    def find(self, key: Hashable) -> KeptResponse | None:
        """Return the response with a key, or None."""
        with self._lock:
            found = self._responses.get(key)
            if found is not None:
                self._responses.move_to_end(key)
            return found

    def keep(self, key: Hashable, response: KeptResponse) -> None:
        """Keep a response, and drop the longest unused ones beyond the limit."""
        with self._lock:
            self._remove(key)
            self._responses[key] = response
            self._bytes += len(response.body)
            while self._bytes > self._most_bytes:
                self._remove(next(iter(self._responses)))

    def _remove(self, key: Hashable) -> None:
        old = self._responses.pop(key, None)
        self._bytes -= len(old.body) if old else 0


def kept(*, cookies=(), headers=(), files=False):
    """Let the responses of a view be kept; it must be the same for all who send these cookies and headers.

    `files`: it also depends on what is in the cache on disk.
    """

    def mark(view):
        view.kept_by = (cookies, headers, files)
        return view

    return mark


def init_app(app):
    """Register the hooks. This must come before every other `after_request`, so that it acts after them."""
    app.extensions["kept_responses"] = KeptResponses()
    app.before_request(_answer_again)
    app.after_request(_keep)


def _answer_again():
    depends = getattr(current_app.view_functions.get(request.endpoint or ""), "kept_by", None)
    if depends is None or request.method not in ("GET", "HEAD"):
        return None
    version = read_shown_version()
    if version is None:
        return None
    cookies, headers, files = depends
    g.kept_key = (
        version,
        int(time.time() // LIFE_S),
        (request.scheme, request.host, request.path, request.query_string),
        files and disk_cache.last_change(current_app.config["TESS"]),
        chosen_theme(),
        bool(request.accept_encodings.quality("gzip")),
        *(request.cookies.get(name) for name in cookies),
        *(request.headers.get(name) for name in headers),
    )
    found = current_app.extensions["kept_responses"].find(g.kept_key)
    if found is None:
        return None
    g.kept_key = None
    return Response(found.body, headers=list(found.headers)).make_conditional(request)


def _keep(response):
    key = g.pop("kept_key", None)
    if key is None or not _may_be_kept(response):
        return response
    body = response.get_data()
    if not body:
        return response  # a view's own answer to HEAD
    if not response.get_etag()[0]:
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Cookie")
    current_app.extensions["kept_responses"].keep(key, KeptResponse(body, tuple(response.headers)))
    return response.make_conditional(request)


def _may_be_kept(response):
    return (
        response.status_code == 200
        and not response.direct_passthrough
        and not response.is_streamed
        and "Set-Cookie" not in response.headers
        and "csrf_token" not in g
        and not response.cache_control.no_store
        and (response.content_length or 0) <= LARGEST_BYTES
    )
