"""Which stars a query finds, in which order, and how many, remembered for as long as the stored data stay the same.

A list is ranked in memory (`list_arrays`), for each request, unless it is searched by text or position, or the
catalogue is too large. Then SQL ranks it, as far as somebody has looked: of a million TOIs the first pages need the
first thousands only, which an index gives in order. Its length is counted in SQL, or stored (`list_counts`). A reader
who pages through such a list asks for the same ranking again; the key holds the version of the stored data, so a new
catalogue, scoring or vetting is seen at once.
"""

import dataclasses
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from app_tess.storage.data_version import DataVersion, version_being_read
from app_tess.storage.database import db, reading_engine
from app_tess.storage.list_arrays import arrays_of
from app_tess.storage.list_counts import Counts, find_or_count
from app_tess.storage.list_places import find_around, order_of, parts
from app_tess.storage.listing import listed
from app_tess.storage.sky_box import tic_ids_in_cone

if TYPE_CHECKING:
    from app_tess.storage.star_query import StarQuery

    RankWhole = Callable[[StarQuery], tuple[array[int], Counts]]

KEPT, KEPT_BYTES = 500, 16_000_000
"""Rankings kept in memory, and what their TIC ids may take together."""
FIRST_ROWS = 200
"""TOIs that are ranked beyond those asked for, at least. A list of so few stars is counted among them, so that the
table is read once."""


class Ranking:
    """The stars of a list, in order, as far as they are known; to be used within the transaction that it is found in.

    Threads may share it: what they know of a list is replaced whole.

    Parameters
    ----------
    query : StarQuery
    rank_whole : callable, optional
        Returns for the query all TIC ids in order and the counts; else SQL ranks as much as is asked for.
    """

    def __init__(self, query: "StarQuery", rank_whole: "RankWhole | None" = None) -> None:
        self._query = query
        self._rank_whole = _rank_in_cone if query.cone is not None else rank_whole
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
        if self._rank_whole is not None:
            order, self._counts = self._rank_whole(self._query)
            self._known = order, True
            return order
        most = None if count is None else count + max(FIRST_ROWS, count // 8)
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

    def around(self, tic_id: int) -> tuple[int | None, int, int | None] | None:
        """Return the star before one in the list, its place from 0, and the star after it; None where it is not there.

        Among the stars that are ranked already it is looked for first.
        """
        if not 0 < tic_id < 2**63:
            return None
        is_sorted_whole = self._rank_whole is not None or self._query.text
        order = self.first(None if is_sorted_whole else FIRST_ROWS)
        is_whole = self._known[1]
        if tic_id not in (order if is_whole else order[:-1]):
            return None if is_whole else find_around(self._query, tic_id)
        place = order.index(tic_id)
        return (
            order[place - 1] if place else None,
            place,
            order[place + 1] if place + 1 < len(order) else None,
        )

    def counts(self) -> Counts:
        """Return what the list has on all its pages, counted once."""
        if self._counts is None:
            order, is_whole = self._known
            if self._rank_whole is not None:
                self.first(None)
            elif self.in_default_order is not self and not (is_whole and len(order) <= FIRST_ROWS):
                self._counts = self.in_default_order.counts()
            else:
                self._counts = find_or_count(self._query, order if is_whole and len(order) <= FIRST_ROWS else ())
        assert self._counts is not None
        return self._counts


_kept: "OrderedDict[tuple[object, ...], Ranking]" = OrderedDict()
_lock = threading.Lock()


def ranking_of(query: "StarQuery") -> Ranking:
    """Return the ranking of a query's stars, for all its pages: a new one, or what is known of it."""
    being_read = version_being_read()
    version = being_read[0] if being_read else db.session.scalar(select(DataVersion.token))
    if version is None:
        return Ranking(query)
    of = (str(reading_engine().url), version)
    if not query.text and query.cone is None and (arrays := arrays_of(*of)) is not None:
        return Ranking(query, arrays.rank)
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
    """Forget the rankings, to measure first views; the arrays belong to no view."""
    with _lock:
        _kept.clear()


def inside_cone(query: "StarQuery") -> dict[int, float] | None:
    """Return the stars in the query's cone, or None where it has no cone."""
    return None if query.cone is None else tic_ids_in_cone(*query.cone)


def _rank(query: "StarQuery", most: int | None) -> list[int]:
    """Return the TIC ids of the first TOIs of a list without a cone, in its order, one for each TOI."""
    found = select(listed.tic_id).where(*query.conditions())
    if query.text:  # the whole table is read for it, and sorting what is found takes no time
        return list(db.session.scalars(found.order_by(*query.order()).limit(most)))
    rows: list[int] = []
    for condition, columns in parts(query):
        if most is None or len(rows) < most:
            of_part = found.where(condition).order_by(*order_of(columns, query.descending))
            rows += db.session.scalars(of_part.limit(most - len(rows)) if most is not None else of_part)
    return rows


def _rank_in_cone(query: "StarQuery") -> tuple["array[int]", Counts]:
    """Return the TIC ids of all stars of a list in a cone, in order, and what it has on all its pages."""
    inside = inside_cone(query) or {}
    found = select(listed.tic_id, listed.has_light_curves, listed.light_curve_class).where(*query.conditions())
    rows = [row for row in db.session.execute(found.order_by(*query.order())) if row.tic_id in inside]
    order = array("q", dict.fromkeys(row.tic_id for row in rows))
    return order, Counts(
        len(order),
        len({row.tic_id for row in rows if row.has_light_curves}),
        len(rows),
        sum(row.light_curve_class is not None for row in rows),
    )
