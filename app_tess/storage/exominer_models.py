"""The tables of NASA's ExoMiner scores. They outlive every reload of the catalogue; which TOI an event is, the list of TOIs says."""

from sqlalchemy import BigInteger, CheckConstraint, Float, Integer, String, Text
from sqlalchemy.orm import mapped_column

from app_tess.storage.database import UtcDateTime, db, now


class ExominerLoad(db.Model):
    """Which file the scores came from. The newest load is the one whose events are stored."""

    __tablename__ = "exominer_loads"
    id = mapped_column(Integer, primary_key=True)
    loaded_at = mapped_column(UtcDateTime, nullable=False, default=now)
    file_name = mapped_column(Text, nullable=False)
    sha256 = mapped_column(String(64), nullable=False)
    event_count = mapped_column(Integer, nullable=False)


class ExominerScore(db.Model):
    """A threshold-crossing event that ExoMiner scored: the star and the period tell which TOI it is."""

    __tablename__ = "exominer_scores"
    id = mapped_column(Integer, primary_key=True)
    tic_id = mapped_column(BigInteger, nullable=False, index=True)
    period_d = mapped_column(Float, nullable=False)
    score = mapped_column(Float, nullable=False)
    __table_args__ = (CheckConstraint("score >= 0 AND score <= 1", name="score_range"),)
