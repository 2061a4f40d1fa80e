"""The tables of surveys: what was asked for, and how far each star of it is."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now


class Survey(Model):
    """A list of stars that are vetted, and searched if wanted, by one command that can be resumed."""

    __tablename__ = "surveys"
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(16))
    """Where its targets come from: `tois`, `file` or `sector`."""
    label: Mapped[str] = mapped_column(Text)
    """Its targets in words: "sector 1"."""
    targets_sha256: Mapped[str] = mapped_column(String(64))
    """Of its TIC ids in ascending order, a line each."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`search`, `mask_known`, `mask`, `flux`."""
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When its last star was stored; NULL while stars are waiting."""
    driver: Mapped[str] = mapped_column(String(32), default="")
    """A random text of the command that works on it: one that was superseded stores nothing more."""
    __table_args__ = (
        CheckConstraint("what IN ('tois', 'file', 'sector')", name="what_known"),
        Index("ix_surveys_targets", "targets_sha256"),
    )


class SurveyStar(Model):
    """A star of a survey."""

    __tablename__ = "survey_stars"
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(8), default="waiting", server_default="waiting")
    """`waiting`, `done`, or `failed`: nothing of it could be measured."""
    data_url: Mapped[str | None] = mapped_column(String(200))
    """Its light curve in a sector's list; NULL where its files are those that MAST lists."""
    message: Mapped[str | None] = mapped_column(Text)
    """Why it failed, or what of it could not be measured."""
    toi_count: Mapped[int] = mapped_column(default=0, server_default="0")
    measured_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """TOIs that were measured."""
    signal_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """Signals that its search detected."""
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Of the light-curve files that were read."""
    read_s: Mapped[float | None] = mapped_column(Float)
    vet_s: Mapped[float | None] = mapped_column(Float)
    search_s: Mapped[float | None] = mapped_column(Float)
    """How long fetching and reading, vetting, and searching took on one core [s]; NULL where it was not done."""
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state_known"),
        Index("ix_survey_stars_state", "survey_id", "state"),
    )
