"""TOIs of neighboring stars with the same ephemeris as a star's own: one signal that was catalogued twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.signal_match import ObservedSignal, match_signal
from app_tess.errors import AppTessError
from app_tess.storage.database import db
from app_tess.storage.known_signals import entries_around
from app_tess.storage.models import Star, Toi


@dataclass(frozen=True)
class SameSignal:
    """A TOI of another star with the same ephemeris as one of ours."""

    toi: str
    tic_id: int
    separation_arcsec: float
    depth_ppm: float | None
    tfopwg_disposition: str | None


def same_signals(
    star: Star, tois: Iterable[Toi], around: dict[int, float] | None = None
) -> dict[str, list[SameSignal]]:
    """Find the neighboring TOIs with the ephemeris of one of a star's own, in at most two SQL statements.

    Parameters
    ----------
    star : Star
    tois : iterable of Toi
        Its own.
    around : dict, optional
        What `entries_around` returns for it, where that is known.

    Returns
    -------
    dict
        toi -> [SameSignal], the nearest first; only TOIs that have one.
    """
    ours = [toi for toi in tois if toi.period_d and toi.epoch_btjd is not None]
    if not ours:
        return {}
    if around is None:
        around = entries_around(star.tic_id, star.ra_deg, star.dec_deg)
    away_arcsec = {tic_id: away for tic_id, away in around.items() if tic_id != star.tic_id}
    if not away_arcsec:
        return {}
    others = db.session.scalars(
        select(Toi).where(Toi.tic_id.in_(list(away_arcsec)), Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))
    ).all()
    others = sorted(others, key=lambda other: (away_arcsec[other.tic_id], other.toi))
    found = {
        toi.toi: [
            SameSignal(other.toi, other.tic_id, away_arcsec[other.tic_id], other.depth_ppm, other.tfopwg_disposition)
            for other in others
            if _in_step(toi, other)
        ]
        for toi in ours
    }
    return {name: signals for name, signals in found.items() if signals}


def _in_step(one: Toi, other: Toi) -> bool:
    """Whether two TOIs are one signal: the same period and, as far as their errors are known, the same times."""
    if one.epoch_btjd is None or other.epoch_btjd is None:
        return False
    try:
        observed = ObservedSignal(
            (one.epoch_btjd,), one.epoch_err_d or None, one.period_d, one.period_err_d or None, one.duration_h or None
        )
        known = Ephemeris(other.period_d, other.epoch_btjd, other.duration_h, other.period_err_d, other.epoch_err_d)
    except AppTessError:  # values that no signal has
        return False
    found = match_signal(observed, known)
    return found is not None and found.ratio == 1.0
