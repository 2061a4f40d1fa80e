"""The tables of background runs and of the workers that execute them."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, and_
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app_tess.storage.database import Model, UtcDateTime, database_time

ACTIVE = ("queued", "executing")

STOPPED = "The worker stopped in the middle of this run."
LOST_AFTER_S = 26
"""A worker that is silent for so long must have been killed [s]: it reports every 2 s, so that one which outlives a
database outage of 20 s is not taken for dead, and a killed one is noticed within half a minute."""


class Run(Model):
    """A background task that a user started: an update, a scoring, a vetting, a search or a look-up."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    tic_id: Mapped[int | None] = mapped_column(BigInteger)
    """The star of a vetting, a search or a look-up; NULL: all stars with light curves and no result yet."""
    options: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Keyword arguments: the quality mask and the flux of a vetting or a search."""
    status: Mapped[str] = mapped_column(String(16), default="queued")
    active_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The kind (and star) while queued or executing, else NULL: the database allows one active run of each."""
    requested_by: Mapped[str] = mapped_column(String(16), default="site")
    """`site`, `command` or `schedule`."""
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a worker has claimed it. With the id it is the fencing token: a worker that lost the run has an older
    one, and stores nothing more."""
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=database_time())
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    stored_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it has replaced stored data: 0 while everything is as it was. Counted in the same transaction."""
    sizes: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    """What it has stored: name -> count."""
    load_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_loads.id"))
    """The catalogue that it loaded."""
    is_lost: Mapped[bool] = column_property(and_(status == "executing", heartbeat_at < database_time(-LOST_AFTER_S)))
    """Whether its worker has been silent for too long."""
    __table_args__ = (
        CheckConstraint("kind IN ('reset', 'predict', 'vet', 'search', 'look-up')", name="kind_known"),
        CheckConstraint(
            "status IN ('queued', 'executing', 'completed', 'error', 'aborted', 'cancelled')", name="status_known"
        ),
        Index("ix_runs_requested_at", "requested_at"),
    )

    @property
    def is_active(self) -> bool:
        """Whether it is queued or executing."""
        return self.shown_status in ACTIVE

    @property
    def shown_status(self) -> str:
        """The status to show: a run whose worker was killed is `aborted`, also where no other worker has noted it."""
        return "aborted" if self.is_lost else self.status

    @property
    def shown_message(self) -> str:
        """The message to show."""
        return f"{STOPPED} {self.remains}" if self.is_lost else self.message

    @property
    def remains(self) -> str:
        """What an unfinished run leaves behind, in a sentence."""
        if not self.stored_count:
            return "Nothing was changed."
        return f"The results of the {self.stored_count:,} stars vetted until then were stored."

    @property
    def duration_s(self) -> float | None:
        """Seconds from its start to its end; None where one is missing."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


class Worker(Model):
    """A process that executes runs; its row is removed when it ends in order."""

    __tablename__ = "workers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    """Host and process id."""
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=database_time())
    heartbeat_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=database_time())
