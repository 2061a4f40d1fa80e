"""What an archive may cost: hosts, time, bytes and attempts."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

LARGEST_FILE_BYTES = 200_000_000
"""A 20-second light curve has 12 MB, a data-validation series of 60 sectors and three events about 160 MB."""

LARGEST_TABLE_BYTES = 64_000_000
"""The TOI table has 4 MB, the product list of 400 stars at most 40 MB."""

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Limits:
    """The limits of a session.

    Attributes
    ----------
    origins : frozenset of str
        The only servers that may be asked, redirects included; see `allow`.
    silence_s : float
        Longest wait for the next byte [s].
    total_s : float
        Longest duration of one answer [s]: retries, pauses, redirects, and all pages of a query included.
    retries : int
        Attempts after the first, where the connection failed or the status is 429 or 5xx.
    backoff_s : float
        Pause before the first retry [s]; it doubles each time.
    longest_pause_s : float
        A Retry-After beyond this [s] ends the request with a message instead of a wait.
    session_s : float
        Longest duration of all answers of the session together, from its opening [s].
    """

    origins: frozenset[str]
    silence_s: float = 60.0
    total_s: float = 300.0
    retries: int = 4
    backoff_s: float = 1.0
    longest_pause_s: float = 60.0
    session_s: float = math.inf


def allow(*urls: str, hosts: Iterable[str] = ()) -> frozenset[str]:
    """Return the origins of configured addresses, and those of host names that are reached over HTTPS only."""
    found = {origin_of(url) for url in urls} | {origin_of(f"https://{host}") for host in hosts}
    return frozenset(found - {""})


def origin_of(url: str) -> str:
    """Return `scheme://host:port` of an address; empty unless it is plainly one of HTTP.

    Two parsers must agree on the host: what is checked is then what is connected to.
    """
    try:
        parts, host = urlsplit(url), parse_url(url).host
        port = parts.port or PORTS.get(parts.scheme, 0)
    except (ValueError, LocationParseError):
        return ""
    name = parts.hostname or ""
    if parts.scheme not in PORTS or not name or (host or "").strip("[]").lower() != name:
        return ""
    return f"{parts.scheme}://{name}:{port}"
