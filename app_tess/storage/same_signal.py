"""TOIs of neighboring stars with the same ephemeris as a star's own: one signal that was catalogued twice."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris_match import in_step
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.stars import tic_ids_in_cone

RADIUS_ARCSEC = 180.0
"""The radius of the search: nine TESS pixels of 21 arcsec. The matches known in 2025 lie within 47 arcsec."""


@dataclass(frozen=True)
class SameSignal:
    """A TOI of another star with the same ephemeris as one of ours."""

    toi: str
    tic_id: int
    separation_arcsec: float
    depth_ppm: float | None
    tfopwg_disposition: str | None


def same_signals(star: Star, tois: Iterable[Toi]) -> dict[str, list[SameSignal]]:
    """Find the TOIs within RADIUS_ARCSEC with the ephemeris of one of a star's own, in at most two SQL statements.

    Returns
    -------
    dict
        toi -> [SameSignal], the nearest first; only TOIs that have one.
    """
    ours = [toi for toi in tois if toi.period_d and toi.epoch_btjd is not None]
    if not ours or star.ra_deg is None or star.dec_deg is None:
        return {}
    away_deg = tic_ids_in_cone(star.ra_deg, star.dec_deg, RADIUS_ARCSEC / 3600)
    away_deg.pop(star.tic_id, None)
    if not away_deg:
        return {}
    others = db.session.scalars(
        select(Toi).where(Toi.tic_id.in_(list(away_deg)), Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))
    ).all()
    others = sorted(others, key=lambda other: (away_deg[other.tic_id], other.toi))
    found = {
        toi.toi: [
            SameSignal(
                other.toi, other.tic_id, 3600 * away_deg[other.tic_id], other.depth_ppm, other.tfopwg_disposition
            )
            for other in others
            if _in_step(toi, other)
        ]
        for toi in ours
    }
    return {name: signals for name, signals in found.items() if signals}


def _in_step(one: Toi, other: Toi) -> bool:
    """Whether two TOIs are in step, counted with the more precise of their periods."""
    better, worse = sorted((one, other), key=lambda toi: toi.period_err_d if toi.period_err_d else math.inf)
    if not better.period_d or not worse.period_d or better.epoch_btjd is None or worse.epoch_btjd is None:
        return False
    cycles = (worse.epoch_btjd - better.epoch_btjd) / better.period_d
    error_d = math.hypot(better.epoch_err_d or 0.0, worse.epoch_err_d or 0.0, cycles * (better.period_err_d or 0.0))
    if not (better.epoch_err_d and worse.epoch_err_d and better.period_err_d):
        error_d = math.inf  # unknown, and no reason to call them different
    duration_d = max(one.duration_h or 0.0, other.duration_h or 0.0) / HOURS_PER_DAY
    return bool(in_step(better.period_d, better.epoch_btjd, duration_d, worse.period_d, worse.epoch_btjd, error_d))
