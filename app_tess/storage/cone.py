"""The stars inside a cone on the sky, nearest first, as an IVOA Simple Cone Search returns them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app_tess.storage.database import IDS_A_STATEMENT, db
from app_tess.storage.listing import listed, stored_kinds
from app_tess.storage.models import Star, Toi
from app_tess.storage.planets import hosts_of
from app_tess.storage.score_models import StarScore, current_run_id
from app_tess.storage.sky_box import tic_ids_in_cone


def find_in_cone(
    ra_deg: float, dec_deg: float, radius_deg: float, limit: int | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Return the stars within `radius_deg` of a position, the nearest first (equals by TIC id).

    Parameters
    ----------
    ra_deg : float
        In [0, 360).
    dec_deg : float
        In [-90, 90].
    radius_deg : float
        In [0, 180]; a star at exactly this distance is inside.
    limit : int, optional
        The largest number of stars to return.

    Returns
    -------
    (rows, overflow)
        Dicts with the star's columns, `separation_deg`, `planet_probability`, `toi_count`, `tois` (joined by a space)
        `light_curve_count`, `product_kinds` and what is published of the star; whether there were more than `limit`.
    """
    separations = sorted(tic_ids_in_cone(ra_deg, dec_deg, radius_deg).items(), key=lambda item: (item[1], item[0]))
    overflow = limit is not None and len(separations) > limit
    wanted = separations[:limit] if limit is not None else separations
    rows: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), IDS_A_STATEMENT):
        rows |= _stars([tic_id for tic_id, _ in wanted[start : start + IDS_A_STATEMENT]])
    return [rows[tic_id] | {"separation_deg": separation} for tic_id, separation in wanted if tic_id in rows], overflow


def stars_around(star: Any, radius_deg: float) -> list[Star]:
    """Return the other stars with a TOI within `radius_deg` of a star (or of a row with its columns), nearest first."""
    near = tic_ids_in_cone(star.ra_deg, star.dec_deg, radius_deg)
    others = select(Star).where(Star.tic_id.in_(near.keys() - {star.tic_id}))
    return sorted(db.session.scalars(others), key=lambda other: near[other.tic_id])


def _stars(tic_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return tic_id -> row, in four statements."""
    tois: dict[int, list[str]] = {}
    for tic_id, toi in db.session.execute(
        select(Toi.tic_id, Toi.toi)
        .where(Toi.tic_id.in_(tic_ids))
        .order_by(Toi.toi_number, Toi.candidate_number, Toi.toi)
    ):
        tois.setdefault(tic_id, []).append(toi)
    products = {
        row.tic_id: {
            "light_curve_count": row.light_curve_count,
            "product_kinds": " ".join(stored_kinds(row.product_kinds)),
        }
        for row in db.session.execute(
            select(listed.tic_id, listed.light_curve_count, listed.product_kinds).where(listed.tic_id.in_(tic_ids))
        )
    }
    hosts = hosts_of(tic_ids)
    score = (StarScore.tic_id == Star.tic_id) & (StarScore.scoring_run_id == current_run_id)
    found = (
        select(*Star.__table__.columns, StarScore.planet_probability)
        .outerjoin(StarScore, score)
        .where(Star.tic_id.in_(tic_ids))
    )
    return {
        row["tic_id"]: dict(row)
        | {
            "toi_count": len(tois.get(row["tic_id"], [])),
            "tois": " ".join(tois.get(row["tic_id"], [])),
        }
        | hosts[row["tic_id"]]
        | products.get(row["tic_id"], {"light_curve_count": 0, "product_kinds": ""})
        for row in db.session.execute(found).mappings()
    }
