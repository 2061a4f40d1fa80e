"""What was measured in the light curves: one row per TOI, replaced by each vetting of its star."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from app_tess.astro.vetting.report import VettingReport
from app_tess.storage.database import db, now, plain
from app_tess.storage.score_models import VettingResult
from app_tess.storage.switching import switching


def record_results(results: Sequence[dict[str, Any]], load_id: int | None = None, message: str = "") -> None:
    """Replace the results of these TOIs, all at once, and end their run with a message.

    Parameters
    ----------
    results : sequence of dict
        toi, tic_id, report, message, provenance.
    load_id : int, optional
        The load whose ephemerides they were measured with.
    message : str

    Raises
    ------
    OutdatedInput, RunEnded
        The catalogue was replaced meanwhile, or the run is over; earlier results stay.
    """
    rows = [plain(result) | {"finding": _finding(result["report"])} for result in results]
    with switching(computed_from=load_id) as switch:
        db.session.execute(delete(VettingResult).where(VettingResult.toi.in_([row["toi"] for row in rows])))
        db.session.execute(insert(VettingResult), [row | {"measured_at": now()} for row in rows])
        switch.message = message
        switch.sizes = {"measured": sum(row["report"] is not None for row in rows), "TOIs": len(rows)}


def results_of_star(tic_id: int) -> dict[str, VettingResult]:
    """Return TOI -> VettingResult."""
    return {row.toi: row for row in db.session.scalars(select(VettingResult).where(VettingResult.tic_id == tic_id))}


def findings(tois: Iterable[str]) -> dict[str, tuple[dt.datetime, str | None]]:
    """Return TOI -> (measured_at, finding) of those with a folded view to show, without loading their reports."""
    rows = db.session.execute(
        select(VettingResult.toi, VettingResult.measured_at, VettingResult.finding).where(
            VettingResult.toi.in_(list(tois)), VettingResult.finding.is_not(None)
        )
    )
    return {toi: (measured_at, finding) for toi, measured_at, finding in rows}


def vetted_stars() -> set[int]:
    """Return the tic ids of all stars that have a result."""
    return set(db.session.scalars(select(VettingResult.tic_id).distinct()))


def forget_all() -> None:
    """Delete every result, within the open transaction: it was measured in the light curves of another catalogue."""
    db.session.execute(delete(VettingResult))


def _finding(report: dict[str, Any] | None) -> str | None:
    if report is None or report["views"] is None:
        return None
    return VettingReport.from_dict(report).summary
