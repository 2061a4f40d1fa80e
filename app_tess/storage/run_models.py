"""The table of background runs."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import mapped_column

from app_tess.storage.database import UtcDateTime, db, now

ACTIVE = ("queued", "executing")


class Run(db.Model):
    """Something that a person started and waits for: a reset, a prediction, the vetting of a star."""

    __tablename__ = "runs"
    id = mapped_column(Integer, primary_key=True)
    kind = mapped_column(String(16), nullable=False)
    tic_id = mapped_column(BigInteger)
    """The star of a vetting run; NULL: all stars with light curves and no result yet."""
    options = mapped_column(JSON(none_as_null=True))
    """How it is to be done, by name: the quality mask and the flux of a vetting run."""
    status = mapped_column(String(16), nullable=False, default="queued")
    active_key = mapped_column(String(40), unique=True)
    """The kind (and star) while queued or executing, else NULL: the database allows one active run of each."""
    requested_at = mapped_column(UtcDateTime, nullable=False, default=now)
    started_at = mapped_column(UtcDateTime)
    ended_at = mapped_column(UtcDateTime)
    heartbeat_at = mapped_column(UtcDateTime)
    done = mapped_column(Integer, nullable=False, default=0)
    total = mapped_column(Integer, nullable=False, default=0)
    doing = mapped_column(Text, nullable=False, default="")
    message = mapped_column(Text, nullable=False, default="")
    __table_args__ = (
        CheckConstraint("kind IN ('reset', 'predict', 'vet')", name="kind_known"),
        CheckConstraint("status IN ('queued', 'executing', 'completed', 'error', 'aborted')", name="status_known"),
        Index("ix_runs_requested_at", "requested_at"),
    )

    @property
    def is_active(self):
        return self.status in ACTIVE
