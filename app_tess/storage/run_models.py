"""The table of background runs."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now

ACTIVE = ("queued", "executing")


class Run(Model):
    """A background task that a user started: an update of the catalogue, a scoring, or the vetting of stars."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    tic_id: Mapped[int | None] = mapped_column(BigInteger)
    """The star of a vetting run; NULL: all stars with light curves and no result yet."""
    options: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Keyword arguments: the quality mask and the flux of a vetting run."""
    status: Mapped[str] = mapped_column(String(16), default="queued")
    active_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The kind (and star) while queued or executing, else NULL: the database allows one active run of each."""
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        CheckConstraint("kind IN ('reset', 'predict', 'vet')", name="kind_known"),
        CheckConstraint("status IN ('queued', 'executing', 'completed', 'error', 'aborted')", name="status_known"),
        Index("ix_runs_requested_at", "requested_at"),
    )

    @property
    def is_active(self) -> bool:
        """Whether it is queued or executing."""
        return self.status in ACTIVE
