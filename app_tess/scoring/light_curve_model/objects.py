"""Join the labels of several sources, and the views of one signal, into objects.

An object is one signal of one star. It may have several views: one per sector, and in both TESS files.
"""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.dispositions import CANDIDATES, NOT_PLANETS, PLANETS
from app_tess.scoring.common.csv_tables import read_csv_table
from app_tess.scoring.light_curve_model.labels import possible_classes

SAME_PERIOD = 0.01
"""Relative difference up to which two periods are equal: one sector determines a period to about a percent. Epochs are
not compared, because the error of such a period adds up to several periods in a few years."""

PERIOD_RATIOS = (1.0, 0.5, 2.0)
"""A signal may have been found at half or twice its period."""

BINARY_COLUMNS = ("tic_id", "period_d", "morphology")
TOI_COLUMNS = ("tic_id", "period_d", "tfopwg_disposition")

WEIGHTIEST = (*PLANETS, *NOT_PLANETS, *CANDIDATES)
"""Of several matching dispositions, the first of these counts."""


@dataclass(frozen=True, eq=False)
class Objects:
    """What is known of N events as objects.

    `possible` (N, 5) as in labels.possible_classes; `number` (N,) counts the objects from 0: rows with the same number
    are views of one signal; `weight` (N,) is 1 / sqrt(views of the object in the file): alike but not identical.
    """

    possible: np.ndarray
    number: np.ndarray
    weight: np.ndarray


def read_binaries(path):
    """Read a catalogue of eclipsing binaries: a DataFrame with BINARY_COLUMNS, one row per signal with a period.

    Raises
    ------
    TrainingError
        The file is missing or no such table; the message names it.
    """
    binaries = read_csv_table(path, BINARY_COLUMNS)
    return binaries.dropna(subset=["period_d"]).astype({"tic_id": np.int64})[list(BINARY_COLUMNS)]


def _matches(star_id, period_d, catalogue):
    """(event, row of the catalogue) of each pair on one star with equal, half or double period."""
    import pandas as pd

    events = pd.DataFrame({"tic_id": star_id, "period": period_d, "event": np.arange(len(star_id))})
    rows = catalogue[["tic_id", "period_d"]].assign(row=np.arange(len(catalogue)))
    pairs = events.merge(rows, on="tic_id")
    ratio = pairs["period"] / pairs["period_d"]
    same = np.any([(ratio / wanted - 1).abs() < SAME_PERIOD for wanted in PERIOD_RATIOS], axis=0)
    return pairs.loc[same, "event"].to_numpy(), pairs.loc[same, "row"].to_numpy()


def dispositions_of(star_id, period_d, tois):
    """Return the TFOPWG disposition of each event's signal, "" where no TOI matches, as text (N,).

    Parameters
    ----------
    star_id, period_d : ndarray, shape (N,)
    tois : DataFrame
        tic_id, period_d, tfopwg_disposition.
    """
    found = np.full(len(star_id), "", dtype="U3")
    if len(tois):
        event, row = _matches(star_id, period_d, tois)
        codes = tois["tfopwg_disposition"].fillna("").to_numpy(str)[row]
        for code in reversed(WEIGHTIEST):
            found[event[codes == code]] = code
    return found


def catalogued(star_id, period_d, binaries):
    """Return whether each event's signal is in a catalogue of binaries (tic_id, period_d), as booleans (N,)."""
    listed = np.zeros(len(star_id), bool)
    if len(binaries):
        listed[_matches(star_id, period_d, binaries)[0]] = True
    return listed


def number_signals(star_id, period_d):
    """Number the signals from 0: events on one star with periods equal to 1 % are one, one without a period is its own.

    Returns
    -------
    ndarray of int, shape (N,)
    """
    order = np.lexsort((period_d, star_id))
    star, period = np.asarray(star_id)[order], np.asarray(period_d, dtype=float)[order]
    with np.errstate(invalid="ignore"):
        same = (star[1:] == star[:-1]) & (period[1:] / period[:-1] - 1 < SAME_PERIOD)
    number = np.empty(len(order), dtype=int)
    number[order] = np.concatenate([[0], np.cumsum(~same)]) if len(order) else 0
    return number


def join_objects(files, tois, binaries):
    """Join the labels of TESS files of views with TOI dispositions and a catalogue of binaries.

    The label of an object, in whichever file it was given, holds for all its views.

    Parameters
    ----------
    files : list of ViewsFile
        With N events together, in this order in the result.
    tois : DataFrame
        tic_id, period_d, tfopwg_disposition; may be empty.
    binaries : DataFrame
        As `read_binaries` returns; may be empty.

    Returns
    -------
    Objects
    """
    star_id = np.concatenate([np.zeros(0, np.int64), *(views.star_id for views in files)])
    period = np.concatenate([np.zeros(0), *(views.scalar("period_d") for views in files)])
    label = np.concatenate([np.zeros(0, "U1"), *(np.full(len(v), "") if v.label is None else v.label for v in files)])
    number = number_signals(star_id, period)
    possible = possible_classes(label, dispositions_of(star_id, period, tois), catalogued(star_id, period, binaries))
    in_file = number + np.repeat(np.arange(len(files)), [len(v) for v in files]) * (number.max(initial=0) + 1)
    return Objects(_agreed(possible, number), number, 1 / np.sqrt(np.bincount(in_file)[in_file]))


def _agreed(possible, number):
    """The classes that all views of an object allow; where they contradict each other, each view keeps its own."""
    agreed = np.ones((number.max(initial=-1) + 1, possible.shape[1]), bool)
    np.logical_and.at(agreed, number, possible)
    agreed = agreed[number]
    return np.where(agreed.any(axis=1, keepdims=True), agreed, possible)
