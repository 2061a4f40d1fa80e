"""A run's life: queued, executing, then completed, error, aborted or cancelled. Each step is one conditional UPDATE.

The table is the job queue as well: workers take the oldest queued run. No message is passed, so nothing can be lost
between a run and its message, and whoever can write to the database can ask for runs of the known kinds but cannot make
a worker execute code. All times are the database's.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app_tess.errors import AlreadyRunning, MissingData
from app_tess.storage.database import changed_rows, database_time, db
from app_tess.storage.run_models import ACTIVE, LOST_AFTER_S, STOPPED, Run
from app_tess.storage.switching import Claim, ended

WAITING = "waiting for the worker"

log = logging.getLogger(__name__)


def request_run(
    kind: str, tic_id: int | None = None, options: dict[str, Any] | None = None, requested_by: str = "site"
) -> Run:
    """Store a queued run; `options` are the keyword arguments of its task.

    Raises
    ------
    AlreadyRunning
        The same kind is queued or executing; the message names that run.
    """
    run = _store(Run(kind=kind, tic_id=tic_id, options=options, requested_by=requested_by, doing=WAITING))
    log.info("run %d (%s) is queued", run.id, kind)
    return run


def begin_run(kind: str, tic_id: int | None = None, options: dict[str, Any] | None = None) -> Claim:
    """Store a run that this process executes at once, so that no worker takes it; otherwise like `request_run`."""
    run = Run(kind=kind, tic_id=tic_id, options=options, requested_by="command", status="executing", attempt=1)
    run.started_at = run.heartbeat_at = database_time()
    return Claim(_store(run).id, 1, kind, tic_id)


def _store(run: Run) -> Run:
    abort_lost_runs()  # a killed run must not block this one where no worker is left to end it
    run.active_key = key = run.kind if run.tic_id is None else f"{run.kind}:{run.tic_id}"
    db.session.add(run)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        other = db.session.scalars(select(Run).where(Run.active_key == key)).first()
        where = f" (run {other.id})" if other else ""
        raise AlreadyRunning(
            f"A {run.kind} is already under way{where}; if its process was killed, it is given up"
            f" after {LOST_AFTER_S} s of silence.",
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


def claim(run_id: int) -> Claim | None:
    """Take a queued run for this worker; return None when another worker has it or it has ended."""
    claimed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == "queued")
        .values(
            status="executing",
            attempt=Run.attempt + 1,
            started_at=database_time(),
            heartbeat_at=database_time(),
            done=0,
            total=0,
            doing="starting",
        )
        .returning(Run.attempt, Run.kind, Run.tic_id, Run.options)
    ).first()
    db.session.commit()
    if claimed is None:
        return None
    return Claim(run_id, claimed.attempt, claimed.kind, claimed.tic_id, claimed.options or {})


def claim_next() -> Claim | None:
    """Take the oldest queued run, or return None."""
    while True:
        run_id = db.session.scalar(select(Run.id).where(Run.status == "queued").order_by(Run.id).limit(1))
        db.session.rollback()
        if run_id is None:
            return None
        claimed = claim(run_id)
        if claimed:
            return claimed


def report(claim: Claim, done: int, total: int, doing: str) -> bool:
    """Record the progress, and with it the heartbeat; return False if the run is no longer this worker's."""
    return _update(claim, done=done, total=total, doing=doing, heartbeat_at=database_time())


def beat(claim: Claim) -> bool:
    """Record that the worker is alive; return False if the run is no longer this worker's."""
    return _update(claim, heartbeat_at=database_time())


def end(claim: Claim, status: str, message: str) -> bool:
    """End a run as `completed`, `error` or `aborted`; return False if it had ended or is no longer this worker's."""
    return _update(claim, **ended(status, message))


def end_unfinished(claim: Claim, status: str, what: str, more: str = "") -> bool:
    """End a run that did not come to its end, with a sentence on what happened and one on what it has changed."""
    run = get_run(claim.run_id)
    db.session.refresh(run)
    return end(claim, status, f"{what} {run.remains} {more}".strip())


def give_back(claim: Claim, why: str) -> bool:
    """Return an unfinished run to the queue, where any worker may take it up."""
    return _update(claim, status="queued", started_at=None, heartbeat_at=None, done=0, total=0, doing=why)


def _update(claim: Claim, **values: Any) -> bool:
    return _change(Run.id == claim.run_id, Run.attempt == claim.attempt, Run.status == "executing", **values)


def _change(*conditions: ColumnElement[bool] | InstrumentedAttribute[bool], **values: Any) -> bool:
    changed = db.session.execute(update(Run).where(*conditions).values(values))
    db.session.commit()
    return changed_rows(changed) == 1


def cancel(run_id: int) -> Run:
    """Cancel a queued or executing run: its worker stops at its next report, and can store nothing from now on.

    Raises
    ------
    MissingData
        There is no such run.
    """
    for _ in ACTIVE:  # twice, because a queued run may just be claimed
        run = get_run(run_id)
        if run.status in ACTIVE and _change(
            Run.id == run_id,
            Run.status == run.status,
            Run.stored_count == run.stored_count,
            **ended("cancelled", f"Cancelled. {run.remains}"),
        ):
            break
    db.session.expire_all()
    return get_run(run_id)


def abort_lost_runs() -> int:
    """Abort the executing runs whose worker has been silent for too long; return their number."""
    lost = list(db.session.scalars(select(Run).where(Run.is_lost)))
    return sum(
        _change(
            Run.id == run.id,
            Run.attempt == run.attempt,
            Run.is_lost,
            Run.stored_count == run.stored_count,
            **ended("aborted", f"{STOPPED} {run.remains} You can start it again."),
        )
        for run in lost
    )


def past_runs(page: int = 1, page_size: int = 50, kind: str | None = None) -> tuple[Sequence[Run], int]:
    """Return a page of the runs, of one kind if given, newest first, and their total number."""
    conditions = [Run.kind == kind] if kind else []
    rows = select(Run).where(*conditions).order_by(Run.id.desc()).limit(page_size).offset((page - 1) * page_size)
    return db.session.scalars(rows).all(), db.session.scalar(
        select(func.count()).select_from(Run).where(*conditions)
    ) or 0


def count_active(kind: str) -> int:
    """Return how many runs of a kind are queued or executing."""
    return db.session.scalar(select(func.count()).where(Run.kind == kind, Run.status.in_(ACTIVE))) or 0


def find_latest(kind: str, tic_id: int | None = None) -> Run | None:
    """Return the newest run of a kind, of one star if given, or None."""
    conditions = [Run.kind == kind] if tic_id is None else [Run.kind == kind, Run.tic_id == tic_id]
    return db.session.scalars(select(Run).where(*conditions).order_by(Run.id.desc()).limit(1)).first()


def database_now() -> dt.datetime:
    """Return the time by the database's clock."""
    moment: dt.datetime = db.session.execute(select(database_time())).scalar_one()
    return moment


def was_requested_since(kind: str, age_s: float) -> bool:
    """Return whether a run of a kind was requested in the last `age_s` seconds."""
    found = select(Run.id).where(Run.kind == kind, Run.requested_at >= database_time(-age_s)).limit(1)
    return db.session.scalar(found) is not None
