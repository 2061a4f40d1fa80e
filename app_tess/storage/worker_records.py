"""The workers that are alive, by the database's clock: for the operator, and for /readyz."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from app_tess.storage.database import changed_rows, database_time, db
from app_tess.storage.run_models import LOST_AFTER_S, Worker


@dataclass(frozen=True)
class LivingWorker:
    """A worker that has reported in the last half minute."""

    name: str
    silent_s: float
    """Seconds since its last heartbeat."""


def register(name: str) -> int:
    """Note a worker that starts, forget those that were killed, and return its id."""
    db.session.execute(delete(Worker).where(Worker.heartbeat_at < database_time(-LOST_AFTER_S)))
    worker = Worker(name=name)
    db.session.add(worker)
    db.session.commit()
    return worker.id


def beat(worker_id: int, name: str) -> int:
    """Note that a worker is alive, and return its id: a new one if it had been taken for dead."""
    changed = db.session.execute(update(Worker).where(Worker.id == worker_id).values(heartbeat_at=database_time()))
    db.session.commit()
    return worker_id if changed_rows(changed) else register(name)


def leave(worker_id: int) -> None:
    """Forget a worker that ends."""
    db.session.execute(delete(Worker).where(Worker.id == worker_id))
    db.session.commit()


def living_workers() -> list[LivingWorker]:
    """Return the workers that are alive."""
    rows = db.session.execute(
        select(Worker.name, Worker.heartbeat_at, database_time().label("now"))
        .where(Worker.heartbeat_at >= database_time(-LOST_AFTER_S))
        .order_by(Worker.id)
    )
    return [LivingWorker(row.name, (row.now - row.heartbeat_at).total_seconds()) for row in rows]
