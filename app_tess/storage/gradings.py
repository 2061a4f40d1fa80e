"""What the grading of classifiers needs of the database: final dispositions, how late each came, and every score."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app_tess.astro.dispositions import FINAL
from app_tess.storage.classifier_models import Classifier, MatchedScore
from app_tess.storage.database import db
from app_tess.storage.graded_scores import find_graded_scores
from app_tess.storage.listing import listed
from app_tess.storage.models import CatalogueChange, CatalogueLoad
from app_tess.storage.star_query import LISTED_OPEN

KINDS = ("planet_radius_rearth", "tmag", "period_d", "toi_count")
KNOWN_BEFORE = "KP"
"""Known planets were known before TESS, whenever their TOI was alerted."""


def final_tois() -> list[dict[str, Any]]:
    """Return the TOIs with a final disposition: toi, tic_id, tfopwg_disposition, alerted_on, and KINDS."""
    names = ("toi", "tic_id", "tfopwg_disposition", "alerted_on", *KINDS)
    rows = select(*(listed[name] for name in names)).where(listed.tfopwg_disposition.in_(FINAL))
    return [dict(row) for row in db.session.execute(rows.order_by(listed.position)).mappings()]


def open_dates() -> dict[str, dt.date]:
    """Return TOI -> the date of the last catalogue loaded here in which it had no final disposition, where known."""
    before = (
        select(func.max(CatalogueLoad.id)).where(CatalogueLoad.id < CatalogueChange.load_id).correlate(CatalogueChange)
    )
    rows = db.session.execute(
        select(CatalogueChange.toi, CatalogueChange.before, CatalogueLoad.catalogue_date, CatalogueLoad.loaded_at)
        .join(CatalogueLoad, CatalogueLoad.id == before.scalar_subquery())
        .where(CatalogueChange.kind == "disposition", CatalogueChange.after.in_(FINAL))
        .order_by(CatalogueChange.id)
    )
    return {
        row.toi: dt.date.fromisoformat(row.catalogue_date[:10]) if row.catalogue_date else row.loaded_at.date()
        for row in rows
        if row.before not in FINAL
    }


def own_scores() -> dict[str, tuple[float, dt.date]]:
    """Return TOI -> the last score that this site gave before its disposition, and the day."""
    return {row["toi"]: (row["planet_probability"], row["scored_at"].date()) for row in reversed(find_graded_scores())}


def scores_by_classifier() -> dict[str, dict[str, tuple[float, dt.date | None]]]:
    """Return name -> TOI -> score and date, of every other classifier."""
    found: dict[str, dict[str, tuple[float, dt.date | None]]] = {
        name: {} for name in db.session.scalars(select(Classifier.name).order_by(Classifier.name_key))
    }
    rows = select(Classifier.name, MatchedScore.toi, MatchedScore.score, MatchedScore.scored_on)
    for row in db.session.execute(rows.join(Classifier, Classifier.id == MatchedScore.classifier_id)):
        found[row.name][row.toi] = row.score, row.scored_on
    return found


def open_scores() -> list[dict[str, Any]]:
    """Return the TOIs without a final disposition that another classifier scored: toi, tic_id, planet_probability."""
    rows = select(listed.toi, listed.tic_id, listed.planet_probability).where(
        LISTED_OPEN, listed.toi.in_(select(MatchedScore.toi))
    )
    return [dict(row) for row in db.session.execute(rows.order_by(listed.position)).mappings()]
