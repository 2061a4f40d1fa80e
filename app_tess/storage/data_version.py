"""The version of all stored data that the site shows, apart from runs: renewed by every transaction of `switching`."""

import contextlib
import functools
import threading
import uuid
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app
from sqlalchemy import Dialect, String, insert, select, true, update
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, changed_rows, consistent_read, db, reading_engine
from app_tess.storage.run_models import Run

Result = TypeVar("Result")


class DataVersion(Model):
    """The only row of its table."""

    __tablename__ = "data_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    """Random, so that no version returns when a database is restored."""


def renew() -> None:
    """Begin a new version, within the open transaction."""
    token = uuid.uuid4().hex
    changed = db.session.execute(update(DataVersion).values(token=token).execution_options(synchronize_session=False))
    if not changed_rows(changed):
        db.session.execute(insert(DataVersion).values(id=1, token=token))


_latest_reset = (
    select(Run.id, Run.status, Run.is_lost).where(Run.kind == "reset").order_by(Run.id.desc()).limit(1).subquery()
)
_shown = select(DataVersion.token, _latest_reset).select_from(DataVersion.__table__.outerjoin(_latest_reset, true()))


_shown_in: dict[str, str] = {}
"""Name of a database's dialect -> that statement as text: to build it takes longer than to run it."""


def _shown_by(dialect: Dialect) -> str:
    if dialect.name not in _shown_in:
        _shown_in[dialect.name] = str(_shown.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return _shown_in[dialect.name]


Version = tuple[Any, ...]
"""The token, and of the newest update: id, status, and whether its worker has been silent for too long."""

READERS = "version_readers"
"""Key of the application's extensions: engine -> VersionReader."""


def read_shown_version() -> Version | None:
    """Return what the pages depend on: the version, and how the newest update stands, which their banners say.

    One statement outside of any transaction: a response that is rendered after it is at least as new. None where
    nothing has been stored yet, or the database cannot be read.
    """
    engine, readers = reading_engine(), current_app.extensions.setdefault(READERS, {})
    reader: VersionReader = readers.get(engine) or readers.setdefault(engine, VersionReader(engine))
    return reader.read()


class VersionReader:
    """Reads the version for all threads of a process, over one separate connection.

    Every request that a kept response can answer begins with it. To take a connection from the pool, test it, build the
    statement and give the connection back takes ten times as long as the statement itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: DBAPIConnection | None = None
        self._statement = ""
        self.begun = 0
        """How many readings have begun."""
        self._latest: tuple[int, Version | None] = (0, None)

    def read(self) -> Version | None:
        """Return the version as it is now, or None.

        Requests that wait for the connection share the next reading, which begins after all of them have arrived.
        """
        begun_before = self.begun
        with self._lock:
            number, version = self._latest
            if number <= begun_before:
                self.begun += 1
                version = self._read()
                self._latest = self.begun, version
            return version

    def _read(self) -> Version | None:
        for _ in range(2):  # the connection may have been lost since the last time
            try:
                if self._connection is None:
                    self._connection = self._connect()
                found = _execute(self._connection, self._statement).fetchone()
                return None if found is None else tuple(found)
            except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):
                self._close()
        return None

    def _connect(self) -> DBAPIConnection:
        """Connect as the pool does, and let PostgreSQL plan the statement once; SQLite's driver always does."""
        dialect, of_the_pool = self._engine.dialect, self._engine.raw_connection()
        connection = cast(DBAPIConnection, of_the_pool.driver_connection)
        of_the_pool.detach()
        dialect.set_isolation_level(connection, "AUTOCOMMIT")
        self._statement = _shown_by(dialect)
        if dialect.name == "postgresql":
            _execute(connection, f"PREPARE shown_version AS {self._statement}")
            self._statement = "EXECUTE shown_version"
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(self._engine.dialect.loaded_dbapi.Error):
                self._connection.close()
        self._connection = None


def _execute(connection: DBAPIConnection, statement: str) -> DBAPICursor:
    cursor = connection.cursor()
    cursor.execute(statement)
    return cursor


OF_SESSION = "data_version"
"""Key of a session's `info`: (transaction, what it reads as the version)."""


def version_being_read() -> Version | None:
    """Return the version that the open transaction reads, in one statement for each page.

    None where nothing has been stored yet, and where the transaction does not read one moment, so that another version
    may follow.
    """
    transaction, session = consistent_read(), db.session()
    if transaction is None:
        return None
    known = session.info.get(OF_SESSION)
    if known is None or known[0] is not transaction:
        row = session.connection().exec_driver_sql(_shown_by(reading_engine().dialect)).first()
        known = session.info[OF_SESSION] = transaction, None if row is None else tuple(row)
    return cast(Version | None, known[1])


KEPT = "kept_of_version"
"""Key of the application's extensions: (engine, function) -> (token, its result)."""


def of_version(read: Callable[[], Result]) -> Callable[[], Result]:
    """Let a function that reads what is the same for all pages be called once for each version of the data.

    What it returns is shared by all threads of the process. Outside of a page's transaction it is called each time.
    """

    @functools.wraps(read)
    def find() -> Result:
        version = version_being_read()
        if version is None:
            return read()
        kept, key = current_app.extensions.setdefault(KEPT, {}), (reading_engine(), read)
        found = kept.get(key)
        if found is None or found[0] != version[0]:
            found = kept[key] = version[0], _detached(read())
        return cast(Result, found[1])

    return find


def _detached(result: Result) -> Result:
    """Take rows, or one, out of the session, whose end would forget what was read of them."""
    for row in result if isinstance(result, list) else [result]:
        if row is not None:
            db.session.expunge(row)
    return result
