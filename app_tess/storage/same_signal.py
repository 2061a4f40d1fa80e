"""TOIs of other stars that dip in step with a star's own: one signal that was catalogued twice, on neighbours."""
import math
from dataclasses import dataclass

from sqlalchemy import select

from app_tess.astro.ephemeris_match import in_step
from app_tess.astro.sky import separation_deg
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi

RADIUS_ARCSEC = 180.0
"""How far a star's light is looked for: nine of TESS's pixels of 21 arcsec. The matches known in 2025 lie within 47 arcsec."""


@dataclass(frozen=True)
class SameSignal:
    """A TOI of another star in step with one of ours; depths in ppm or None."""

    toi: str
    tic_id: int
    separation_arcsec: float
    depth_ppm: float | None
    tfopwg_disposition: str | None


def same_signals(star, tois):
    """Which TOIs within RADIUS_ARCSEC of a star dip in step with its own. One SQL statement.

    Returns
    -------
    dict
        toi -> [SameSignal], the nearest first; only TOIs that have one.
    """
    ours = [toi for toi in tois if toi.period_d and toi.epoch_btjd is not None]
    if not ours or star.ra_deg is None or star.dec_deg is None:
        return {}
    radius_deg = RADIUS_ARCSEC / 3600
    columns = (Toi.toi, Toi.tic_id, Toi.period_d, Toi.period_err_d, Toi.epoch_btjd, Toi.epoch_err_d, Toi.duration_h, Toi.depth_ppm,
               Toi.tfopwg_disposition, Star.ra_deg, Star.dec_deg)
    near = db.session.execute(select(*columns).join(Star, Star.tic_id == Toi.tic_id).where(
        Star.dec_deg.between(star.dec_deg - radius_deg, star.dec_deg + radius_deg), Star.ra_deg.is_not(None),
        Toi.tic_id != star.tic_id, Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))).all()
    away = [float(separation_deg(row.ra_deg, row.dec_deg, star.ra_deg, star.dec_deg)) for row in near]
    near = sorted(((separation, row) for separation, row in zip(away, near, strict=True) if separation <= radius_deg), key=lambda pair: (pair[0], pair[1].toi))
    found = {toi.toi: [SameSignal(row.toi, row.tic_id, 3600 * separation, row.depth_ppm, row.tfopwg_disposition)
                       for separation, row in near if _in_step(toi, row)] for toi in ours}
    return {name: others for name, others in found.items() if others}


def _in_step(one, other):
    """Whether two TOIs are in step, counted with the better known of their periods."""
    better, worse = sorted((one, other), key=lambda toi: toi.period_err_d if toi.period_err_d else math.inf)
    cycles = (worse.epoch_btjd - better.epoch_btjd) / better.period_d if better.period_d else 0.0
    error_d = math.hypot(better.epoch_err_d or 0.0, worse.epoch_err_d or 0.0, cycles * (better.period_err_d or 0.0))
    duration_d = max(one.duration_h or 0.0, other.duration_h or 0.0) / 24
    return bool(in_step(better.period_d, better.epoch_btjd, duration_d, worse.period_d, worse.epoch_btjd, error_d))
