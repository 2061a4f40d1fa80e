"""The tables of NASA's ExoMiner scores. They outlive every update of the catalogue; `listing` matches them to TOIs."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now


class ExominerLoad(Model):
    """Which file the scores came from. The newest load is the one whose events are stored."""

    __tablename__ = "exominer_loads"
    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    event_count: Mapped[int]


class ExominerScore(Model):
    """A threshold-crossing event that ExoMiner scored: the star and the period tell which TOI it is."""

    __tablename__ = "exominer_scores"
    id: Mapped[int] = mapped_column(primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    period_d: Mapped[float] = mapped_column(Float)
    score: Mapped[float] = mapped_column(Float)
    __table_args__ = (CheckConstraint("score >= 0 AND score <= 1", name="score_range"),)
