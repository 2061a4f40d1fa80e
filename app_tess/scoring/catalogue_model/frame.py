"""The scoring frame: one row per TOI, with its star's TIC columns, and which TOIs are dispositioned or open."""

import numpy as np
import pandas as pd

from app_tess.astro.dispositions import AMBIGUOUS, NOT_PLANETS, PLANETS
from app_tess.errors import TrainingError
from app_tess.fields import STAR_FIELDS
from app_tess.scoring.catalogue_model.feature_list import STAR_TOI_COUNT

STAR_PREFIX = "tic_"

STAR_COLUMNS = tuple(field.name for field in STAR_FIELDS if field.name != "tic_id")
"""Columns of a TIC row, without the prefix they get in the scoring frame."""


def join_stars(tois, stars=None):
    """Join TOI rows with the TIC rows of their stars, and count the TOIs of each star.

    Parameters
    ----------
    tois : DataFrame
        One row per TOI (columns of `archives.exofop.parse_toi_table`): the full table of one date, because the
        TOIs of each star are counted in it.
    stars : DataFrame or None
        One row per star, with `tic_id` and STAR_COLUMNS; None if there are no TIC rows.

    Returns
    -------
    DataFrame
        Rows, order and index of `tois`; every TIC column as `tic_<name>`, NaN if the star has no row.
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
    """Return 1.0 for CP and KP, 0.0 for FP and FA, and NaN for open TOIs (PC, APC, blank); same index."""
    codes = dict.fromkeys(PLANETS, 1.0) | dict.fromkeys(NOT_PLANETS, 0.0)
    return dispositions.map(codes).astype(float)


def dispositioned_rows(frame, source, minimum=20):
    """Return the dispositioned TOIs of a frame, at least `minimum` planets and as many false positives.

    Raises
    ------
    TrainingError
        Too few dispositioned TOIs of one kind to train on; the message names `source` and the column.
    """
    labels = planet_labels(frame["tfopwg_disposition"])
    for kind, value, codes in (("planets", 1.0, PLANETS), ("false positives", 0.0, NOT_PLANETS)):
        count = int((labels == value).sum())
        if count < minimum:
            raise TrainingError(
                f"{source}: column 'TFOPWG Disposition' has only {count} {kind} ({' or '.join(codes)}); "
                f"training needs at least {minimum} of both kinds"
            )
    return frame[labels.notna()]


def training_rows(frame, source):
    """Return the rows to train on: dispositioned and ambiguous (APC) TOIs; raises as `dispositioned_rows` does."""
    dispositioned = dispositioned_rows(frame, source)
    return frame[frame.index.isin(dispositioned.index) | (frame["tfopwg_disposition"] == AMBIGUOUS)]


def training_labels(dispositions):
    """Return `planet_labels` with 0.0 for ambiguous candidates, as the model is trained on them."""
    return planet_labels(dispositions).mask(dispositions == AMBIGUOUS, 0.0)


def refuse_infinities(frame, source):
    """Raise TrainingError if a number is infinite; the message names the file, the column and the first such TOI."""
    numbers = frame.select_dtypes("number")
    infinite = np.isinf(numbers.to_numpy(dtype=float))
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise TrainingError(
            f"{source}: column '{numbers.columns[column]}' is infinite for TOI {frame['toi'].iloc[row]}"
        )


def table_date(frame):
    """Return the newest date in a TOI table as "YYYY-MM-DD", or None (the table of 2019 has no dates)."""
    dates = [
        str(value)[:10]
        for column in ("alerted_on", "updated_on", "modified_at")
        if column in frame
        for value in frame[column].dropna()
    ]
    return max(dates) if dates else None
