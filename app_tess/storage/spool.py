"""Rows on disk: what a run computes for a whole catalogue before it stores it, without holding it in memory."""

import os
import pickle
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app_tess.storage.database import batches

BATCH_ROWS = 1000
"""Rows that are in memory at a time."""


class Spool(Collection[dict[str, Any]]):
    """Rows in a temporary file (in TMPDIR), which nobody else can open and which goes with this object.

    They are iterated over as often as needed, in the order in which they were added.

    Parameters
    ----------
    columns : sequence of str
        Of each row.
    rows : iterable of dict
        The first ones; more can be added by `extend`.
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self._columns, self._count = tuple(columns), 0
        self._file = tempfile.TemporaryFile(prefix="tess-rows-")  # noqa: SIM115 - it lives as long as the rows
        self._ends = [0]
        self.extend(rows)

    def extend(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows of plain values, which `pickle` writes."""
        for batch in batches(rows, BATCH_ROWS):
            data = pickle.dumps([tuple([row[name] for name in self._columns]) for row in batch], protocol=5)
            self._file.write(data)
            self._ends.append(self._ends[-1] + len(data))
            self._count += len(batch)
        self._file.flush()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for start, end in zip(self._ends[:-1], self._ends[1:], strict=True):
            data = os.pread(self._file.fileno(), end - start, start)
            for values in pickle.loads(data):  # noqa: S301 - our own, of a moment ago
                yield dict(zip(self._columns, values, strict=True))

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)
