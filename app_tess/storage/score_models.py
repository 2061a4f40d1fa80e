"""The tables of scores. They outlive an update of the catalogue, to be compared with later dispositions."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    select,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now


class ScoringRun(Model):
    """One scoring of the whole catalogue by one model. The newest complete one is current."""

    __tablename__ = "scoring_runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    scored_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    artifact_sha256: Mapped[str] = mapped_column(String(64))
    model_name: Mapped[str] = mapped_column(String(120))
    load_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_loads.id"))
    scored_count: Mapped[int] = mapped_column(default=0)
    unscored_count: Mapped[int] = mapped_column(default=0)
    is_current: Mapped[bool] = mapped_column(default=False)
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
"""The scoring run whose scores are shown; NULL when nothing has been scored."""


class Score(Model):
    """A TOI's probability of being a planet, or the reason why there is none."""

    __tablename__ = "scores"
    scoring_run_id: Mapped[int] = mapped_column(ForeignKey("scoring_runs.id", ondelete="CASCADE"), primary_key=True)
    toi: Mapped[str] = mapped_column(String(16), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger)
    planet_probability: Mapped[float | None] = mapped_column(Float)
    not_scored_reason: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        CheckConstraint("planet_probability >= 0 AND planet_probability <= 1", name="probability_range"),
        CheckConstraint("(planet_probability IS NULL) != (not_scored_reason IS NULL)", name="score_or_reason"),
        Index("ix_scores_tic_id", "tic_id"),
    )


class StarScore(Model):
    """The probability that at least one of a star's TOIs is a planet."""

    __tablename__ = "star_scores"
    scoring_run_id: Mapped[int] = mapped_column(ForeignKey("scoring_runs.id", ondelete="CASCADE"), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    planet_probability: Mapped[float | None] = mapped_column(Float)


class GradedScore(Model):
    """A score whose TOI later got a final disposition: the live track record. The table keeps its first name."""

    __tablename__ = "graded_verdicts"
    id: Mapped[int] = mapped_column(primary_key=True)
    graded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    toi: Mapped[str] = mapped_column(String(16))
    tic_id: Mapped[int] = mapped_column(BigInteger)
    load_id: Mapped[int] = mapped_column(ForeignKey("catalogue_loads.id"))
    scored_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    planet_probability: Mapped[float] = mapped_column(Float)
    verdict_before: Mapped[str | None] = mapped_column(String(3))
    verdict_after: Mapped[str] = mapped_column(String(3))


ADDED_LATER: dict[str, Any] = {"cautions": [], "ephemeris_used": None}
"""Keys of a vetting report that older ones lack, and the value that stands for the absence."""


class VettingReportJson(TypeDecorator[dict[str, Any] | None]):
    """A vetting report in JSON, as `VettingReport.as_dict` writes it; older ones are read with today's keys.

    Before version 0.2 a measurement's `finding` was called `verdict`. What was added later has its value in
    ADDED_LATER. Probabilities of two classes are those of an earlier network: the star has to be vetted again.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """Return the report with today's names."""
        if value is None:
            return None
        for row in value["measurements"]:
            if "verdict" in row:
                row["finding"] = row.pop("verdict")
        if "probabilities" not in (value.get("judgement") or {"probabilities": None}):
            value |= {"judgement": None, "judgement_message": "classified by an earlier network; vet the star again."}
        if value.get("judgement"):
            value["judgement"].setdefault("context", None)
        return ADDED_LATER | value


class VettingResult(Model):
    """What was measured in a TOI's light curves, with its provenance."""

    __tablename__ = "vetting_results"
    toi: Mapped[str] = mapped_column(String(16), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    measured_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    report: Mapped[dict[str, Any] | None] = mapped_column(VettingReportJson)
    message: Mapped[str | None] = mapped_column(Text)
    """Why there is no report."""
    finding: Mapped[str | None] = mapped_column(Text)
    """What the report's folded view shows, in a sentence; NULL: it has none (a single transit, or nothing measured)."""
    light_curve_class: Mapped[str | None] = mapped_column(String(2))
    """The most probable class (astro.light_curve_classes); NULL: not classified."""
    light_curve_pc: Mapped[float | None] = mapped_column(Float)
    """The probability that it is a planet candidate, by the light curve."""
    outdated: Mapped[str | None] = mapped_column(Text)
    """How the catalogue's values differ from those it was measured with, in a sentence; NULL: by less than their
    errors. An outdated result is in no table, filter or queue."""
    provenance: Mapped[dict[str, Any]] = mapped_column("receipt", JSON)
    """The column keeps the name under which older rows were stored."""


HAS_FOLD = (VettingResult.finding.is_not(None), VettingResult.outdated.is_(None))
"""Conditions on a result with a folded view to show."""
