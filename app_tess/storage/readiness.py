"""What `/readyz` and `/metrics` ask the database: a few small queries, and no value that must stay secret."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app_tess.storage.catalogue import find_current_load
from app_tess.storage.database import NotUsable, db, now
from app_tess.storage.run_models import Run

Part = tuple[bool, str]
"""Whether a part is ready, and a sentence on it."""

Gauge = tuple[str, str, dict[str, str], float]
"""Name, help, labels and value of a number that Prometheus reads."""

LATEST_RUNS = 200
"""Runs among which the newest of each kind is sought."""


def check_database(newest_migration: str | None, max_age_d: float) -> dict[str, Part]:
    """Check that the database answers, has the newest schema, and holds a recent catalogue.

    Parameters
    ----------
    newest_migration : str
        Its number.
    max_age_d : float
        Greatest age of the catalogue [d]; 0: any.

    Returns
    -------
    dict
        Part by name. A part that could not be checked because another failed is not ready either.
    """
    parts: dict[str, Part] = dict.fromkeys(("database", "migrations", "catalogue"), (False, "Not checked."))
    try:
        db.session.execute(text("SELECT 1"))
        parts["database"] = (True, "Answers.")
        parts["migrations"] = _check_migrations(newest_migration)
        parts["catalogue"] = _check_catalogue(max_age_d)
    except SQLAlchemyError as error:
        if not parts["database"][0]:
            parts["database"] = (False, f"The database cannot be reached ({type(error).__name__}).")
    finally:
        db.session.rollback()
    return parts


def _check_migrations(newest: str | None) -> Part:
    try:
        found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except NotUsable:
        db.session.rollback()
        found = None
    if found == newest:
        return True, f"Schema {found}."
    return False, f"The schema is {found or 'missing'}, this version needs {newest}: run `flask db upgrade`."


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
    load = find_current_load()
    if load is not None:
        age_s = (now() - load.loaded_at).total_seconds()
        gauges.append(("app_tess_catalogue_age_seconds", "Time since the catalogue was loaded [s]", {}, age_s))
        gauges.append(("app_tess_catalogue_tois", "TOIs in the catalogue", {}, load.toi_count))
    return gauges
