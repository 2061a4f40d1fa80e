"""Lists ranked in memory: a catalogue like ExoFOP's has so few TOIs that arrays rank it sooner than the database.

The database says what the filters and the orders mean. Its answers are kept, a number for each TOI, for as long as the
stored data stay the same. Only the limits of ranges are compared here, since every visitor chooses others.
"""

import dataclasses
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select

from app_tess.storage.classifiers import of_classifier
from app_tess.storage.database import db
from app_tess.storage.list_counts import Counts, find_or_count
from app_tess.storage.listing import listed
from app_tess.storage.star_query import RANGES, StarQuery

MOST_TOIS = 20_000
"""A longer list is ranked in SQL: each array of a million TOIs would take megabytes in each web process."""

KEPT_BYTES = 1_000_000
"""Of answers in a web process: of 7,500 TOIs a range takes 60 kB, an order 30 kB, another filter 8 kB."""

Values = NDArray[Any]


class ListArrays:
    """The TOIs in the order of their positions, shape (N,); to be used in transactions that read the same version.

    Parameters
    ----------
    version : hashable
        Of the stored data.
    """

    def __init__(self, version: Hashable) -> None:
        self.version = version
        columns = (listed.position, listed.tic_id, listed.has_light_curves, listed.light_curve_class.is_not(None))
        rows = db.session.execute(select(*columns).order_by(listed.position)).all()
        values = np.array(rows, dtype=np.int64).reshape(len(rows), len(columns))
        self._positions = values[:, 0]
        self._tic_ids, self._stars = np.unique(values[:, 1], return_inverse=True)
        self._has_light_curves, self._is_classified = values[:, 2:].T.astype(bool)
        self._kept: OrderedDict[Hashable, Values] = OrderedDict()
        self._lock = threading.Lock()

    def rank(self, query: StarQuery) -> tuple["array[int]", Counts]:
        """Return the TIC ids of a list without text and cone, in its order, and what it has on all its pages.

        A star is where its first TOI is.
        """
        order, passes = self._order(query), self._passing(query)
        tois = order[passes[order]]
        stars, places = self._stars[tois], np.arange(len(tois))
        first = np.empty(len(self._tic_ids), dtype=int)
        first[stars[::-1]] = places[::-1]  # of several places of a star the last one that is assigned stays
        is_first = first[stars] == places
        tic_ids = array("q", self._tic_ids[stars[is_first]].tobytes())
        drawable, classified = self._has_light_curves[tois[is_first]], self._is_classified[tois]
        return tic_ids, Counts(len(tic_ids), int(drawable.sum()), len(tois), int(classified.sum()))

    def _order(self, query: StarQuery) -> Values:
        """Return the places of all TOIs, sorted."""
        return self._answer(
            ("order", query.sort, query.descending, query.classifier),
            lambda: self._places(select(listed.position).order_by(*query.order())),
        )

    def _passing(self, query: StarQuery) -> Values:
        """Return whether each TOI passes the filters."""
        usual = StarQuery(sort=query.sort, descending=query.descending, page=query.page, page_size=query.page_size)
        others = dataclasses.replace(query, ranges={})
        if others == usual:
            passes = np.ones(len(self._stars), dtype=bool)
        else:
            key = dataclasses.replace(others, sort="", descending=True, page=1, page_size=1)
            passes = self._answer(repr(key), lambda: self._found(others))
        for name, (low, high) in query.ranges.items():
            values = self._range(name, query.classifier)
            if low is not None:
                passes = passes & (values >= low)
            if high is not None:
                passes = passes & (values <= high)
        return passes

    def _found(self, query: StarQuery) -> Values:
        """Return whether each TOI is found in SQL."""
        passes = np.zeros(len(self._stars), dtype=bool)
        passes[self._places(select(listed.position).where(*query.conditions()))] = True
        return passes

    def _places(self, found: Select[int]) -> Values:
        """Return where the TOIs of some positions are in these arrays."""
        positions = np.array(db.session.scalars(found).all(), dtype=np.int64)
        return np.searchsorted(self._positions, positions).astype(np.int32)

    def _range(self, name: str, classifier: str) -> Values:
        """Return the values that a range limits; NaN where there is none, which is within no limits."""
        column = of_classifier(RANGES[name].column, classifier)
        found = select(column).select_from(listed.toi.table).order_by(listed.position)
        return self._answer((name, classifier), lambda: np.array(db.session.scalars(found).all(), dtype=float))

    def _answer(self, key: Hashable, ask: Callable[[], Values]) -> Values:
        """Return a kept answer, or ask; the longest unused ones beyond KEPT_BYTES are dropped."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = ask()
        with self._lock:
            self._kept[key] = found
            size = sum(values.nbytes for values in self._kept.values())
            while size > KEPT_BYTES and len(self._kept) > 1:
                size -= self._kept.popitem(last=False)[1].nbytes
        return found


_of_databases: dict[str, ListArrays] = {}


def arrays_of(database: str, version: Hashable) -> ListArrays | None:
    """Return the arrays of a database's present version, which the open transaction reads; None of too long a list."""
    found = _of_databases.get(database)
    if found is None or found.version != version:
        if find_or_count(StarQuery()).tois > MOST_TOIS:
            return None
        found = _of_databases[database] = ListArrays(version)
    return found


def forget() -> None:
    """Drop all arrays, as a new process has none."""
    _of_databases.clear()
