"""The version of all stored data that the site shows, apart from runs: renewed by every transaction of `switching`."""

import contextlib
import threading
import uuid
from typing import Any

from flask import current_app
from sqlalchemy import Connection, String, insert, select, true, update
from sqlalchemy.engine import Engine
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
    """Reads the version for all threads of a process, over a connection of its own.

    Every request that a kept response can answer begins with it. To take a connection from the pool, test it and give
    it back takes three times as long as the statement itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._begun = 0
        self._latest: tuple[int, Version | None] = (0, None)

    def read(self) -> Version | None:
        """Return the version as it is now, or None.

        Requests that wait for the connection share the next reading, which begins after all of them have arrived.
        """
        begun_before = self._begun
        with self._lock:
            number, version = self._latest
            if number <= begun_before:
                self._begun += 1
                version = self._read()
                self._latest = self._begun, version
            return version

    def _read(self) -> Version | None:
        for _ in range(2):  # the connection may have been lost since the last time
            try:
                if self._connection is None:
                    self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                    self._connection.detach()
                found = self._connection.execute(_shown).first()
                self._connection.rollback()
                return None if found is None else tuple(found)
            except SQLAlchemyError:
                self._close()
        return None

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.close()
        self._connection = None
