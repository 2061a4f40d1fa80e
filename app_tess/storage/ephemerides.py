"""Where and when candidates transit, for the list of tonight's transits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.score_models import Score, current_run_id
from app_tess.storage.star_query import OPEN


def open_candidates(lowest_probability: float) -> list[Row[*tuple[Any, ...]]]:
    """Find the open candidates (PC, APC or no disposition) with an ephemeris and a minimum probability, highest first.

    Returns
    -------
    list of rows
        toi, tic_id, planet_name, tfopwg_disposition, planet_probability, ra_deg, dec_deg, tmag, teff_k, depth_ppm and
        the ephemeris.
    """
    found = (
        _selected()
        .join(Score, (Score.toi == Toi.toi) & (Score.scoring_run_id == current_run_id))
        .where(
            OPEN,
            Toi.period_d.is_not(None),
            Toi.epoch_btjd.is_not(None),
            Star.ra_deg.is_not(None),
            Star.dec_deg.is_not(None),
            Score.planet_probability >= lowest_probability,
        )
    )
    rows = db.session.execute(found.order_by(Score.planet_probability.desc(), Toi.toi_number, Toi.candidate_number))
    return list(rows)


def find_tois(tois: Sequence[str]) -> list[Row[*tuple[Any, ...]]]:
    """Find the same of some TOIs, scored or not; those without position, period or epoch are left out."""
    found = (
        _selected()
        .outerjoin(Score, (Score.toi == Toi.toi) & (Score.scoring_run_id == current_run_id))
        .where(Toi.toi.in_(tois), Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))
        .where(Star.ra_deg.is_not(None), Star.dec_deg.is_not(None))
    )
    return list(db.session.execute(found))


def tois_of_stars(tic_ids: Sequence[int], lowest_probability: float) -> list[Row[*tuple[Any, ...]]]:
    """Find the same of some stars' TOIs, whatever their disposition; unscored ones only if the minimum is 0."""
    found = (
        _selected()
        .outerjoin(Score, (Score.toi == Toi.toi) & (Score.scoring_run_id == current_run_id))
        .where(Toi.tic_id.in_(tic_ids), Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))
        .where(Star.ra_deg.is_not(None), Star.dec_deg.is_not(None))
        .order_by(Toi.toi_number, Toi.candidate_number)
    )
    if lowest_probability > 0:
        found = found.where(Score.planet_probability >= lowest_probability)
    return list(db.session.execute(found))


def _selected() -> Select[*tuple[Any, ...]]:
    """Select the columns of both; a join with the scores is to be added."""
    return select(
        Toi.toi,
        Toi.tic_id,
        Toi.planet_name,
        Toi.tfopwg_disposition,
        Toi.period_d,
        Toi.period_err_d,
        Toi.epoch_btjd,
        Toi.epoch_err_d,
        Toi.epoch_number,
        Toi.duration_h,
        Toi.depth_ppm,
        Star.ra_deg,
        Star.dec_deg,
        Star.tmag,
        Star.teff_k,
        Score.planet_probability,
    ).join(Star, Star.tic_id == Toi.tic_id)
