"""Where and when candidates transit: what the list of tonight's transits is made from."""

from sqlalchemy import select

from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.score_models import Score, current_run_id
from app_tess.storage.star_query import OPEN


def open_candidates(lowest_probability):
    """Open candidates (no verdict, PC, APC) with an ephemeris and at least a probability, the most probable first.

    Returns
    -------
    list of rows
        toi, tic_id, tfopwg_disposition, planet_probability, ra_deg, dec_deg, tmag, depth_ppm and the ephemeris' columns.
    """
    found = (
        select(
            Toi.toi,
            Toi.tic_id,
            Toi.tfopwg_disposition,
            Toi.period_d,
            Toi.period_err_d,
            Toi.epoch_btjd,
            Toi.epoch_err_d,
            Toi.duration_h,
            Toi.depth_ppm,
            Star.ra_deg,
            Star.dec_deg,
            Star.tmag,
            Score.planet_probability,
        )
        .join(Star, Star.tic_id == Toi.tic_id)
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
    return db.session.execute(
        found.order_by(Score.planet_probability.desc(), Toi.toi_number, Toi.candidate_number)
    ).all()
