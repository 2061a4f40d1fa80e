"""What a list has on all its pages: counted in SQL, and stored for the lists of the front page and for all TOIs.

Counting reads the whole table of TOIs: 0.2 to 1 s of a million. Stored counts change in the transactions that change
the list: rebuilding it deletes them, `recount` follows, and a vetting adds the differences that it makes.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, case, delete, func, insert, select, update

from app_tess.storage.database import db, reading_engine
from app_tess.storage.listing import ListCount, listed
from app_tess.storage.star_query import QUEUES, StarQuery

_SINGLE = listed.toi_count == 1
_OF_SEVERAL = case((listed.toi_count > 1, listed.tic_id))
_STORED = ("", *QUEUES)
_stored = ListCount.__table__.c


@dataclasses.dataclass(frozen=True)
class Counts:
    """What a list has on all its pages."""

    stars: int
    drawable: int
    """Stars with a light curve."""
    tois: int
    classified: int
    """TOIs with a light-curve class."""


def find_or_count(query: StarQuery, among: Sequence[int] = ()) -> Counts:
    """Return the counts of a list without a cone, stored ones where there are; `among`: its stars, where known."""
    usual = StarQuery()
    bare = dataclasses.replace(
        query, sort=usual.sort, descending=usual.descending, page=usual.page, page_size=usual.page_size
    )
    if bare == StarQuery(queue=query.queue):
        columns = [_stored[field.name] for field in dataclasses.fields(Counts)]
        stored = db.session.execute(select(*columns).where(_stored.queue == query.queue)).first()
        if stored is not None:
            return Counts(*stored)
    return _count(dataclasses.replace(query, tic_ids=tuple(among)) if among else query)


def recount() -> None:
    """Store the counts of the rebuilt list, within the transaction that rebuilds it."""
    db.session.execute(delete(ListCount))
    rows = [{"queue": queue} | dataclasses.asdict(_count(StarQuery(queue=queue))) for queue in _STORED]
    db.session.execute(insert(_stored.queue.table), rows)


@contextmanager
def adjusting(tic_ids: Sequence[int]) -> Iterator[None]:
    """Let stored counts follow what the block changes of a few stars in the list."""
    before = {queue: _count(StarQuery(queue=queue, tic_ids=tuple(tic_ids))) for queue in _STORED}
    yield
    for queue, old in before.items():
        new = _count(StarQuery(queue=queue, tic_ids=tuple(tic_ids)))
        more = {name: value - getattr(old, name) for name, value in dataclasses.asdict(new).items()}
        if any(more.values()):
            changed = {name: _stored[name] + value for name, value in more.items()}
            db.session.execute(update(_stored.queue.table).where(_stored.queue == queue).values(changed))


def count_stars(query: StarQuery, condition: ColumnElement[bool]) -> int:
    """Return the number of stars that have a TOI in a part of a list without a cone."""
    found = select(_stars()).select_from(listed.toi.table)
    return db.session.scalar(found.where(*_for_most(query, [*query.conditions(), condition]))) or 0


def _count(query: StarQuery) -> Counts:
    found = select(_stars(), _stars(listed.has_light_curves), func.count(), func.count(listed.light_curve_class))
    conditions = _for_most(query, query.conditions())
    return Counts(*db.session.execute(found.select_from(listed.toi.table).where(*conditions)).one())


def _stars(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Count stars. Most have one TOI, so that only the others must be compared."""
    single = func.count(case((_SINGLE, 1)) if not conditions else case((_SINGLE & conditions[0], 1)))
    several = _OF_SEVERAL if not conditions else case((conditions[0], _OF_SEVERAL))
    return single + func.count(several.distinct())


def _for_most(query: StarQuery, conditions: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Return conditions that SQLite expects to hold for most rows of the list.

    It knows nothing of the values' distribution, and would look up most rows one by one by the index of a range: of a
    million TOIs in 2.4 s of processor time where reading the whole table, or an index that holds all, takes 0.2 s.
    """
    few = query.tic_ids or query.text or query.has_fold is not None
    if few or reading_engine().dialect.name != "sqlite":
        return conditions
    return [func.likely(condition) for condition in conditions]
