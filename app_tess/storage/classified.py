"""TOIs with a light-curve class: how many there are, and the best examples of each class."""

from typing import Any

from sqlalchemy import JSON, Row, and_, case, select, type_coerce

from app_tess.astro.dispositions import FINAL
from app_tess.astro.light_curve_classes import AGREEING_DISPOSITIONS
from app_tess.storage.database import db
from app_tess.storage.listing import listed
from app_tess.storage.score_models import HAS_FOLD, VettingResult

_current = and_(
    VettingResult.toi == listed.toi,
    VettingResult.tic_id == listed.tic_id,
    listed.light_curve_class.is_not(None),
    *HAS_FOLD,
)
"""A result with a class and a fold, of a TOI as the catalogue has it now."""


def classes_of_tois() -> dict[str, str]:
    """Return TOI -> class of each classified TOI with a fold to show."""
    rows = db.session.execute(select(listed.toi, listed.light_curve_class).join(VettingResult, _current))
    return {toi: code for toi, code in rows if code is not None}


def find_examples(code: str, most: int) -> list[Row[*tuple[Any, ...]]]:
    """Return the TOIs of a class with its highest probabilities, those first whose disposition agrees.

    Parameters
    ----------
    code : str
        Of astro.light_curve_classes.
    most : int

    Returns
    -------
    list of Row
        toi, tic_id, tfopwg_disposition, planet_name, finding, probability (of this class), agrees: 2 if the
        disposition is final and agrees, 1 without a final one, 0 if it disagrees.
    """
    path = ("judgement", "probabilities", code)
    probability = type_coerce(VettingResult.report, JSON)[path].as_float()
    agrees = case(
        (listed.tfopwg_disposition.in_(AGREEING_DISPOSITIONS[code]), 2),
        (listed.tfopwg_disposition.in_(FINAL), 0),
        else_=1,
    )
    rows = (
        select(
            listed.toi,
            listed.tic_id,
            listed.tfopwg_disposition,
            listed.planet_name,
            VettingResult.finding,
            probability.label("probability"),
            agrees.label("agrees"),
        )
        .join(VettingResult, _current)
        .where(listed.light_curve_class == code)
        .order_by(agrees.desc(), probability.desc(), listed.position)
        .limit(most)
    )
    return list(db.session.execute(rows))


def results_of_tois(tois: list[str]) -> dict[str, VettingResult]:
    """Return TOI -> its result, with the report."""
    rows = select(VettingResult).join(listed.toi.table, _current).where(VettingResult.toi.in_(tois))
    return {row.toi: row for row in db.session.scalars(rows)}


def dispositions_of_tois(tois: list[str]) -> dict[str, str | None]:
    """Return TOI -> its TFOPWG disposition, or None."""
    rows = select(listed.toi, listed.tfopwg_disposition).where(listed.toi.in_(tois))
    return dict(tuple(row) for row in db.session.execute(rows))
