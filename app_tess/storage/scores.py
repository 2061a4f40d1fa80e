"""Scores belong to a scoring run, which becomes the current one only when it is complete."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from app_tess.storage import listing
from app_tess.storage.database import db, plain
from app_tess.storage.models import CatalogueLoad, Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore

KEPT_RUNS = 5
"""Older runs are dropped: 7,500 scores with their explanations take some 15 MB."""


def begin_scoring_run(artifact_sha256: str, model_name: str) -> ScoringRun:
    """Create a run that is not yet current: its scores are not shown."""
    load_id = db.session.scalar(select(CatalogueLoad.id).order_by(CatalogueLoad.id.desc()).limit(1))
    run = ScoringRun(artifact_sha256=artifact_sha256, model_name=model_name, load_id=load_id)
    db.session.add(run)
    db.session.commit()
    return run


def record_scores(run: ScoringRun, rows: Sequence[dict[str, Any]]) -> None:
    """Store scores of TOIs, as dicts with toi, tic_id, planet_probability, not_scored_reason, explanation."""
    if rows:
        db.session.execute(insert(Score), [plain(row) | {"scoring_run_id": run.id} for row in rows])
        run.scored_count += sum(row["planet_probability"] is not None for row in rows)
        run.unscored_count += sum(row["planet_probability"] is None for row in rows)
        db.session.commit()


def record_star_scores(run: ScoringRun, probabilities: Mapping[int, float | None]) -> None:
    """Store tic_id -> probability that at least one TOI of the star is a planet."""
    rows = [
        {"scoring_run_id": run.id, "tic_id": int(tic_id), "planet_probability": plain(value)}
        for tic_id, value in probabilities.items()
    ]
    if rows:
        db.session.execute(insert(StarScore), rows)
        db.session.commit()


def switch_to(run: ScoringRun) -> None:
    """Make a complete run the current one, in one transaction, and delete the oldest."""
    db.session.execute(update(ScoringRun).where(ScoringRun.is_current).values(is_current=False))
    db.session.execute(update(ScoringRun).where(ScoringRun.id == run.id).values(is_current=True))
    keep = select(ScoringRun.id).order_by(ScoringRun.id.desc()).limit(KEPT_RUNS).scalar_subquery()
    for old in db.session.scalars(select(ScoringRun).where(ScoringRun.id.not_in(keep), ~ScoringRun.is_current)):
        db.session.delete(old)
    db.session.flush()
    listing.rebuild()
    db.session.commit()


def discard(run: ScoringRun) -> None:
    """Delete an unfinished run."""
    db.session.rollback()
    old = db.session.get(ScoringRun, run.id)
    if old is not None and not old.is_current:
        db.session.delete(old)
        db.session.commit()


def find_current_run() -> ScoringRun | None:
    """Return the run whose scores are shown, or None before the first scoring."""
    return db.session.scalars(select(ScoringRun).where(ScoringRun.is_current)).first()


def scoring_rows() -> list[dict[str, Any]]:
    """Return the catalogue for scoring: one dict per TOI, with the columns of its star prefixed `tic_`."""
    star_columns = [
        column.label(f"tic_{column.name}")
        for column in Star.__table__.columns
        if column.name not in ("tic_id", "has_tic_row")
    ]
    query = (
        select(*Toi.__table__.columns, *star_columns)
        .join(Star, Star.tic_id == Toi.tic_id)
        .order_by(Toi.toi_number, Toi.candidate_number, Toi.toi)
    )
    return [dict(row) for row in db.session.execute(query).mappings()]
