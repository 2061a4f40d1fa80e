"""Tables that are too long to be made while a client waits for them: made once, one at a time, for all who ask."""

import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable

from flask import Response, copy_current_request_context, current_app, request

from app_tess import logs
from app_tess.storage.database import begin_consistent_read, end_consistent_read, read_from_replica
from app_tess.web.http.shared import TURNS, WAITING, too_many_wait
from app_tess.web.http.table_file import TableFile

KEPT = 8
"""Tables kept in a web process: files on disk of up to 20 MB. Few are needed: `kept` answers for short ones."""

log = logging.getLogger(__name__)


class SharedTables:
    """Tables by key, each made in a thread. A key holds everything that a table depends on.

    A table that was begun is made to its end, whether or not a client is left that reads it: the next one will.

    Parameters
    ----------
    kept : int
        How many whole tables are kept; the longest unused are dropped.
    turns : Semaphore
        How many are made at a time, among other computations.
    waiting : int
        How many requests may read tables that are not whole at a time.
    """

    def __init__(self, kept: int, turns: threading.Semaphore, waiting: int = WAITING) -> None:
        self._kept, self._turns, self._most_waiting = kept, turns, waiting
        self._waiting = 0
        self._lock = threading.Lock()
        self._tables: OrderedDict[Hashable, TableFile] = OrderedDict()

    def response(self, key: Hashable, make: Callable[[], Iterable[str]], content_type: str) -> Response:
        """Return a response that sends a table while it is made, or one that was made before.

        Parameters
        ----------
        key : hashable
        make : callable
            Returns the pieces of the table; runs within a consistent read and the context of this request.
        content_type : str

        Raises
        ------
        SiteBusy
            Too many requests are waiting.
        Exception
            Whatever `make` raises before its first piece. A later error cuts the connections. Neither is kept.
        """
        end_consistent_read()  # whoever waits holds no connection
        with self._lock:
            table = self._tables.get(key)
            if table is not None and table.has_ended:
                self._tables.move_to_end(key)
                return table.response(content_type)
            if self._waiting >= self._most_waiting:
                raise too_many_wait()
            if table is None:
                table = self._tables[key] = self._begin(key, make)
            self._waiting += 1
        with contextlib.ExitStack() as until_sent:
            until_sent.callback(self._leave)
            response = table.response(content_type)
            response.call_on_close(until_sent.pop_all().close)
        return response

    def _leave(self) -> None:
        with self._lock:
            self._waiting -= 1

    def _begin(self, key: Hashable, make: Callable[[], Iterable[str]]) -> TableFile:
        """Return a table that a new thread makes."""
        table, path, number = TableFile(), request.path, logs.request_id.get()

        @copy_current_request_context
        def fill():
            read_from_replica()
            begin_consistent_read()
            for piece in make():
                table.add(piece)

        def run():
            logs.request_id.set(number)
            try:
                with self._turns:
                    fill()
            except BaseException as error:
                if table.has_begun:  # else each request that waits for it answers with the error, and logs it
                    log.exception("%s: the table was not made to its end", path)
                with self._lock:
                    del self._tables[key]
                table.end(error)
                return
            table.end()
            with self._lock:
                for old in [name for name, other in self._tables.items() if other.has_ended][: -self._kept]:
                    del self._tables[old]

        threading.Thread(target=run, daemon=True, name=f"table {path}").start()
        return table


def init_app(app):
    """Give the application its own tables, which take turns with its other results."""
    app.extensions["shared_tables"] = SharedTables(KEPT, app.extensions[TURNS])


def shared_table(key: Hashable, make: Callable[[], Iterable[str]], content_type: str) -> Response:
    """Return a table; see `SharedTables.response`."""
    found: SharedTables = current_app.extensions["shared_tables"]
    return found.response(key, make, content_type)
