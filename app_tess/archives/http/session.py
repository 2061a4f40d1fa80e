"""The session: it asks allowed servers only, retries what may pass, and returns bodies that are whole."""

import email.utils
import logging
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from app_tess import metrics
from app_tess.archives.http.body import ACCEPTED, CutOff, read_body
from app_tess.archives.http.connection import pool_classes
from app_tess.archives.http.exchange import Exchange
from app_tess.archives.http.gate import current_gate
from app_tess.archives.http.limits import LARGEST_FILE_BYTES, Limits, origin_of
from app_tess.errors import ArchiveError, ArchiveTimeout, ArchiveUnavailable, MissingData

USER_AGENT = "TESS-Planet-Finder/0.2 (catalogue loader; batches, one request at a time)"
RETRIED = (429, 500, 502, 503, 504)
MOST_REDIRECTS = 5
"""MAST redirects once, to its bucket."""
LONGEST_CONNECT_S = 10.0
"""A server that is there accepts a connection within seconds."""

log = logging.getLogger(__name__)


class ArchiveSession(requests.Session):
    """A session for one thread, within `limits`; open it with `open_session`."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.max_redirects = MOST_REDIRECTS
        self._ends_at = time.monotonic() + limits.session_s
        self.exchange: Exchange | None = None
        self._previous: tuple[str, str, object] | None = None
        self.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPTED})
        self.mount("", _Adapter(self))  # for every scheme: file:// is refused like any other server that is not allowed
        for scheme in ("http://", "https://"):
            self.adapters.pop(scheme)

    @contextmanager
    def answer(self, url: str, largest_bytes: int) -> Iterator[Exchange]:
        """Take all requests within the context as one answer, for its deadline and its size."""
        if self.exchange is not None:
            yield self.exchange
            return
        self.exchange = Exchange(urlsplit(url).netloc, self.limits, largest_bytes, self._ends_at)
        self._previous = None
        try:
            yield self.exchange
        finally:
            self.exchange = None

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send a request and read its answer; ArchiveError or ArchiveTimeout where there is none."""
        asked = (method, str(url), options.get("data"))
        with self.answer(str(url), LARGEST_FILE_BYTES) as exchange:
            if asked == self._previous:  # MAST says EXECUTING, and astroquery asks again at once
                exchange.polls += 1
                exchange.pause(self.limits.backoff_s)
            self._previous = asked
            return super().request(method, url, *args, **options)


