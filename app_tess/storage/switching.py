"""Replace stored data in one transaction, as the run that this thread executes and only while it may.

A worker can be paused, or cut off from the database, for so long that its run is given up. When it resumes it knows
nothing of that. So the transaction that stores its results also ends its run, by an UPDATE on the condition that the
run is still this worker's; if not, nothing is stored. It follows that a run has changed something exactly when it is
completed, whenever its worker is killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text, update

from app_tess.errors import OutdatedInput, RunEnded
from app_tess.storage import data_version
from app_tess.storage.database import all_or_nothing, changed_rows, database_time, db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.run_models import Run

TURN = 20_180_418
"""The number of PostgreSQL's advisory lock: only replacing transactions take it, one after another."""


@dataclass(frozen=True)
class Claim:
    """A run in the hands of one worker: the fencing token."""

    run_id: int
    attempt: int
    kind: str
    tic_id: int | None = None
    options: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def stores_often(self) -> bool:
        """Whether it vets many stars, whose results are stored one after another: then storing does not end it."""
        return self.kind == "vet" and self.tic_id is None


@dataclass
class Switch:
    """What is said of a run when its results are stored."""

    message: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    load_id: int | None = None


_held: ContextVar[Claim | None] = ContextVar("held_claim", default=None)


@contextmanager
def holding(claim: Claim) -> Iterator[None]:
    """Let what this thread stores within the context belong to a run."""
    token = _held.set(claim)
    try:
        yield
    finally:
        _held.reset(token)


def current_load_id() -> int | None:
    """Return the id of the newest catalogue load, or None on an empty database."""
    return db.session.scalar(select(CatalogueLoad.id).order_by(CatalogueLoad.id.desc()).limit(1))


@contextmanager
def switching(*, computed_from: int | None = None) -> Iterator[Switch]:
    """Replace stored data within the context: all of it and the end of the run are committed together, or nothing.

    Parameters
    ----------
    computed_from : int, optional
        The load whose catalogue the results were computed from.

    Yields
    ------
    Switch
        To be filled in.

    Raises
    ------
    OutdatedInput
        The catalogue has been replaced since.
    RunEnded
        This thread's run was cancelled or given up. Without a run (tests, the first load) anything is stored.
    """
    db.session.rollback()  # a snapshot that is open would hide what was committed meanwhile
    with all_or_nothing():
        _take_turn()
        if computed_from is not None and computed_from != current_load_id():
            raise OutdatedInput("The catalogue was updated meanwhile, so these results were not stored. Start again.")
        switch = Switch()
        yield switch
        db.session.flush()
        data_version.renew()
        _end_run(switch)


def _take_turn() -> None:
    """Wait for another replacing transaction to end; readers are not held up."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({TURN})"))
    else:
        db.session.connection().exec_driver_sql("BEGIN IMMEDIATE")


def _end_run(switch: Switch) -> None:
    claim = _held.get()
    if claim is None:
        return
    values: dict[str, Any] = {"stored_count": Run.stored_count + 1, "heartbeat_at": database_time()}
    if not claim.stores_often:
        values |= ended("completed", switch.message) | {"sizes": switch.sizes or None, "load_id": switch.load_id}
    changed = db.session.execute(
        update(Run)
        .where(Run.id == claim.run_id, Run.attempt == claim.attempt, Run.status == "executing")
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if changed_rows(changed) != 1:
        raise RunEnded(f"Run {claim.run_id} was cancelled or given up, so its results were not stored.")


def ended(status: str, message: str) -> dict[str, Any]:
    """Return the values of a run that has ended."""
    return {"status": status, "message": message, "ended_at": database_time(), "active_key": None, "doing": ""}
