"""The SQLAlchemy handle, and what both databases need to behave alike."""

import math
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, TypeDecorator, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES))

NotUsable = (OperationalError, ProgrammingError)
"""What is raised where there is no server, no such database, or none of our tables in it."""

SQLITE_BUSY_MS = 30_000
"""A reset's transaction writes for seconds; other writers wait for it rather than fail."""


@contextmanager
def all_or_nothing():
    """Commit what the block did when it ends; undo it all when anything, Ctrl-C too, breaks it off."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection, _record):
    """WAL lets people read the old catalogue while a reset writes the new one; SQLite checks foreign keys only if told."""
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
        cursor.close()


class UtcDateTime(TypeDecorator):
    """An aware UTC datetime on both databases (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, _dialect):
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value, _dialect):
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def now():
    """The current time, UTC."""
    return datetime.now(UTC)


def plain(value):
    """A value as the databases and JSON want it: Python's own types, NaN and infinities as None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def rows_of(frame, columns):
    """The frame's rows as dicts of plain values, for a bulk insert."""
    lists = [[plain(value) for value in frame[column].tolist()] for column in columns]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def begin_consistent_read():
    """From here to the end of the session's transaction, every query sees the database as of one moment.

    Without it a page that asks twice could show the old catalogue's count above the new one's rows. Does nothing where a
    transaction is open already.
    """
    if db.session().in_transaction():
        return
    if db.engine.dialect.name == "sqlite":
        # Python's driver opens no transaction for a SELECT.
        db.session.connection().exec_driver_sql("BEGIN")
    else:
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
