"""Where a star is in a list, and the stars next to it, from the list's index: those that precede it need no ranking."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, UnaryExpression, and_, or_, select

from app_tess.storage.database import db
from app_tess.storage.list_counts import count_stars
from app_tess.storage.listing import listed

if TYPE_CHECKING:
    from app_tess.storage.star_query import StarQuery

LOOKED_AT = 20
"""TOIs beside a star among which its neighbor is looked for first; if their stars are all elsewhere, more are."""

Columns = list[ColumnElement[Any]]


def parts(query: "StarQuery") -> list[tuple[ColumnElement[bool], Columns]]:
    """Return (condition, columns that sort it) of the two parts of a list that follow one another.

    Rows without a value come last in either direction. PostgreSQL's index has them at one end, so they are read as a
    part of their own: then an index gives the order of each part.
    """
    value = query.sorted_by()
    return [(value.is_not(None), [value, listed.position]), (value.is_(None), [listed.position])]


def order_of(columns: Columns, descending: bool) -> list[UnaryExpression[Any]]:
    """Return the ORDER BY of a part."""
    return [column.desc() if descending else column.asc() for column in columns]


def find_around(query: "StarQuery", tic_id: int) -> tuple[int | None, int, int | None] | None:
    """Return the star before one in a list, its place from 0, and the star after it; None where it is not there.

    A star is where its first TOI is.
    """
    own = _first_tois(query, [tic_id]).get(tic_id)
    if own is None:
        return None
    before = _beyond(query, own, forwards=False)
    if own.value is None:
        before = or_(query.sorted_by().is_not(None), before)
    return _next_star(query, own, forwards=False), count_stars(query, before), _next_star(query, own, forwards=True)


def _first_tois(query: "StarQuery", tic_ids: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return tic_id -> (tic_id, value, position) of the star's first TOI in the list."""
    columns = (listed.tic_id, query.sorted_by().label("value"), listed.position)
    found = select(*columns).where(listed.tic_id.in_(tic_ids), *query.conditions()).order_by(*query.order())
    first: dict[int, Row[*tuple[Any, ...]]] = {}
    for row in db.session.execute(found):
        first.setdefault(row.tic_id, row)
    return first


def _beyond(query: "StarQuery", row: Row[*tuple[Any, ...]], forwards: bool) -> ColumnElement[bool]:
    """Return whether a TOI of the row's own part comes after it or, backwards, before it."""
    value, smaller = query.sorted_by(), query.descending == forwards
    by_position = listed.position < row.position if smaller else listed.position > row.position
    if row.value is None:
        return and_(value.is_(None), by_position)
    if smaller:
        return and_(value <= row.value, or_(value < row.value, by_position))
    return and_(value >= row.value, or_(value > row.value, by_position))


def _next_star(query: "StarQuery", row: Row[*tuple[Any, ...]], forwards: bool) -> int | None:
    """Return the star whose first TOI is the next one after the row or, backwards, before it."""
    both, own = parts(query), int(row.value is None)
    others = both[own + 1 :] if forwards else both[:own]
    for condition, columns in [(_beyond(query, row, forwards), both[own][1]), *others]:
        order = order_of(columns, query.descending == forwards)
        found = select(listed.tic_id, listed.position).where(condition, *query.conditions()).order_by(*order)
        offset, most = 0, LOOKED_AT
        while rows := db.session.execute(found.offset(offset).limit(most)).all():
            first = _first_tois(query, [other.tic_id for other in rows])
            for other in rows:
                if first[other.tic_id].position == other.position:
                    return int(other.tic_id)
            offset, most = offset + most, 4 * most
    return None
