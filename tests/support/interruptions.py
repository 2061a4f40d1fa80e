"""Kill the process that executes a run, or its database connection, and compare what is stored before and after."""

import contextlib
import os
import signal

import psycopg2
from sqlalchemy import event, func, select

from app_tess.storage.checksum import table_checksums
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange, CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore, VettingResult, current_run_id
from app_tess.tasks.run_execution import execute_run

BOOKKEEPING = "runs"
"""The table that a run changes while it is under way."""
STORING = "stored_count"
"""In the statement that ends the run, the last one before its COMMIT."""


def whole_state():
    """Return table -> checksum of all stored data, to the last byte."""
    return {found.table: found.sha256 for found in table_checksums() if found.table != BOOKKEEPING}


def content():
    """Return what readers see, without times and numbers that differ between two equal runs."""
    tables = {name: value for name, value in whole_state().items() if name in CONTENT_TABLES}
    current = Score.scoring_run_id == current_run_id
    found = {
        "scores": db.session.execute(select(Score.toi, Score.planet_probability, Score.explanation).where(current)),
        "star scores": db.session.execute(
            select(StarScore.tic_id, StarScore.planet_probability).where(StarScore.scoring_run_id == current_run_id)
        ),
        "results": db.session.execute(select(VettingResult.toi, VettingResult.report, VettingResult.message)),
        "changes": db.session.execute(select(CatalogueChange.toi, CatalogueChange.kind, CatalogueChange.after)),
    }
    counts = {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model))
        for model in (CatalogueLoad, ScoringRun)
    }
    rows = {name: sorted(map(repr, result)) for name, result in found.items()}
    db.session.rollback()
    return tables | rows | {"counts": counts}


CONTENT_TABLES = (*(model.__tablename__ for model in (Star, Toi, DataProduct)), "listed_tois")


def in_child(app, action):
    """Call `action` in a copy of this process; return the signal that ended it (0: none)."""
    db.session.remove()
    db.engine.dispose()  # no connection is shared with the copy
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException), app.app_context():
            action()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def execute_and_kill(app, config, run_id, point):
    """Execute a run in a child that is killed (SIGKILL) just before a statement that contains `point`.

    `COMMIT`: just after the COMMIT that stores its results.
    """

    def kill():
        os.kill(os.getpid(), signal.SIGKILL)

    def action():
        if point == "COMMIT":
            _after_storing(kill)
        else:
            before_statement(point, lambda _connection: kill())
        execute_run(run_id, config)

    assert in_child(app, action) == signal.SIGKILL, f"the run ended before {point}"


def before_statement(point, act, skip=0, engine=None):
    """Call `act` with the connection, once, just before a statement that contains a text; return how to undo this.

    Parameters
    ----------
    point : str
    act : callable(connection)
    skip : int
        Statements with this text that pass before.
    engine : Engine, optional
        By default that of the current application.
    """
    seen, engine = [], engine or db.engine

    def look(connection, _cursor, statement, *_more):
        if point in statement:
            seen.append(statement)
            if len(seen) == skip + 1:
                act(connection)

    event.listen(engine, "before_cursor_execute", look)
    return lambda: event.remove(engine, "before_cursor_execute", look)


def _after_storing(act):
    stored = []
    before_statement(STORING, stored.append)
    event.listen(db.session, "after_commit", lambda _session: act() if stored else None)


def cut(config):
    """Return a function that ends the database connection on which a statement is about to be executed."""

    def terminate(connection):
        pid = connection.connection.dbapi_connection.info.backend_pid
        other = psycopg2.connect(config.database_url)
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    return terminate if config.database_url else lambda connection: connection.connection.dbapi_connection.close()
