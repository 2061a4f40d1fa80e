"""Which stars a query finds, in which order, and how many, remembered for as long as the stored data stay the same.

A list is ranked as far as somebody has looked: of a million TOIs the first pages need the first thousands only, which
an index gives in order. Its length is counted in SQL, or stored (`list_counts`). A reader who pages through a list asks
for the same ranking again; the key holds the version of the stored data, so a new catalogue, scoring or vetting is seen
at once.
"""

import dataclasses
import threading
from array import array
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select

from app_tess.storage.data_version import DataVersion
from app_tess.storage.database import db, reading_engine
from app_tess.storage.list_counts import Counts, find_or_count
from app_tess.storage.listing import SORTED_BY, listed
from app_tess.storage.sky_box import tic_ids_in_cone
from app_tess.storage.star_query import SORTS

if TYPE_CHECKING:
    from app_tess.storage.star_query import StarQuery

KEPT, KEPT_BYTES = 500, 16_000_000
"""Rankings kept in memory, and what their TIC ids may take together."""
FIRST_ROWS = 2_000
"""TOIs that are ranked at least: a list of so many is ranked in one statement, and need not be counted."""
GROWTH = 4
"""How many times further a list is ranked when a star is looked for in it."""


class Ranking:
    """The stars of a list, in order, as far as they are known; to be used within the transaction that it is found in.

    Threads may share it: what they know of a list is replaced whole.
    """

    def __init__(self, query: "StarQuery") -> None:
        self._query = query
        self._known: tuple[array[int], bool] = (array("q"), False)
        self._counts: Counts | None = None
        self.in_default_order: Ranking = self
        """The same list, which counts it for all its orders."""

    @property
    def nbytes(self) -> int:
        """The memory that its TIC ids take."""
        return 8 * len(self._known[0])

    def first(self, count: int | None) -> "array[int]":
        """Return the TIC ids of the first `count` stars or more, or of all; a star is where its first TOI is."""
        order, is_whole = self._known
        if is_whole or (count is not None and count <= len(order)):
            return order
        most = None if count is None or self._query.cone else max(FIRST_ROWS, count + count // 8)
        while True:
            rows = _rank(self._query, most)
            order, is_whole = array("q", dict.fromkeys(rows)), most is None or len(rows) < most
            if is_whole or (count is not None and len(order) >= count):
                self._known = order, is_whole
                return order
            most = 2 * most if most is not None else None

    def page(self, start: int, size: int) -> "array[int]":
        """Return the TIC ids of a page; none beyond the end, which is not ranked for it."""
        order = self._known[0]
        if start + size > max(len(order), FIRST_ROWS) and start >= self.total:
            return array("q")
        return self.first(start + size)[start : start + size]

    @property
    def total(self) -> int:
        """The number of stars."""
        order, is_whole = self._known
        return len(order) if is_whole else self.counts().stars

    def place(self, tic_id: int) -> int | None:
        """Return the place of a star, from 0, or None; the star after it is then known too."""
        if not 0 < tic_id < 2**63:
            return None
        holds = select(listed.tic_id).where(listed.tic_id == tic_id, *self._query.conditions()).limit(1)
        if db.session.scalar(holds) is None:
            return None
        count = FIRST_ROWS
        while True:
            order = self.first(count)
            if tic_id in order[:-1] or self._known[1]:
                return order.index(tic_id) if tic_id in order else None
            count = GROWTH * len(order)

    def counts(self) -> Counts:
        """Return what the list has on all its pages, counted once."""
        if self.in_default_order is not self:
            return self.in_default_order.counts()
        if self._counts is None:
            self._counts = _count_in_cone(self._query) if self._query.cone else find_or_count(self._query)
        return self._counts


_kept: "OrderedDict[tuple[object, ...], Ranking]" = OrderedDict()
_lock = threading.Lock()


def ranking_of(query: "StarQuery") -> Ranking:
    """Return the ranking of a query's stars, for all its pages: a new one, or what is known of it."""
    version = db.session.scalar(select(DataVersion.token))
    if version is None:
        return Ranking(query)
    of = (str(reading_engine().url), version)
    first_page = dataclasses.replace(query, page=1, page_size=1)
    plain = dataclasses.replace(first_page, sort="alerted_on", descending=True)
    with _lock:
        counting, found = (_keep((*of, repr(one)), one) for one in (plain, first_page))
        found.in_default_order = counting
        size = sum(ranking.nbytes for ranking in _kept.values())
        while len(_kept) > 2 and (len(_kept) > KEPT or size > KEPT_BYTES):
            size -= _kept.popitem(last=False)[1].nbytes
    return found


def _keep(key: tuple[object, ...], query: "StarQuery") -> Ranking:
    """Return the kept ranking with a key, or a new one, as the last to be dropped."""
    found = _kept.setdefault(key, Ranking(query))
    _kept.move_to_end(key)
    return found


def forget() -> None:
    """Empty the cache, to measure first views."""
    with _lock:
        _kept.clear()


def inside_cone(query: "StarQuery") -> dict[int, float] | None:
    """Return the stars in the query's cone, or None where it has no cone."""
    return None if query.cone is None else tic_ids_in_cone(*query.cone)


def _rank(query: "StarQuery", most: int | None) -> list[int]:
    """Return the TIC ids of the first TOIs of a list, in its order, one for each TOI."""
    rows: list[int] = []
    for conditions, order in _parts(query):
        if most is None or len(rows) < most:
            found = select(listed.tic_id).where(*query.conditions(), *conditions).order_by(*order)
            rows += db.session.scalars(found.limit(most - len(rows)) if most is not None else found).all()
    inside = inside_cone(query)
    return rows if inside is None else list(filter(inside.__contains__, rows))


def _parts(query: "StarQuery") -> list[tuple[list[ColumnElement[bool]], list[Any]]]:
    """Return (conditions, ORDER BY) of the parts of a list that follow one another.

    Rows without a value come last in either direction. PostgreSQL's index has them at one end, so they are read as a
    part of their own: then an index gives the order of each part.
    """
    value, order = SORTS[query.sort], query.order()
    is_small = query.cone is not None  # found by position, then sorted
    if is_small or len(order) > 2 or not any(value is listed[name] for name in SORTED_BY):
        return [([], order)]
    by_value = value.desc() if query.descending else value.asc()
    return [([value.is_not(None)], [by_value, order[-1]]), ([value.is_(None)], [order[-1]])]


def _count_in_cone(query: "StarQuery") -> Counts:
    inside = inside_cone(query) or {}
    found = select(listed.tic_id, listed.has_light_curves, listed.light_curve_class).where(*query.conditions())
    rows = [row for row in db.session.execute(found) if row.tic_id in inside]
    return Counts(
        len({row.tic_id for row in rows}),
        len({row.tic_id for row in rows if row.has_light_curves}),
        len(rows),
        sum(row.light_curve_class is not None for row in rows),
    )
