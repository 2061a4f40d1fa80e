"""The scoring frame: one row a TOI, its star's TIC row beside it, and who counts as settled or open."""

import numpy as np
import pandas as pd

from app_tess.astro.dispositions import AMBIGUOUS, NOT_PLANETS, PLANETS
from app_tess.errors import TrainingError
from app_tess.fields import STAR_FIELDS

STAR_PREFIX = "tic_"

STAR_COLUMNS = tuple(field.name for field in STAR_FIELDS if field.name != "tic_id")
"""Columns of a TIC row, without the prefix they get in the scoring frame."""

STAR_TOI_COUNT = "star_toi_count"
"""How many TOIs the row's star has in the table of that date."""


def join_stars(tois, stars=None):
    """Join TOI rows with their stars' TIC rows and count the TOIs of each star.

    Parameters
    ----------
    tois : DataFrame
        One row a TOI (columns of `archives.exofop.parse_toi_table`): the WHOLE table of one date, because the
        number of TOIs of a star is counted in it.
    stars : DataFrame or None
        One row a star, with `tic_id` and STAR_COLUMNS; None when there are no TIC rows.

    Returns
    -------
    DataFrame
        Rows, order and index of `tois`; every TIC column as `tic_<name>`, NaN where the star has no row.
    """
    frame = tois.copy()
    frame[STAR_TOI_COUNT] = frame.groupby("tic_id")["toi"].transform("size").astype(float)
    rows = pd.DataFrame(columns=["tic_id"]) if stars is None else stars.drop_duplicates("tic_id")
    rows = rows.set_index("tic_id")
    for column in STAR_COLUMNS:
        values = rows[column] if column in rows else pd.Series(dtype=float)
        frame[STAR_PREFIX + column] = frame["tic_id"].map(values).astype(float)
    frame.attrs = dict(tois.attrs)
    return frame


def planet_labels(dispositions):
    """1.0 for CP and KP, 0.0 for FP and FA, NaN for the open ones (PC, APC, blank); same index as given."""
    codes = dict.fromkeys(PLANETS, 1.0) | dict.fromkeys(NOT_PLANETS, 0.0)
    return dispositions.map(codes).astype(float)


def settled_rows(frame, source, minimum=20):
    """The settled TOIs of a frame, at least `minimum` of both kinds.

    Raises
    ------
    TrainingError
        Too few settled TOIs of one kind to train on; names `source` and the column.
    """
    labels = planet_labels(frame["tfopwg_disposition"])
    for kind, value, codes in (("planets", 1.0, PLANETS), ("false positives", 0.0, NOT_PLANETS)):
        count = int((labels == value).sum())
        if count < minimum:
            raise TrainingError(
                f"{source}: column 'TFOPWG Disposition' settles only {count} {kind} ({' or '.join(codes)}); "
                f"training needs at least {minimum} of both kinds"
            )
    return frame[labels.notna()]


def training_rows(frame, source):
    """The rows that teach: the settled TOIs, and the ambiguous ones (APC) of the same date; raises as `settled_rows` does."""
    settled = settled_rows(frame, source)
    return frame[frame.index.isin(settled.index) | (frame["tfopwg_disposition"] == AMBIGUOUS)]


def training_labels(dispositions):
    """As `planet_labels`, with 0.0 for the ambiguous: what a training row is taken for."""
    return planet_labels(dispositions).mask(dispositions == AMBIGUOUS, 0.0)


def refuse_infinities(frame, source):
    """Raise TrainingError naming the file, the column and the first TOI that holds an infinite number."""
    numbers = frame.select_dtypes("number")
    infinite = np.isinf(numbers.to_numpy(dtype=float))
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise TrainingError(
            f"{source}: column '{numbers.columns[column]}' is infinite for TOI {frame['toi'].iloc[row]}"
        )
