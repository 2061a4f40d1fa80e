"""Expensive results: computed once for all requests that ask for them, one at a time, and kept for the next ones.

Each web process has its own. A thread that waits for a result can answer nothing else, so only some may wait: the
rest of the threads stay free for the table, and a request too many is answered 503 at once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from flask import current_app

from app_tess.errors import SiteBusy
from app_tess.storage.database import end_consistent_read

Result = TypeVar("Result")

AT_ONCE = 1
"""Computations at a time in a web process: Python runs one anyway, and two would slow down every page threefold."""

WAITING = 40
"""Requests that may wait in a web process; the Procfile gives it eight threads more."""

RETRY_AFTER_S = 5
"""When a request too many should be repeated [s]."""

KEPT, KEPT_PLOTS = 20, 2
"""Results kept in a web process, of at most 300 kB each. Few are needed: what they are made for are responses, which
`kept` keeps."""

KEPT_LIGHT_CURVES = 8
"""Light curves kept at full cadence in a web process, for who zooms into one: 0.5 MB each, of 20-second data 3 MB."""


class SharedResults:
    """Results by key. A key holds everything that the result depends on.

    Parameters
    ----------
    kept : int
        How many results are kept; the longest unused are dropped.
    turns : Semaphore
        How many are computed at a time, also by other SharedResults and SharedTables.
    waiting : int
        How many requests may be in `get` without a result at a time.
    """

    def __init__(self, kept: int, turns: threading.Semaphore, waiting: int = WAITING) -> None:
        self._kept, self._turns, self._most_waiting = kept, turns, waiting
        self._waiting = 0
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Return `compute()`, or the result of an earlier or present request for the same key.

        The caller's database transaction ends, so that waiting holds no connection; objects that were read stay
        readable.

        Raises
        ------
        SiteBusy
            Too many requests are waiting.
        Exception
            Whatever `compute` raises, to every request that waits for it; it is not kept.
        """
        end_consistent_read()
        with self._lock:
            future = self._results.get(key)
            if future is not None and future.done():
                self._results.move_to_end(key)
                return future.result()
            if self._waiting >= self._most_waiting:
                raise too_many_wait()
            self._waiting += 1
            if mine := future is None:
                future = self._results[key] = Future()
        try:
            if mine:
                self._fulfil(key, future, compute)
            return future.result()
        finally:
            with self._lock:
                self._waiting -= 1

    def _fulfil(self, key: Hashable, future: "Future[Any]", compute: Callable[[], Any]) -> None:
        try:
            with self._turns:
                result = compute()
        except BaseException as error:  # noqa: BLE001  (raised by whoever waits for the result)
            with self._lock:
                del self._results[key]
            future.set_exception(error)
            return
        future.set_result(result)
        with self._lock:
            for old in [name for name, other in self._results.items() if other.done()][: -self._kept]:
                del self._results[old]


TURNS = "shared_turns"
"""Key of the application's extensions: the semaphore for computations of a second or more."""


def too_many_wait() -> SiteBusy:
    """Return the error for a request too many."""
    return SiteBusy("The site is computing for many visitors. Please try again in a moment.", RETRY_AFTER_S)


def init_app(app):
    """Give the application its own results."""
    turns = app.extensions[TURNS] = threading.Semaphore(AT_ONCE)
    app.extensions["shared_results"] = SharedResults(KEPT, turns)
    # read while a picture has its turn, so with turns of their own
    app.extensions["shared_light_curves"] = SharedResults(KEPT_LIGHT_CURVES, threading.Semaphore(AT_ONCE))
    app.extensions["shared_plots"] = SharedResults(KEPT_PLOTS, threading.Semaphore(AT_ONCE))


def shared(key: Hashable, compute: Callable[[], Result]) -> Result:
    """Return an expensive result; see `SharedResults.get`."""
    found: SharedResults = current_app.extensions["shared_results"]
    return found.get(key, compute)


def shared_plot(key: Hashable, compute: Callable[[], Result]) -> Result:
    """Return a plot of a list: it takes 20 to 100 ms, and so has a turn beside those that take seconds."""
    found: SharedResults = current_app.extensions["shared_plots"]
    return found.get(key, compute)
