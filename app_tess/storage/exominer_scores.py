"""ExoMiner's published scores, and the TOIs that they belong to."""

from typing import Any

from sqlalchemy import delete, func, insert, select

from app_tess.storage import listing
from app_tess.storage.database import db
from app_tess.storage.exominer_models import ExominerLoad, ExominerScore
from app_tess.storage.listing import listed
from app_tess.storage.switching import switching


def replace_scores(rows: list[dict[str, Any]], load: ExominerLoad) -> ExominerLoad:
    """Replace the stored events by those of a table and match them to the TOIs, in one transaction.

    Parameters
    ----------
    rows : list of dict
        tic_id, period_d [d], score in [0, 1].
    load : ExominerLoad
        Not yet stored; its count is filled in here.
    """
    load.event_count = len(rows)
    with switching():
        db.session.execute(delete(ExominerScore))
        db.session.execute(insert(ExominerScore), rows)
        db.session.add(load)
        db.session.flush()
        listing.rebuild()
    return load


def find_current_load() -> ExominerLoad | None:
    """Return the newest ExominerLoad, or None when nothing has been loaded."""
    return db.session.scalars(select(ExominerLoad).order_by(ExominerLoad.id.desc()).limit(1)).first()


def count_matched() -> int:
    """Return the number of TOIs that have a score."""
    return db.session.scalar(select(func.count(listed.exominer_score))) or 0


def scores_of_star(tic_id: int) -> dict[str, float]:
    """Return TOI -> score for the TOIs of a star that have one."""
    found = select(listed.toi, listed.exominer_score).where(listed.tic_id == tic_id, listed.exominer_score.is_not(None))
    return {row.toi: row.exominer_score for row in db.session.execute(found)}
