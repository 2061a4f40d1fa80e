"""One HTTP session for all archives: time-outs, retries with back-off, a size limit, and a descriptive User-Agent."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlparse

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from app_tess.errors import ArchiveError, ArchiveTimeout, MissingData

USER_AGENT = "TESS-Planet-Finder/0.2 (catalogue loader; batches, one request at a time)"
LARGEST_BODY_BYTES = 200_000_000
"""The TOI table has 4 MB and a 20-second light curve 12 MB; a much larger body is a mistake."""
CHUNK_BYTES = 1 << 16


class ArchiveSession(requests.Session):
    """A session that retries connection errors, 429 and 5xx `retries` times; see `open_session`."""

    def __init__(self, retries: int) -> None:
        super().__init__()
        self.retries = retries


def open_session(timeout_s: float = 60.0, retries: int = 4, backoff_s: float = 1.0) -> ArchiveSession:
    """Return a session that retries with exponential back-off, or after the time that Retry-After states.

    Parameters
    ----------
    timeout_s : float
        Longest wait for a response [s].
    retries : int
        Attempts after the first.
    backoff_s : float
        Wait before the second retry [s]; it doubles each time.

    Returns
    -------
    ArchiveSession
    """
    session = ArchiveSession(retries)
    session.headers["User-Agent"] = USER_AGENT
    retry = Retry(
        total=retries,
        connect=retries,
        read=retries,
        status=retries,
        backoff_factor=backoff_s,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=True,
    )
    adapter = _TimeoutAdapter(timeout_s, max_retries=retry)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _TimeoutAdapter(HTTPAdapter):
    """Replaces the very long time-out that astroquery passes by our own."""

    def __init__(self, timeout_s: float, **options: Any) -> None:
        self.timeout_s = timeout_s
        super().__init__(**options)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        options["timeout"] = (min(self.timeout_s, 10.0), self.timeout_s)
        return super().send(request, *args, **options)


def get(session: ArchiveSession, url: str, params: Mapping[str, str] | None = None) -> requests.Response:
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
    host = urlparse(url).netloc
    for attempt in range(session.retries + 1):
        try:
            with session.get(url, params=params, stream=True) as response:
                if response.status_code == 404:
                    raise MissingData(f"{host} has no file at {response.url}.")
                if response.status_code >= 400:
                    raise ArchiveError(
                        f"{host} answered {response.status_code} {response.reason} "
                        f"after {session.retries} retries ({url})."
                    )
                response._content = _read_whole(response, host)
                return response
        except (requests.exceptions.ChunkedEncodingError, _Cut) as error:
            # the body broke off, which urllib3's Retry does not cover: try again here
            if attempt == session.retries:
                raise ArchiveError(f"{host} broke off in the middle of its answer ({url}): {error}") from error
        except requests.RequestException as error:
            raise explain(error, host) from error
    raise ArchiveError(f"{host} was not asked: {session.retries} retries allow no attempt.")


class _Cut(Exception):
    """Fewer bytes arrived than were announced."""


def _read_whole(response: requests.Response, host: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise ArchiveError(f"{host} sent more than {LARGEST_BODY_BYTES // 1_000_000} MB ({response.url}).")
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and not response.headers.get("Content-Encoding") and len(body) < int(announced):
        raise _Cut(f"{len(body)} of {announced} bytes arrived")
    return bytes(body)


def explain(error: requests.RequestException, host: str) -> ArchiveError:
    """Return an ArchiveError that describes an exception of requests."""
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return ArchiveTimeout(f"{host} did not answer in time.")
    if isinstance(error, requests.exceptions.RetryError):
        return ArchiveError(f"{host} kept answering errors (429 or 5xx).")
    if isinstance(error, requests.ConnectionError):
        return ArchiveError(f"{host} cannot be reached (no connection).")
    return ArchiveError(f"{host}: {error}")
