"""Compare the score with NASA's ExoMiner, on TOIs dispositioned after the model was trained."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app_tess.astro.ephemeris import SAME_SIGNAL
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.common.metrics import measure, plain
from app_tess.scoring.evaluation.report_schema import ExominerComparison

SMALLEST_CLASS = 10
"""Planets and false positives with a score of ExoMiner, at least, for a comparison."""

COLUMNS = ("TIC ID", "ExoMiner Score", "Orbital Period [day]")


def read_exominer(path):
    """Read ExoMiner's published table as a DataFrame of tic_id, period_d and score.

    Raises
    ------
    TrainingError
        The file is not a CSV table, or lacks a column; the message names the file and the column.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read as a CSV table ({error})") from error
    for column in COLUMNS:
        if column not in table:
            raise TrainingError(f"{path}: has no column '{column}'")
    return pd.DataFrame(
        {
            "tic_id": table["TIC ID"].astype("int64"),
            "period_d": table["Orbital Period [day]"].astype(float),
            "score": table["ExoMiner Score"].astype(float),
        }
    )


def match_scores(rows, exominer):
    """Return ExoMiner's score of each TOI, shape (N,): the highest among events within 1 % of its period, or NaN."""
    events = dict(tuple(exominer.groupby("tic_id")))
    scores = np.full(len(rows), np.nan)
    for position, (star, period) in enumerate(zip(rows["tic_id"], rows["period_d"], strict=True)):
        if star in events and np.isfinite(period):
            near = events[star][np.abs(events[star]["period_d"] / period - 1) <= SAME_SIGNAL]
            if len(near):
                scores[position] = near["score"].max()
    return scores


def compare(rows, outcomes, ours, exominer) -> ExominerComparison:
    """Measure ExoMiner, this model, and both together on the TOIs that both scored.

    "Both" is a logistic regression on the two log-odds, cross-validated by star.

    Parameters
    ----------
    rows : DataFrame
        N TOIs dispositioned after the training date of the model that scored them.
    outcomes, ours : ndarray, shape (N,)
        1 for planets and 0 for others, and the probabilities of this model.
    exominer : DataFrame
        From `read_exominer`.
    """
    theirs = match_scores(rows, exominer)
    known = np.isfinite(theirs)
    labels = outcomes[known]
    base_rate = plain(labels.mean()) if known.any() else None
    if min((labels == 1).sum(), (labels == 0).sum()) < SMALLEST_CLASS:
        return ExominerComparison(len(rows), len(labels), base_rate)
    stars, ours, theirs = rows["tic_id"].to_numpy()[known], ours[known], theirs[known]
    pairs = np.column_stack([bounded_logit(scores, LOGIT_BOUND) for scores in (ours, theirs)])
    both = np.full(len(labels), np.nan)
    for seen, held_out in GroupKFold(5).split(pairs, labels, stars):
        both[held_out] = LogisticRegression(C=1.0).fit(pairs[seen], labels[seen]).predict_proba(pairs[held_out])[:, 1]
    return ExominerComparison(
        n_evaluated=len(rows),
        n=len(labels),
        base_rate=base_rate,
        exominer=measure(labels, theirs, stars),
        ours=measure(labels, ours, stars),
        both=measure(labels, both, stars),
    )
