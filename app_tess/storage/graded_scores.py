"""The live track record: final dispositions that came after a score, as each update of the catalogue found them."""

from typing import Any

from sqlalchemy import select

from app_tess.astro.dispositions import PLANETS
from app_tess.storage.database import db
from app_tess.storage.score_models import GradedScore


def find_graded_scores(tic_id: int | None = None) -> list[dict[str, Any]]:
    """Return all of them, or a star's, newest first.

    Returns
    -------
    list of dict
        toi, tic_id, graded_at, scored_at, planet_probability, verdict_before and verdict_after (TFOPWG codes),
        is_planet, was_right (a probability of 0.5 or more predicts a planet).
    """
    wanted = select(GradedScore).order_by(GradedScore.id.desc())
    rows = db.session.scalars(wanted if tic_id is None else wanted.where(GradedScore.tic_id == tic_id))
    return [
        {
            "toi": row.toi,
            "tic_id": row.tic_id,
            "graded_at": row.graded_at,
            "scored_at": row.scored_at,
            "planet_probability": row.planet_probability,
            "verdict_before": row.verdict_before,
            "verdict_after": row.verdict_after,
            "is_planet": row.verdict_after in PLANETS,
            "was_right": (row.planet_probability >= 0.5) == (row.verdict_after in PLANETS),
        }
        for row in rows
    ]
