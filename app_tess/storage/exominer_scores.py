"""Keep ExoMiner's published scores, and tell which of our TOIs they belong to."""

from sqlalchemy import delete, func, insert, select

from app_tess.storage import listing
from app_tess.storage.database import all_or_nothing, db
from app_tess.storage.exominer_models import ExominerLoad, ExominerScore
from app_tess.storage.listing import listed


def replace_scores(rows, load):
    """Put a table's events in the place of the old ones and match them to the TOIs, in one transaction.

    Parameters
    ----------
    rows : list of dict
        tic_id, period_d [d], score in [0, 1].
    load : ExominerLoad
        Not yet stored; its count is filled in here.
    """
    load.event_count = len(rows)
    with all_or_nothing():
        db.session.execute(delete(ExominerScore))
        db.session.execute(insert(ExominerScore), rows)
        db.session.add(load)
        db.session.flush()
        listing.rebuild()
    return load


def find_current_load():
    """The newest ExominerLoad, or None when nothing has been loaded."""
    return db.session.scalars(select(ExominerLoad).order_by(ExominerLoad.id.desc()).limit(1)).first()


def count_matched():
    """The number of TOIs that have a score."""
    return db.session.scalar(select(func.count(listed.exominer_score)))


def scores_of_star(tic_id):
    """TOI -> score, of the star's TOIs that have one."""
    found = select(listed.toi, listed.exominer_score).where(listed.tic_id == tic_id, listed.exominer_score.is_not(None))
    return dict(db.session.execute(found).all())
