"""The version of all stored data that the site shows, apart from runs: renewed by every transaction of `switching`."""

import contextlib
import threading
import uuid
from typing import Any, cast

from flask import current_app
from sqlalchemy import String, insert, select, true, update
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, changed_rows, db, reading_engine
from app_tess.storage.run_models import Run


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


Version = tuple[Any, ...]

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
        self._statement = str(_shown.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
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
