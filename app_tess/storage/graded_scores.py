"""The live track record: verdicts that came after our score, as each reload graded them."""

from sqlalchemy import select

from app_tess.astro.dispositions import PLANETS
from app_tess.storage.database import db
from app_tess.storage.score_models import GradedVerdict


def graded_verdicts():
    """All of them, the newest first, as dicts: toi, tic_id, graded_at, scored_at, planet_probability, verdict_before,
    verdict_after, is_planet, was_right (a probability of a half or more counts as saying planet)."""
    rows = db.session.scalars(select(GradedVerdict).order_by(GradedVerdict.id.desc()))
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
