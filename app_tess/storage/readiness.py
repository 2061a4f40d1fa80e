"""What `/readyz` and `/metrics` ask the database: a few small queries, and no value that must stay secret."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, text

from app_tess.storage.catalogue import find_current_load
from app_tess.storage.database import DatabaseDown, NotUsable, db, is_outage, now
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.storage.worker_records import living_workers

Part = tuple[bool, str]
"""Whether a part is ready, and a sentence on it."""

Gauge = tuple[str, str, dict[str, str], float]
"""Name, help, labels and value of a number that Prometheus reads."""

LATEST_RUNS = 200
"""Runs among which the newest of each kind is sought."""


def check_database(newest_migration: str | None, max_age_d: float) -> dict[str, Part]:
    """Check that the database answers, has the newest schema and a recent catalogue, and that a worker reports to it.

    Parameters
    ----------
    newest_migration : str
        Its number.
    max_age_d : float
        Greatest age of the catalogue [d]; 0: any.

    Returns
    -------
    dict
        Part by name. What is in a database that cannot be reached is not ready either.
    """
    checks: dict[str, Callable[[], Part]] = {
        "migrations": lambda: _check_migrations(newest_migration),
        "worker": _check_worker,
        "catalogue": lambda: _check_catalogue(max_age_d),
    }
    database = _attempt(_check_answer)
    if not database[0]:  # a silent server is waited for once, not for each part
        return {"database": database} | dict.fromkeys(checks, (False, "Not checked: it is in the database."))
    return {"database": database} | {name: _attempt(check) for name, check in checks.items()}


def _attempt(check: Callable[[], Part]) -> Part:
    try:
        return check()
    except DatabaseDown as error:
        if is_outage(error):
            return False, "The database cannot be reached."
        return False, "The tables are missing: run `flask db upgrade`."
    except NotUsable:
        return False, "The tables are missing: run `flask db upgrade`."
    finally:
        db.session.rollback()


def _check_answer() -> Part:
    db.session.execute(text("SELECT 1"))
    return True, "Answers."


def _check_migrations(newest: str | None) -> Part:
    found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if found == newest:
        return True, f"Schema {found}."
    return False, f"The schema is {found or 'missing'}, this version needs {newest}: run `flask db upgrade`."


def _check_worker() -> Part:
    workers = living_workers()
    if not workers:
        return False, f"No worker has reported in the last {LOST_AFTER_S} s: start `flask worker`."
    return True, f"{len(workers)} alive, the last report {min(worker.silent_s for worker in workers):.0f} s ago."


def _check_catalogue(max_age_d: float) -> Part:
    load = find_current_load()
    if load is None:
        return False, "No catalogue has been loaded: run `flask reset`."
    age = now() - load.loaded_at
    words = f"Loaded {age.total_seconds() / 86400:.1f} days ago, {load.toi_count:,} TOIs"
    if max_age_d and age > timedelta(days=max_age_d):
        return False, f"{words}: older than {max_age_d:g} days (CATALOGUE_MAX_AGE_D)."
    return True, f"{words}."


def read_gauges() -> list[Gauge]:
    """Return the numbers that all processes share: runs, and the size and age of the catalogue."""
    counts = db.session.execute(select(Run.kind, Run.status, func.count()).group_by(Run.kind, Run.status))
    gauges: list[Gauge] = [
        ("app_tess_runs", "Stored runs", {"kind": kind, "status": status}, count) for kind, status, count in counts
    ]
    newest: dict[str, Run] = {}
    for run in db.session.scalars(
        select(Run).where(Run.ended_at.is_not(None)).order_by(Run.id.desc()).limit(LATEST_RUNS)
    ):
        newest.setdefault(run.kind, run)
    for kind, run in newest.items():
        if run.started_at is not None and run.ended_at is not None:
            seconds = (run.ended_at - run.started_at).total_seconds()
            gauges.append(("app_tess_last_run_seconds", "Duration of the newest run [s]", {"kind": kind}, seconds))
    gauges.append(("app_tess_workers", "Workers that are alive", {}, len(living_workers())))
    load = find_current_load()
    if load is not None:
        age_s = (now() - load.loaded_at).total_seconds()
        gauges.append(("app_tess_catalogue_age_seconds", "Time since the catalogue was loaded [s]", {}, age_s))
        gauges.append(("app_tess_catalogue_tois", "TOIs in the catalogue", {}, load.toi_count))
    return gauges
