"""Frames as rows and columns in the plain values that the databases hold."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app_tess.storage.database import plain

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def rows_of(frame: "pd.DataFrame", columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the frame's rows as dicts of plain values, for a bulk insert."""
    lists = [plain_column(frame[column].to_numpy()) for column in columns]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def plain_column(values: "NDArray[Any]") -> list[Any]:
    """Return an array's values as `plain` does."""
    import numpy as np

    if values.dtype.kind != "f":
        return [plain(value) for value in values.tolist()]
    cells = values.astype(object)
    cells[~np.isfinite(values)] = None
    return list(cells)


class FrameRows(Collection[dict[str, Any]]):
    """A frame's rows as dicts of plain values, made some at a time whenever they are iterated over.

    Parameters
    ----------
    frame : pandas.DataFrame
    columns : sequence of str
        A column that the frame lacks is None in each row.
    """

    def __init__(self, frame: "pd.DataFrame", columns: Sequence[str]) -> None:
        self.frame, self.columns = frame, list(columns)

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for start in range(0, len(self.frame), CONVERTED_ROWS):
            part = self.frame.iloc[start : start + CONVERTED_ROWS].reindex(columns=self.columns)
            yield from rows_of(part, self.columns)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)

    def values(self, column: str) -> "NDArray[Any]":
        """Return a column as the frame has it; None for one that it lacks."""
        import numpy as np

        return self.frame[column].to_numpy() if column in self.frame else np.full(len(self), None)

    def of_stars(self, tic_ids: Collection[int]) -> "FrameRows":
        """Return the rows of some stars; all of them without a copy."""
        chosen = self.frame["tic_id"].isin(tic_ids)
        return self if chosen.all() else FrameRows(self.frame[chosen], self.columns)


CONVERTED_ROWS = 1000
"""Rows of a frame that are converted at a time."""
