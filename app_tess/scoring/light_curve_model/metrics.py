"""How well scores part two classes, each figure with a 95 % interval from resampling stars."""

import numpy as np

RESAMPLES = 400
PRECISIONS = (90, 95, 99)


def _curve(answers, weights, last_of_tie):
    """Cumulative true and false positives at each distinct score, highest first."""
    true = np.cumsum(weights * answers)[last_of_tie]
    false = np.cumsum(weights * (1 - answers))[last_of_tie]
    return true, false


def _figures(answers, predicted, weights, last_of_tie):
    """All figures for one weighting; None where a class is missing. Rows are sorted by score, highest first."""
    true, false = _curve(answers, weights, last_of_tie)
    positives, negatives = true[-1], false[-1]
    if positives == 0 or negatives == 0:
        return None
    precision = np.divide(true, true + false, out=np.zeros_like(true), where=(true + false) > 0)
    recall = true / positives
    steps = np.diff(true, prepend=0)
    area = (np.diff(false, prepend=0) * (true - steps / 2)).sum() / (positives * negatives)
    figures = {
        "auc": area,
        "ap": (np.diff(recall, prepend=0) * precision).sum(),
        "accuracy": (weights * (predicted == answers)).sum() / weights.sum(),
    }
    for percent in PRECISIONS:
        good = precision >= percent / 100
        figures[f"recall_at_precision_{percent}"] = recall[good].max() if good.any() else 0.0
    return figures


def describe(answers, scores, groups, resamples=RESAMPLES, seed=0):
    """n, base_rate, and each figure as {value, low, high}.

    Parameters
    ----------
    answers : ndarray of bool, shape (N,)
    scores : ndarray, shape (N,)
        Probabilities; accuracy is taken at 0.5.
    groups : ndarray, shape (N,)
        Star ids: resampling draws whole stars, since events of one star are not independent.

    Returns
    -------
    dict
        Figures are None where only one class is present: neither can be told from the other.
    """
    answers = np.asarray(answers, dtype=float)
    order = np.argsort(-scores, kind="stable")
    answers, scores = answers[order], np.asarray(scores)[order]
    star = np.unique(groups, return_inverse=True)[1][order]
    predicted = (scores >= 0.5).astype(float)
    last_of_tie = np.flatnonzero(np.append(np.diff(scores) != 0, True))
    value = _figures(answers, predicted, np.ones(len(answers)), last_of_tie)
    result = {"n": len(answers), "base_rate": float(answers.mean()) if len(answers) else None}
    if value is None:
        names = ["auc", "ap", "accuracy", *(f"recall_at_precision_{p}" for p in PRECISIONS)]
        return {**result, **{name: {"value": None, "low": None, "high": None} for name in names}}
    rng, stars = np.random.default_rng(seed), star.max() + 1
    drawn = []
    for _ in range(resamples):
        weights = np.bincount(rng.integers(0, stars, stars), minlength=stars)[star].astype(float)
        figures = _figures(answers, predicted, weights, last_of_tie)
        if figures:
            drawn.append(figures)
    for name, number in value.items():
        low, high = np.percentile([figures[name] for figures in drawn], [2.5, 97.5]) if drawn else (number, number)
        result[name] = {"value": float(number), "low": float(low), "high": float(high)}
    return result
