"""The SQLAlchemy handle, and what both databases need to behave alike."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    MetaData,
    Result,
    TypeDecorator,
    create_engine,
    event,
    literal,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
CONSISTENT_READ = "consistent_read"
"""Key of a session's `info`: the transaction that `begin_consistent_read` has opened."""
REPLICA = "replica"
"""Key of the application's extensions: the engine of a read replica, where the site has one."""


class _Session(Session):
    """Reads a whole page from one database: from the replica where `read_from_replica` was called, else the primary."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any) -> Engine | Connection:
        """Return the replica's engine for a page that only reads."""
        return reading_engine() if bind is None and _reads_replica() else super().get_bind(mapper, clause, bind)


db = SQLAlchemy(metadata=MetaData(naming_convention=NAMES), session_options={"class_": _Session})


def add_replica(app: Flask, url: str, options: dict[str, Any]) -> None:
    """Let pages be read from a replica, to which we connect as to the primary; PostgreSQL then refuses to write."""
    if url.startswith("postgresql"):
        connect = options.get("connect_args", {}) | {"options": "-c default_transaction_read_only=on"}
        options = options | {"connect_args": connect}
    app.extensions[REPLICA] = create_engine(url, **options)


def read_from_replica() -> None:
    """Let this request read from the replica, if there is one; a statement that writes is then refused."""
    g.reads_replica = REPLICA in current_app.extensions


def _reads_replica() -> bool:
    return has_request_context() and g.get("reads_replica", False)


def reading_engine() -> Engine:
    """Return the database that the present page is read from."""
    return cast(Engine, current_app.extensions[REPLICA]) if _reads_replica() else db.engine


if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.orm import DeclarativeBase, SessionTransaction
    from sqlalchemy.pool import ConnectionPoolEntry
    from sqlalchemy.sql.compiler import SQLCompiler

    class Model(DeclarativeBase):
        """What `db.Model` is to a type checker, which cannot see a class that is made when the program runs."""

else:
    Model = db.Model

NotUsable = (OperationalError, ProgrammingError)
"""Raised where there is no server, no such database, or none of our tables in it."""

DatabaseDown = (OperationalError, InterfaceError, NoConnectionFree)
"""Raised where there is no database, where it breaks off, or where all connections are in use."""


def is_outage(error: Exception) -> bool:
    """Return whether a DatabaseDown is a database that cannot be used, and not SQLite's way to report a wrong query."""
    return not str(getattr(error, "orig", "")).startswith(("no such table", "no such column"))


IDS_A_STATEMENT = 5000
"""Most ids compared in one statement: SQLite allows 32,766 parameters, and a cone may hold the whole sky."""

POSTGRESQL_DISK_FULL = "53100"


def is_full(error: Exception) -> bool:
    """Return whether the database had no room on its disk."""
    original = getattr(error, "orig", None)
    code = getattr(original, "pgcode", None) or getattr(original, "sqlite_errorcode", None)
    return code in (POSTGRESQL_DISK_FULL, sqlite3.SQLITE_FULL)


def may_return(error: Exception) -> bool:
    """Return whether the database could not be reached, broke off, or was busy for too long: it may return."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return (lost or (isinstance(error, DatabaseDown) and is_outage(error))) and not is_full(error)


SQLITE_BUSY_MS = 30_000
"""A reset's transaction writes for seconds; other writers wait for it rather than fail."""


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Commit when the block ends; roll back if it is interrupted by anything, Ctrl-C included."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: "DBAPIConnection", _record: "ConnectionPoolEntry") -> None:
    """Let readers see the old catalogue while a reset writes the new one (WAL), and check foreign keys."""
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
        cursor.close()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: "Dialect") -> datetime | None:
        """Store UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: "Dialect") -> datetime | None:
        """Return UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class _DatabaseTime(FunctionElement[datetime]):
    type = UtcDateTime()
    inherit_cache = True


def database_time(offset_s: float = 0.0) -> FunctionElement[datetime]:
    """Return an SQL expression: the time by the database's clock, plus an offset [s].

    All that several processes compare (heartbeats, deadlines) is written and read with this one clock, because those of
    the machines may differ.
    """
    return _DatabaseTime(literal(offset_s))


@compiles(_DatabaseTime, "sqlite")
def _sqlite_time(element: _DatabaseTime, compiler: "SQLCompiler", **options: Any) -> str:
    """Write it as SQLAlchemy stores a time in SQLite, so that the texts compare as the times do."""
    offset = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {offset} || ' seconds')"


@compiles(_DatabaseTime, "postgresql")
def _postgresql_time(element: _DatabaseTime, compiler: "SQLCompiler", **options: Any) -> str:
    """Use the present moment: now() is the start of the transaction."""
    return f"clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)})"


def now() -> datetime:
    """Return the current time, UTC."""
    return datetime.now(UTC)


_NEARLY_PLAIN = frozenset({str, int, bool, float, type(None)})


def plain(value: Any) -> Any:
    """Return a value in the types of the databases and of JSON: Python's own, with NaN and infinities as None."""
    if type(value) in _NEARLY_PLAIN:  # soon told, because a catalogue has a million cells
        return value if type(value) is not float or math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # an array or a number of numpy, which most commands do not import
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield rows in lists of `size`, the last one shorter; nothing for no rows."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def changed_rows(result: Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return cast("CursorResult[Any]", result).rowcount


def end_consistent_read() -> None:
    """End the session's transaction and give its connection back; what was read of an object stays readable."""
    db.session.close()


def begin_consistent_read() -> None:
    """Let every query see the database as of now, to the end of the session's transaction.

    Without it a page that queries twice could show the old catalogue's count above the new one's rows. Does nothing
    where a transaction is open already.
    """
    session = db.session()
    if session.in_transaction():
        return
    if reading_engine().dialect.name == "sqlite":
        # Python's driver opens no transaction for a SELECT.
        connection = db.session.connection()
        if _reads_replica():
            connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.info[CONSISTENT_READ] = session.get_transaction()


def consistent_read() -> "SessionTransaction | None":
    """Return the open transaction if all that it reads is of one moment, else None."""
    session = db.session()
    transaction = session.get_transaction()
    return transaction if session.info.get(CONSISTENT_READ) is transaction else None
