"""Circles on the sky in SQL: a box that an index on the position can find, and the stars inside."""

import math
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from app_tess.astro.sky import separation_deg
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi

MARGIN_DEG = 1e-9
"""Against rounding: a star at exactly the circle's radius is in the box."""


def in_box(model: Any, ra_deg: float, dec_deg: float, radius_deg: float) -> list[ColumnElement[bool]]:
    """Return the conditions on the rows of a table within the smallest box in RA and Dec that holds a circle.

    Parameters
    ----------
    model : type
        A table with `ra_deg` and `dec_deg`; rows without a position are excluded.
    ra_deg, dec_deg, radius_deg : float
        The circle, ICRS [deg]. The box is a band of declination where the circle holds a pole.
    """
    radius_deg += MARGIN_DEG
    conditions = [model.dec_deg.between(dec_deg - radius_deg, dec_deg + radius_deg), model.ra_deg.is_not(None)]
    if abs(dec_deg) + radius_deg >= 90:
        return conditions
    # Where the circle touches its meridians: Sinnott 1984, Sky & Telescope 68, 158.
    half_width = math.degrees(math.asin(math.sin(math.radians(radius_deg)) / math.cos(math.radians(dec_deg))))
    low, high = (ra_deg - half_width) % 360, (ra_deg + half_width) % 360
    across_zero = low > high
    inside = or_(model.ra_deg >= low, model.ra_deg <= high) if across_zero else model.ra_deg.between(low, high)
    return [*conditions, inside]


def tic_ids_in_cone(ra_deg: float, dec_deg: float, radius_deg: float) -> dict[int, float]:
    """Return tic_id -> separation [deg] of the stars with a TOI within `radius_deg` of a position, inclusive."""
    box = select(Star.tic_id, Star.ra_deg, Star.dec_deg).where(
        *in_box(Star, ra_deg, dec_deg, radius_deg),
        # SQLite would look for each TOI's star instead of using the index on the position if this were an IN.
        exists().where(Toi.tic_id == Star.tic_id),
    )
    rows = db.session.execute(box).all()
    if not rows:
        return {}
    tic_ids, ra, dec = zip(*rows, strict=True)
    separations = separation_deg(ra, dec, ra_deg, dec_deg).tolist()
    return {tic_id: away for tic_id, away in zip(tic_ids, separations, strict=True) if away <= radius_deg}
