"""TOIs with a light-curve class: how many there are, and the best examples of each class."""

from sqlalchemy import func, select

from app_tess.storage.database import db
from app_tess.storage.listing import listed
from app_tess.storage.star_query import StarQuery
from app_tess.storage.stars import tic_ids_in_cone


def count_classified(query: StarQuery) -> tuple[int, int]:
    """Return how many TOIs of a list, on all its pages, have a light-curve class, and how many TOIs it has."""
    conditions = query.conditions()
    if query.cone is not None:
        conditions.append(listed.tic_id.in_(list(tic_ids_in_cone(*query.cone))))
    classified, total = db.session.execute(
        select(func.count(listed.light_curve_class), func.count()).where(*conditions)
    ).one()
    return classified, total
