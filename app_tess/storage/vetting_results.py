"""What was measured in the light curves: one row per TOI, replaced by each vetting of its star."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update

from app_tess.astro.ephemeris_change import SIGNAL_COLUMNS, find_differences
from app_tess.astro.vetting.report import VettingReport
from app_tess.storage import list_counts
from app_tess.storage.database import db, now, plain
from app_tess.storage.listing import ListedToi
from app_tess.storage.models import Toi
from app_tess.storage.score_models import HAS_FOLD, VettingResult
from app_tess.storage.switching import switching

MEASURED_WITH = "measured_with"
"""The entry of a provenance with the catalogue's values (SIGNAL_COLUMNS) that a result was measured with."""


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
    with switching(computed_from=load_id) as switch:
        write(results)
        switch.message = message
        switch.sizes = {"measured": sum(row["report"] is not None for row in results), "TOIs": len(results)}


def write(results: Sequence[dict[str, Any]]) -> None:
    """Replace the results of these TOIs within the open transaction."""
    rows = [plain(result) | _shown_in_table(result["report"]) for result in results]
    db.session.execute(delete(VettingResult).where(VettingResult.toi.in_([row["toi"] for row in rows])))
    db.session.execute(insert(VettingResult), [row | {"measured_at": now()} for row in rows])
    with list_counts.adjusting(sorted({row["tic_id"] for row in rows})):
        for row in rows:
            db.session.execute(
                update(ListedToi)
                .where(ListedToi.toi == row["toi"])
                .values({name: row[name] for name in ("light_curve_class", "light_curve_pc")})
                .execution_options(synchronize_session=False)
            )


def mark_outdated(now_btjd: float) -> None:
    """Compare each result with the present catalogue, within the open transaction.

    A result is outdated where a value that it was measured with has changed by more than its error, or where the TOI
    is now another star's.

    Parameters
    ----------
    now_btjd : float
        The moment to which ephemerides are propagated [BTJD d].
    """
    columns = [getattr(Toi, name) for name in SIGNAL_COLUMNS]
    measured = select(Toi.toi, Toi.tic_id, *columns).where(Toi.toi.in_(select(VettingResult.toi)))
    tois = {row["toi"]: row for row in db.session.execute(measured).mappings()}
    results = select(VettingResult.toi, VettingResult.tic_id, VettingResult.provenance, VettingResult.outdated)
    for result in db.session.execute(results).all():
        outdated = _why_outdated(result, tois.get(result.toi), now_btjd)
        if outdated != result.outdated:
            db.session.execute(
                update(VettingResult).where(VettingResult.toi == result.toi).values(outdated=outdated),
                execution_options={"synchronize_session": False},
            )


def _why_outdated(result: Any, toi: Any, now_btjd: float) -> str | None:
    if toi is None:
        return "ExoFOP no longer lists this TOI."
    if toi["tic_id"] != result.tic_id:
        return f"ExoFOP now lists this TOI as an object of TIC {toi['tic_id']}."
    before = result.provenance.get(MEASURED_WITH) or _of_earlier_version(result.toi)
    found = find_differences(before, toi, now_btjd) if before else []
    return f"ExoFOP's values have changed since: {'; '.join(found)}." if found else None


def _of_earlier_version(toi: str) -> dict[str, Any] | None:
    """Return the ephemeris in the report of a result that was stored before its catalogue values were noted."""
    report = db.session.scalar(select(VettingResult.report).where(VettingResult.toi == toi))
    return report and {name: report[name] for name in ("period_d", "epoch_btjd", "duration_h")}


def results_of_star(tic_id: int) -> dict[str, VettingResult]:
    """Return TOI -> VettingResult."""
    return {row.toi: row for row in db.session.scalars(select(VettingResult).where(VettingResult.tic_id == tic_id))}


def findings(tois: Iterable[str]) -> dict[str, tuple[dt.datetime, str | None]]:
    """Return TOI -> (measured_at, finding) of those with a folded view to show, without loading their reports.

    Outdated results are left out.
    """
    rows = db.session.execute(
        select(VettingResult.toi, VettingResult.measured_at, VettingResult.finding).where(
            VettingResult.toi.in_(list(tois)), *HAS_FOLD
        )
    )
    return {toi: (measured_at, finding) for toi, measured_at, finding in rows}


MOST_TOIS = 10
"""As many TOIs as a star may have."""


@dataclass(frozen=True)
class Fold:
    """A folded light curve to show: whose it is, when it was measured, and the finding."""

    toi: str
    tic_id: int
    planet_name: str | None
    measured_at: dt.datetime
    finding: str


def newest_folds(limit: int) -> list[Fold]:
    """Return the most recently vetted TOIs with a folded view to show, one of each star."""
    rows = db.session.execute(
        select(
            VettingResult.toi, VettingResult.tic_id, Toi.planet_name, VettingResult.measured_at, VettingResult.finding
        )
        .join(Toi, Toi.toi == VettingResult.toi)
        .where(*HAS_FOLD)
        .order_by(VettingResult.measured_at.desc(), VettingResult.toi)
        .limit(limit * MOST_TOIS)
    )
    found: dict[int, Fold] = {}
    for toi, tic_id, name, at, finding in rows:
        found.setdefault(tic_id, Fold(toi, tic_id, name, at, finding or ""))
    return list(found.values())[:limit]


def vetted_stars() -> set[int]:
    """Return the TIC ids of all stars each of whose TOIs has a result that is not outdated."""
    current = and_(VettingResult.toi == Toi.toi, VettingResult.tic_id == Toi.tic_id, VettingResult.outdated.is_(None))
    lacking = select(Toi.tic_id).outerjoin(VettingResult, current).where(VettingResult.toi.is_(None))
    return set(db.session.scalars(select(Toi.tic_id).where(Toi.tic_id.not_in(lacking)).distinct()))


def forget_all() -> None:
    """Delete every result, within the open transaction: it was measured in the light curves of another catalogue."""
    db.session.execute(delete(VettingResult))


def newest() -> tuple[dt.datetime | None, int]:
    """Return when the newest result was measured, and how many there are: they change when a result does."""
    measured_at, count = db.session.execute(select(func.max(VettingResult.measured_at), func.count())).one()
    return measured_at, count


def _shown_in_table(report: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the table and its filters read without loading a report."""
    folded = report is not None and report["views"] is not None
    judgement = report.get("judgement") if report else None
    return {
        "finding": VettingReport.from_dict(report).summary if report and folded else None,
        "light_curve_class": judgement["best"] if judgement else None,
        "light_curve_pc": judgement["probabilities"]["PC"] if judgement else None,
    }
