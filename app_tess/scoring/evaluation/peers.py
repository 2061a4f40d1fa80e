"""Side by side with NASA's ExoMiner, on TOIs settled after our training date."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app_tess.astro.ephemeris import SAME_SIGNAL
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.common.metrics import measure, plain

HEAD_START = (
    "ExoMiner was itself taught by dispositions of TOIs; its publication is later than most verdicts here, so it may have "
    "learned from them. Ours were frozen before each verdict."
)

CENSORING = (
    "ExoMiner published only scores above 0.1, so that TOIs it thinks least of are absent here: the "
    "figures hold for the TOIs that it kept, and say nothing of how it ranks the others."
)

COLUMNS = ("TIC ID", "ExoMiner Score", "Orbital Period [day]")


def read_exominer(path):
    """ExoMiner's published table: tic_id, period_d, score; TrainingError names the file and the column."""
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
    """ExoMiner's score of each TOI row, shape (N,): the highest of the star's events within 1 % of its period, or NaN."""
    events = dict(tuple(exominer.groupby("tic_id")))
    scores = np.full(len(rows), np.nan)
    for position, (star, period) in enumerate(zip(rows["tic_id"], rows["period_d"])):
        if star in events and np.isfinite(period):
            near = events[star][np.abs(events[star]["period_d"] / period - 1) <= SAME_SIGNAL]
            if len(near):
                scores[position] = near["score"].max()
    return scores


def compare(rows, verdicts, ours, exominer):
    """The same metrics for ExoMiner, for us, and for both together, on the TOIs that both scored.

    `rows`, `verdicts`, `ours`: judged TOIs (N,), settled after the training date of the model that gave the score. 'Both' is a logistic regression on
    the two log-odds, judged star by star on folds that it has not seen.
    """
    theirs = match_scores(rows, exominer)
    known = np.isfinite(theirs)
    result = {
        "n_judged": len(rows),
        "n": int(known.sum()),
        "censoring": CENSORING,
        "head_start": HEAD_START,
        "base_rate": plain(verdicts[known].mean()) if known.any() else None,
    }
    if min((verdicts[known] == 1).sum(), (verdicts[known] == 0).sum()) < 10:
        return result
    stars, verdicts, ours, theirs = rows["tic_id"].to_numpy()[known], verdicts[known], ours[known], theirs[known]
    pairs = np.column_stack([bounded_logit(scores, LOGIT_BOUND) for scores in (ours, theirs)])
    both = np.full(len(verdicts), np.nan)
    for seen, held_out in GroupKFold(5).split(pairs, verdicts, stars):
        both[held_out] = LogisticRegression(C=1.0).fit(pairs[seen], verdicts[seen]).predict_proba(pairs[held_out])[:, 1]
    return result | {
        "exominer": measure(verdicts, theirs, stars),
        "ours": measure(verdicts, ours, stars),
        "both": measure(verdicts, both, stars),
    }
