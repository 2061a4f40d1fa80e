"""How a catalogue load differs from the one before: new and retired TOIs, and new values of the recorded fields."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, insert, or_, select

from app_tess.astro.dispositions import FINAL
from app_tess.astro.ephemeris_change import differs, find_move, find_sigmas, in_units
from app_tess.astro.times import unix_to_btjd
from app_tess.fields import RECORDED_FIELDS, Field
from app_tess.fields.written import LARGEST_WRITTEN_OUT
from app_tess.storage import old_tois
from app_tess.storage.database import db, now
from app_tess.storage.models import CatalogueChange, CatalogueLoad, Toi
from app_tess.storage.old_tois import COMPARED, old, table
from app_tess.storage.score_models import GradedScore, Score, ScoringRun

DISPOSITION, EPOCH, STAR = "disposition", "epoch", "star"
FIELD_OF_KIND = {field.recorded.kind: field for field in RECORDED_FIELDS if field.recorded}
"""Kind of change -> the field that changed."""
KINDS = (DISPOSITION, "new", *(kind for kind in FIELD_OF_KIND if kind != DISPOSITION), "retired")
"""In the order in which the changes of a load are listed."""


def record_changes(load: CatalogueLoad, previous: CatalogueLoad | None) -> None:
    """Store how the present catalogue differs from `old_tois`, and compare new final dispositions with earlier scores.

    The first load changes nothing, and neither does the step from the simulated sample to the real catalogue.
    """
    if previous is None or not previous.toi_count or previous.simulated != load.simulated:
        return
    moment = now()
    rows = list(_differences(unix_to_btjd(moment.timestamp())))
    if rows:
        db.session.execute(insert(CatalogueChange), [row | {"load_id": load.id, "changed_at": moment} for row in rows])
    _grade(load, [row for row in rows if row["kind"] == DISPOSITION and row["after"] in FINAL])


def _differences(now_btjd: float) -> Iterator[dict[str, Any]]:
    disposition = FIELD_OF_KIND[DISPOSITION].name
    added = select(*_NEW).outerjoin_from(Toi, table, old.toi == Toi.toi).where(old.toi.is_(None))
    for row in _rows(added.where(Toi.tic_id.in_(old_tois.stars()))):
        yield _change(row, "new", None, row[disposition])
    for row in _rows(select(*_OLD).outerjoin_from(table, Toi, old.toi == Toi.toi).where(Toi.toi.is_(None))):
        yield _change(row, "retired", row[disposition], None)
    differ = or_(*(old[field.name].is_distinct_from(getattr(Toi, field.name)) for field in RECORDED_FIELDS))
    before = [old[name].label(f"old_{name}") for name in COMPARED]
    for row in _rows(select(*_NEW, *before).join_from(Toi, table, old.toi == Toi.toi).where(differ)):
        yield from _changed_values({name: row[f"old_{name}"] for name in COMPARED}, row, now_btjd)


_NEW, _OLD = [getattr(Toi, name) for name in COMPARED], [old[name] for name in COMPARED]


def _rows(statement: Select[Any]) -> list[dict[str, Any]]:
    """Return the rows of TOIs in the order of their texts, which differs between databases."""
    return sorted((dict(row) for row in db.session.execute(statement).mappings()), key=itemgetter("toi"))


def _changed_values(before: dict[str, Any], after: dict[str, Any], now_btjd: float) -> Iterator[dict[str, Any]]:
    for kind, field in FIELD_OF_KIND.items():
        if kind == EPOCH:
            yield from _moved_transits(before, after, now_btjd)
        elif _has_changed(field, before, after):
            sigmas = find_sigmas(field, before, after)
            note = None if sigmas is None else in_units(sigmas, "sigma")
            yield _change(after, kind, _text(field, before[field.name]), _text(field, after[field.name]), note)


def _moved_transits(before: dict[str, Any], after: dict[str, Any], now_btjd: float) -> Iterator[dict[str, Any]]:
    """Compare the transit times nearest to now; another period has other transits, and is recorded separately."""
    field, period = FIELD_OF_KIND[EPOCH], FIELD_OF_KIND["period"]
    if all(before[one.name] == after[one.name] for one in (field, period)) or _has_changed(period, before, after):
        return
    move = find_move(before, after, now_btjd)
    if move is not None and move.is_notable:
        yield _change(after, EPOCH, _text(field, move.before_btjd), _text(field, move.after_btjd), move.describe())
    elif move is None and before[field.name] != after[field.name]:
        yield _change(after, EPOCH, _text(field, before[field.name]), _text(field, after[field.name]))


def _change(
    row: dict[str, Any], kind: str, before: str | None, after: str | None, note: str | None = None
) -> dict[str, Any]:
    return {"toi": row["toi"], "tic_id": row["tic_id"], "kind": kind, "before": before, "after": after, "note": note}


def _has_changed(field: Field, before: dict[str, Any], after: dict[str, Any]) -> bool:
    old, new = before[field.name], after[field.name]
    if old is None or new is None or field.kind != "number":
        return bool(old != new)
    assert field.recorded is not None
    is_moved = bool(abs(new - old) > field.recorded.tolerance * abs(old))
    return is_moved and (not field.recorded.beyond_error or differs(field, before, after))


def _text(field: Field, value: Any) -> str | None:
    if value is None:
        return None
    if field.kind != "number":
        return str(value)
    return f"{value:.{field.page_decimals}f}" if abs(value) < LARGEST_WRITTEN_OUT else f"{value:.6g}"


def _grade(load: CatalogueLoad, changes: list[dict[str, Any]]) -> None:
    """Store the score that was current before each first final disposition."""
    run = db.session.scalars(select(ScoringRun).where(ScoringRun.is_current)).first()
    if run is None:
        return
    for row in changes:
        score = db.session.get(Score, (run.id, row["toi"]))
        if row["before"] not in FINAL and score is not None and score.planet_probability is not None:
            db.session.add(
                GradedScore(
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
    """Some changes, the newest load's first, and their total number."""

    changes: list[CatalogueChange]
    total: int


