"""The tables of scores: they outlive a reload of the catalogue, so that an old score can be held against a new verdict."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column

from app_tess.storage.database import UtcDateTime, db, now


class ScoringRun(db.Model):
    """One scoring of the whole catalogue by one model. Exactly one is current: the newest whole one."""

    __tablename__ = "scoring_runs"
    id = mapped_column(Integer, primary_key=True)
    scored_at = mapped_column(UtcDateTime, nullable=False, default=now)
    artifact_sha256 = mapped_column(String(64), nullable=False)
    model_name = mapped_column(String(120), nullable=False)
    load_id = mapped_column(Integer, ForeignKey("catalogue_loads.id"))
    scored_count = mapped_column(Integer, nullable=False, default=0)
    unscored_count = mapped_column(Integer, nullable=False, default=0)
    is_current = mapped_column(Boolean, nullable=False, default=False)
    __table_args__ = (
        Index(
            "uq_scoring_runs_current",
            "is_current",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )


current_run_id = select(ScoringRun.id).where(ScoringRun.is_current).scalar_subquery()
"""The scoring run that everybody sees; NULL when nothing has been scored."""


class Score(db.Model):
    """A TOI's probability of being a planet, or the reason why there is none."""

    __tablename__ = "scores"
    scoring_run_id = mapped_column(Integer, ForeignKey("scoring_runs.id", ondelete="CASCADE"), primary_key=True)
    toi = mapped_column(String(16), primary_key=True)
    tic_id = mapped_column(BigInteger, nullable=False)
    planet_probability = mapped_column(Float)
    not_scored_reason = mapped_column(Text)
    explanation = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        CheckConstraint("planet_probability >= 0 AND planet_probability <= 1", name="probability_range"),
        CheckConstraint("(planet_probability IS NULL) != (not_scored_reason IS NULL)", name="score_or_reason"),
        Index("ix_scores_tic_id", "tic_id"),
    )


class StarScore(db.Model):
    """The probability that at least one of a star's TOIs is a planet."""

    __tablename__ = "star_scores"
    scoring_run_id = mapped_column(Integer, ForeignKey("scoring_runs.id", ondelete="CASCADE"), primary_key=True)
    tic_id = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    planet_probability = mapped_column(Float)


class GradedVerdict(db.Model):
    """A verdict that came after a score: the live track record."""

    __tablename__ = "graded_verdicts"
    id = mapped_column(Integer, primary_key=True)
    graded_at = mapped_column(UtcDateTime, nullable=False, default=now)
    toi = mapped_column(String(16), nullable=False)
    tic_id = mapped_column(BigInteger, nullable=False)
    load_id = mapped_column(Integer, ForeignKey("catalogue_loads.id"), nullable=False)
    scored_at = mapped_column(UtcDateTime, nullable=False)
    planet_probability = mapped_column(Float, nullable=False)
    verdict_before = mapped_column(String(3))
    verdict_after = mapped_column(String(3), nullable=False)


class VettingReportJson(TypeDecorator[dict[str, Any] | None]):
    """A vetting report in JSON. Those stored before version 0.2 called a measurement's `finding` its `verdict`."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """Return the report with today's names."""
        for row in value["measurements"] if value else ():
            if "verdict" in row:
                row["finding"] = row.pop("verdict")
        return value


class VettingResult(db.Model):
    """What was measured in a TOI's light curves, with its provenance."""

    __tablename__ = "vetting_results"
    toi = mapped_column(String(16), primary_key=True)
    tic_id = mapped_column(BigInteger, nullable=False, index=True)
    measured_at = mapped_column(UtcDateTime, nullable=False, default=now)
    report = mapped_column(VettingReportJson)
    message = mapped_column(Text)
    """Why there is no report."""
    finding = mapped_column(Text)
    """What the report's folded view shows, in a sentence; NULL: it has none (a single transit, or nothing measured)."""
    provenance = mapped_column("receipt", JSON, nullable=False)
    """The column keeps the name under which older rows were stored."""
