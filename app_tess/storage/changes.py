"""What differs between one load and the one before: new TOIs, retired ones, new verdicts, new periods."""

from dataclasses import dataclass

from sqlalchemy import case, func, insert, select

from app_tess.storage.database import db, now
from app_tess.storage.models import CatalogueChange, CatalogueLoad, Toi
from app_tess.storage.score_models import GradedVerdict, Score, ScoringRun

SAME_PERIOD = 1e-4
"""A relative change below this is a refinement, not news."""
KINDS = ("verdict", "new", "period", "retired")
"""In the order in which a load's changes are told."""
SETTLED = ("CP", "KP", "FP", "FA")


def snapshot():
    """TOI -> (tic_id, verdict, period) as they stand."""
    rows = db.session.execute(select(Toi.toi, Toi.tic_id, Toi.tfopwg_disposition, Toi.period_d))
    return {row.toi: (row.tic_id, row.tfopwg_disposition, row.period_d) for row in rows}


def record_changes(load, before):
    """Store how the present catalogue differs from `before` and grade the scores that were given before a new verdict.

    The first load changes nothing, and neither does the step from the simulated sample to the real catalogue.
    """
    previous = db.session.scalars(
        select(CatalogueLoad).where(CatalogueLoad.id < load.id).order_by(CatalogueLoad.id.desc()).limit(1)
    ).first()
    if not before or previous is None or previous.simulated != load.simulated:
        return
    rows = list(_differences(before, snapshot()))
    moment = now()
    if rows:
        db.session.execute(insert(CatalogueChange), [row | {"load_id": load.id, "changed_at": moment} for row in rows])
    _grade(load, [row for row in rows if row["kind"] == "verdict" and row["after"] in SETTLED])


def _differences(before, after):
    for toi in sorted(after.keys() - before.keys()):
        yield {"toi": toi, "tic_id": after[toi][0], "kind": "new", "before": None, "after": after[toi][1]}
    for toi in sorted(before.keys() - after.keys()):
        yield {"toi": toi, "tic_id": before[toi][0], "kind": "retired", "before": before[toi][1], "after": None}
    for toi in sorted(after.keys() & before.keys()):
        _, old_verdict, old_period = before[toi]
        tic_id, new_verdict, new_period = after[toi]
        if old_verdict != new_verdict:
            yield {"toi": toi, "tic_id": tic_id, "kind": "verdict", "before": old_verdict, "after": new_verdict}
        if _period_moved(old_period, new_period):
            yield {
                "toi": toi,
                "tic_id": tic_id,
                "kind": "period",
                "before": _days(old_period),
                "after": _days(new_period),
            }


def _period_moved(old, new):
    if old is None or new is None:
        return old is not new
    return abs(new - old) > SAME_PERIOD * old


def _days(period_d):
    return None if period_d is None else f"{period_d:.6f}"


def _grade(load, verdicts):
    """Hold each new verdict on an open TOI against the score that was current before it."""
    run = db.session.scalars(select(ScoringRun).where(ScoringRun.is_current)).first()
    if run is None:
        return
    for row in verdicts:
        score = db.session.get(Score, (run.id, row["toi"]))
        if row["before"] not in SETTLED and score is not None and score.planet_probability is not None:
            db.session.add(
                GradedVerdict(
                    toi=row["toi"],
                    tic_id=row["tic_id"],
                    load_id=load.id,
                    scored_at=run.scored_at,
                    planet_probability=score.planet_probability,
                    verdict_before=row["before"],
                    verdict_after=row["after"],
                )
            )


@dataclass(frozen=True)
class ChangePage:
    """Some changes, the newest load's first, and how many there are in all."""

    changes: list
    total: int


def find_changes(page=1, page_size=200, tic_id=None, kind=None):
    """A page of the changes, of one star or of one kind if given; within a load verdicts come first, then by TOI."""
    wanted = _wanted(tic_id, kind)
    rows = select(CatalogueChange).where(*wanted).order_by(*_order()).limit(page_size).offset((page - 1) * page_size)
    return ChangePage(
        list(db.session.scalars(rows)),
        db.session.scalar(select(func.count()).select_from(CatalogueChange).where(*wanted)),
    )


def history_of(tic_id, limit=100):
    """Return a star's changes, newest first, and the time of the load from which changes are recorded, in one statement.

    The step from the simulated sample to the real catalogue records no changes, so recording starts anew there.

    Returns
    -------
    list of CatalogueChange
    datetime or None
        None for an empty database.
    """
    latest = select(CatalogueLoad.simulated).order_by(CatalogueLoad.id.desc()).limit(1).scalar_subquery()
    other = select(func.max(CatalogueLoad.id)).where(CatalogueLoad.simulated != latest).scalar_subquery()
    first = (
        select(CatalogueLoad.loaded_at)
        .where(CatalogueLoad.id > func.coalesce(other, 0))
        .order_by(CatalogueLoad.id)
        .limit(1)
        .subquery()
    )
    rows = db.session.execute(
        select(first.c.loaded_at, CatalogueChange)
        .select_from(first)
        .outerjoin(CatalogueChange, CatalogueChange.tic_id == tic_id)
        .order_by(*_order())
        .limit(limit)
    ).all()
    return [change for _, change in rows if change is not None], rows[0].loaded_at if rows else None


def _order():
    place = case(dict(zip(KINDS, range(len(KINDS)), strict=True)), value=CatalogueChange.kind)
    return CatalogueChange.changed_at.desc(), place, CatalogueChange.id


def count_kinds(tic_id=None):
    """load id -> {kind: how many changes}."""
    counts = {}
    for load_id, kind, count in db.session.execute(
        select(CatalogueChange.load_id, CatalogueChange.kind, func.count())
        .where(*_wanted(tic_id, None))
        .group_by(CatalogueChange.load_id, CatalogueChange.kind)
    ):
        counts.setdefault(load_id, {})[kind] = count
    return counts


def _wanted(tic_id, kind):
    return [
        column == value
        for column, value in ((CatalogueChange.tic_id, tic_id), (CatalogueChange.kind, kind))
        if value is not None
    ]
