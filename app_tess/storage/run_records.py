"""A run's life: queued, executing, then completed, error or aborted. Each step is one conditional UPDATE."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app_tess.errors import AlreadyRunning, MissingData
from app_tess.storage.database import changed_rows, db, now
from app_tess.storage.run_models import ACTIVE, Run

HEARTBEAT_LOST = timedelta(seconds=30)
"""A worker reports every few seconds; after half a minute of silence it must have been killed."""


def request_run(kind: str, tic_id: int | None = None, options: dict[str, Any] | None = None) -> Run:
    """Store a queued run; `options` are the keyword arguments of its task.

    Raises
    ------
    AlreadyRunning
        The same kind is queued or executing; the message names that run.
    """
    key = kind if tic_id is None else f"{kind}:{tic_id}"
    run = Run(kind=kind, tic_id=tic_id, options=options, active_key=key, doing="waiting for the worker")
    db.session.add(run)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        other = db.session.scalars(select(Run).where(Run.active_key == key)).first()
        where = f" (run {other.id})" if other else ""
        raise AlreadyRunning(
            f"A {kind} is already under way{where}; if its process was killed, it is given up"
            f" after {HEARTBEAT_LOST.seconds} s of silence.",
            run_id=other.id if other else None,
        ) from None
    return run


def get_run(run_id: int) -> Run:
    """Return a run.

    Raises
    ------
    MissingData
        There is no such run.
    """
    run = db.session.get(Run, run_id) if 0 < run_id < 2**63 else None
    if run is None:
        raise MissingData(f"There is no run {run_id}.")
    return run


def claim(run_id: int) -> bool:
    """Take a queued run for this worker; return False when another worker has it or it has ended."""
    moment = now()
    claimed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == "queued")
        .values(status="executing", started_at=moment, heartbeat_at=moment, doing="starting")
    )
    db.session.commit()
    return changed_rows(claimed) == 1


def report(run_id: int, done: int, total: int, doing: str) -> None:
    """Record the progress, and with it the heartbeat."""
    db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == "executing")
        .values(done=done, total=total, doing=doing, heartbeat_at=now())
    )
    db.session.commit()


def beat(run_id: int) -> None:
    """Record that the worker is alive."""
    db.session.execute(update(Run).where(Run.id == run_id, Run.status == "executing").values(heartbeat_at=now()))
    db.session.commit()


def end(run_id: int, status: str, message: str) -> None:
    """End a run as `completed`, `error` or `aborted`, with a sentence; a run that has ended stays as it is."""
    db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status.in_(ACTIVE))
        .values(status=status, message=message, ended_at=now(), active_key=None, doing="")
    )
    db.session.commit()


def abort_lost_runs(silence: timedelta = HEARTBEAT_LOST) -> int:
    """Abort the executing runs whose worker has been silent for so long; return their number."""
    lost = db.session.execute(
        update(Run)
        .where(Run.status == "executing", Run.heartbeat_at < now() - silence)
        .values(
            status="aborted",
            message="The worker stopped in the middle of this run. Nothing was changed; start it again.",
            ended_at=now(),
            active_key=None,
            doing="",
        )
    )
    db.session.commit()
    return changed_rows(lost)


def waiting_runs(older_than: timedelta = timedelta(0)) -> list[Run]:
    """Return the queued runs, oldest first: a worker that is killed before it claims its run leaves one behind."""
    return list(
        db.session.scalars(
            select(Run).where(Run.status == "queued", Run.requested_at <= now() - older_than).order_by(Run.id)
        )
    )


def latest_runs(limit: int = 20) -> list[Run]:
    """Return the newest runs."""
    return list(db.session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)))


def find_latest(kind: str) -> Run | None:
    """Return the newest run of a kind, or None."""
    return db.session.scalars(select(Run).where(Run.kind == kind).order_by(Run.id.desc()).limit(1)).first()