class _Adapter(HTTPAdapter):
    """Sends one request, with its retries, under the session's current exchange."""

    def __init__(self, session: ArchiveSession) -> None:
        self._session = session
        super().__init__()

    def _exchange(self) -> Exchange:
        if self._session.exchange is None:
            raise ArchiveError("A request was sent outside ArchiveSession.request.")
        return self._session.exchange

    def _pool_classes(self) -> dict[str, Any]:
        # urllib3 keeps the open connections of a pool until the pool is gone: one that led back to it would keep both
        exchange = weakref.WeakMethod(self._exchange)

        def current() -> Exchange:
            method = exchange()
            if method is None:
                raise ArchiveError("A request was sent after its session had ended.")
            return method()

        return pool_classes(current)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes()

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pool_classes()
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Return the response with its whole body read."""
        exchange, limits, gate = self._exchange(), self._session.limits, current_gate()
        if origin_of(request.url or "") not in limits.origins:
            raise ArchiveError(
                f"{exchange.host} redirects to {(request.url or '')[:200]}, and that is not a configured archive host."
            )
        options["stream"] = True
        failure: ArchiveError | None = None
        for attempt in range(limits.retries + 1):
            exchange.check()
            pause_s, started = limits.backoff_s * 2**attempt, time.monotonic()
            try:
                with gate.turn(exchange.host, exchange.extend):
                    started = time.monotonic()
                    wait_s = min(limits.silence_s, exchange.seconds_left)
                    options["timeout"] = (min(wait_s, LONGEST_CONNECT_S), wait_s)
                    response = self._send_once(request, options, exchange)
            except (requests.RequestException, HTTPError, OSError, CutOff, ValueError) as error:
                failure = explain(error, exchange.host)
                metrics.count_archive_response(exchange.host, failure.code, time.monotonic() - started)
            else:
                metrics.count_archive_response(
                    exchange.host, str(response.status_code), response.elapsed.total_seconds()
                )
                if response.status_code not in RETRIED:
                    return response
                status = f"{response.status_code} {response.reason}"
                failure = ArchiveUnavailable(f"{exchange.host} answered {status}, {attempt + 1} times ({request.url}).")
                pause_s = _retry_after_s(response.headers) or pause_s
                if pause_s > limits.longest_pause_s:
                    raise ArchiveUnavailable(
                        f"{exchange.host} answered {status} and asks for a pause of {pause_s:,.0f} s: try again then."
                    )
            log.info("%s (attempt %d)", failure, attempt + 1)
            gate.rest(exchange.host, pause_s)
            if attempt < limits.retries:
                exchange.pause(pause_s)
        raise failure or ArchiveError(f"{exchange.host} was not asked: {limits.retries} retries allow no attempt.")

    def _send_once(
        self, request: requests.PreparedRequest, options: Mapping[str, Any], exchange: Exchange
    ) -> requests.Response:
        response = super().send(request, **options)
        try:
            response._content = read_body(response.raw, exchange)
            response._content_consumed = True
        finally:
            response.raw.close()  # the connection too, unless the body was read to its end
        return response


def open_session(limits: Limits) -> ArchiveSession:
    """Return a session that keeps `limits`, for one thread."""
    return ArchiveSession(limits)


def get(
    session: ArchiveSession,
    url: str,
    params: Mapping[str, str] | None = None,
    largest_bytes: int = LARGEST_FILE_BYTES,
) -> requests.Response:
    """GET a complete body of limited size.

    Returns
    -------
    requests.Response
        With `content` read.

    Raises
    ------
    MissingData
        The archive has no such file (404).
    ArchiveError, ArchiveTimeout
        Any other failure, a body cut off or too large; the message names the host.
    """
    host = urlsplit(url).netloc
    with session.answer(url, largest_bytes):
        try:
            response = session.get(url, params=params)
        except (requests.RequestException, ValueError) as error:  # ValueError: a Location that is no address
            raise explain(error, host) from error
    if response.status_code == 404:
        raise MissingData(f"{host} has no file at {response.url}.")
    if response.status_code >= 300:  # a redirect without a Location is not followed
        raise ArchiveError(f"{host} answered {response.status_code} {response.reason} ({url}).")
    return response


def explain(error: Exception, host: str) -> ArchiveError:
    """Return an ArchiveError that names the host and the cause of a failed request."""
    if isinstance(error, (requests.Timeout, ReadTimeoutError, TimeoutError)) or "timed out" in str(error).lower():
        return ArchiveTimeout(f"{host} did not answer in time: {_cause(error)}.")
    if isinstance(error, requests.TooManyRedirects):
        return ArchiveError(f"{host} redirects in a circle.")
    if isinstance(error, requests.exceptions.SSLError):
        return ArchiveUnavailable(f"{host}: no secure connection ({_cause(error)}).")
    reason = _cause(error)
    if isinstance(error, (CutOff, HTTPError)) or "Connection broken" in reason or "without response" in reason:
        return ArchiveUnavailable(f"{host} broke off in the middle of its answer: {reason}.")
    if isinstance(error, requests.ConnectionError):
        return ArchiveUnavailable(f"{host} cannot be reached: {reason}.")
    return ArchiveError(f"{host}: {reason}.")


def _cause(error: BaseException) -> str:
    """Return the innermost reason that the layers of requests and urllib3 carry, in the system's words."""
    while True:
        context = None if error.__suppress_context__ else error.__context__
        inner = error.__cause__ or context or getattr(error, "reason", None)
        inner = inner or next((arg for arg in error.args if isinstance(arg, BaseException)), None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)[:200] or type(error).__name__


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the pause that Retry-After asks for [s], given as a number or a date; None without a usable one."""
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text[:12])
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0) or None
    except (ValueError, TypeError, OverflowError):
        return None