def find_changes(
    page: int = 1, page_size: int = 200, tic_ids: Sequence[int] = (), kind: str | None = None
) -> ChangePage:
    """Return a page of the changes, of some stars or one kind if given; within a load by kind (KINDS), then by TOI."""
    conditions = _conditions(tic_ids, kind)
    rows = _ordered(conditions).limit(page_size).offset((page - 1) * page_size)
    total = db.session.scalar(select(func.count()).select_from(CatalogueChange).where(*conditions))
    return ChangePage(list(db.session.scalars(rows)), total or 0)


def history_of(tic_id: int, limit: int = 100) -> tuple[list[CatalogueChange], dt.datetime | None]:
    """Return a star's changes, newest first, and the time since which changes are recorded, in one statement.

    The step from the simulated sample to the real catalogue records no changes, so recording starts anew there.
    The time is None for an empty database.
    """
    rows = db.session.execute(_HISTORY, {"tic_id": tic_id, "left": str(tic_id), "most": limit}).all()
    return [change for _, change in rows if change is not None], rows[0].loaded_at if rows else None


def _select_history() -> Select[Any]:
    """Build the statement of `history_of` once: building takes longer than running it."""
    latest = select(CatalogueLoad.simulated).order_by(CatalogueLoad.id.desc()).limit(1).scalar_subquery()
    other = select(func.max(CatalogueLoad.id)).where(CatalogueLoad.simulated != latest).scalar_subquery()
    first = (
        select(CatalogueLoad.loaded_at)
        .where(CatalogueLoad.id > func.coalesce(other, 0))
        .order_by(CatalogueLoad.id)
        .limit(1)
        .subquery()
    )
    left = and_(CatalogueChange.kind == STAR, CatalogueChange.before == bindparam("left"))
    return (
        select(first.c.loaded_at, CatalogueChange)
        .select_from(first)
        .outerjoin(CatalogueChange, or_(CatalogueChange.tic_id == bindparam("tic_id"), left))
        .order_by(*_order())
        .limit(bindparam("most"))
    )


def _ordered(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    return select(CatalogueChange).where(*conditions).order_by(*_order())


def _order() -> tuple[Any, ...]:
    kind_order = case(dict(zip(KINDS, range(len(KINDS)), strict=True)), value=CatalogueChange.kind)
    return CatalogueChange.changed_at.desc(), kind_order, CatalogueChange.id


_HISTORY = _select_history()


def count_kinds(tic_ids: Sequence[int] = ()) -> dict[int, dict[str, int]]:
    """Return load id -> {kind: number of changes}."""
    counts: dict[int, dict[str, int]] = {}
    for load_id, kind, count in db.session.execute(
        select(CatalogueChange.load_id, CatalogueChange.kind, func.count())
        .where(*_conditions(tic_ids, None))
        .group_by(CatalogueChange.load_id, CatalogueChange.kind)
    ):
        counts.setdefault(load_id, {})[kind] = count
    return counts


def of_stars(tic_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a change is of one of these stars: also of the one that a TOI has left."""
    left = and_(CatalogueChange.kind == STAR, CatalogueChange.before.in_([str(tic_id) for tic_id in tic_ids]))
    return or_(CatalogueChange.tic_id.in_(tic_ids), left)


def _conditions(tic_ids: Sequence[int], kind: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if tic_ids:
        found.append(of_stars(tic_ids))
    if kind is not None:
        found.append(CatalogueChange.kind == kind)
    return found
