"""How often a client may do something. Counted in a small file that all web processes of the machine share.

The file is not part of the database: counting must not wait for a catalogue update, and the web role may write no other
table than `runs`. Where the file cannot be written, each process counts for itself, so that a client may do up to as
many times more as there are processes.
"""

import ipaddress
import logging
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, request

from app_tess.errors import TooManyRequests

log = logging.getLogger(__name__)

FILE_NAME = "limits.sqlite"
LOCK_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `window_s` seconds, per client."""

    name: str
    most: int
    window_s: int


POSTS = Limit("POST requests", 60, 60)
WRONG_TOKENS = Limit("wrong tokens", 10, 300)
VISITOR_RUNS = Limit("runs for visitors", 5, 3600)

TABLE = """
CREATE TABLE IF NOT EXISTS counts (name TEXT, client TEXT, ends_at REAL, count INTEGER, PRIMARY KEY (name, client))
"""


class Counters:
    """Counts by limit and client, each from its first event to the end of the window that began with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._own = _opened(":memory:")

    def add(self, limit: Limit, client: str, amount: int = 1, moment: float | None = None) -> tuple[int, float]:
        """Count an event; return the count and the seconds until it is forgotten. An amount of 0 only reads them."""
        moment = time.time() if moment is None else moment
        try:
            with closing(_opened(self._path)) as shared:
                return _add(shared, limit, client, amount, moment)
        except (sqlite3.Error, OSError) as error:
            log.warning("%s cannot be used, so this process counts alone: %s", self._path, error)
            with self._lock:
                return _add(self._own, limit, client, amount, moment)


def _opened(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = OFF")  # a count that a power cut loses does no harm
    connection.execute(TABLE)
    return connection


def _add(counts: sqlite3.Connection, limit: Limit, client: str, amount: int, moment: float) -> tuple[int, float]:
    if amount:
        counts.execute("BEGIN IMMEDIATE")
        counts.execute("DELETE FROM counts WHERE ends_at <= ?", (moment,))
        counts.execute(
            "INSERT INTO counts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            (limit.name, client, moment + limit.window_s, amount),
        )
    found = counts.execute(
        "SELECT count, ends_at - ? FROM counts WHERE name = ? AND client = ? AND ends_at > ?",
        (moment, limit.name, client, moment),
    ).fetchone()
    if amount:
        counts.execute("COMMIT")
    return found or (0, 0.0)


def init_app(app):
    """Limit the POST requests of every client."""
    app.extensions["counters"] = Counters(app.config["TESS"].instance_dir / FILE_NAME)
    app.before_request(_limit_posts)


def _limit_posts():
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        count_one(POSTS)


def count_one(limit: Limit) -> int:
    """Count an event of the client; return the count.

    Raises
    ------
    TooManyRequests
        It was one too many.
    """
    count, left_s = _counters().add(limit, client_name())
    if count > limit.most:
        if count == limit.most + 1:
            log.warning("%s: more than %d %s in %d s", client_name(), limit.most, limit.name, limit.window_s)
        raise _too_many(limit, left_s)
    return count


def require_below(limit: Limit) -> None:
    """Raise TooManyRequests where the client has reached a limit; count nothing."""
    count, left_s = _counters().add(limit, client_name(), amount=0)
    if count >= limit.most:
        raise _too_many(limit, left_s)


def client_name() -> str:
    """Return the client's address; of IPv6 the network of a household, which can choose among 2**64 addresses."""
    address = request.remote_addr or "unknown"
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def _too_many(limit: Limit, left_s: float) -> TooManyRequests:
    return TooManyRequests(
        f"More than {limit.most} {limit.name} within {limit.window_s} s from your address.", max(1, round(left_s))
    )


def _counters() -> Counters:
    found: Counters = current_app.extensions["counters"]
    return found
