"""What a star's other events say about one of them: a small logistic step after the network.

A star with several planet-like events is more likely to hold planets (Lissauer et al. 2012, ApJ 750, 112), and one event's score
is better known where the same star shows it again. The step sees the network's own log-odds, how many events the star has, and
the best and the mean of the others. It is fitted on held-out scores, so it learns how far the network may be believed.
"""
import numpy as np

from app_tess.scoring.light_curve_network.folds import FOLDS, fold_of_star

MOST = 6.0
"""Log-odds beyond this are cut: the others are then as sure as they can be."""


def log_odds(probability):
    """Log-odds of probabilities, finite for 0 and 1 too."""
    probability = np.clip(probability, 1e-7, 1 - 1e-7)
    return np.log(probability / (1 - probability))


def _others(odds, star):
    """Best and mean log-odds of each event's siblings; 0 where it has none. `star` counts from 0."""
    best, mean = np.zeros(len(odds)), np.zeros(len(odds))
    order = np.argsort(star, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(star[order])) + 1):
        if len(members) < 2:
            continue
        values = odds[members]
        top = np.argsort(values)[::-1]
        best[members] = values[top[0]]
        best[members[top[0]]] = values[top[1]]
        mean[members] = (values.sum() - values) / (len(values) - 1)
    return np.clip(best, -MOST, MOST), np.clip(mean, -MOST, MOST)


def context_features(probability, star_id):
    """(N, 11) features of N events from the network's probabilities (N,) and their stars' ids (N,)."""
    odds = log_odds(probability)
    star, count = np.unique(star_id, return_inverse=True, return_counts=True)[1:]
    many = count[star]
    alone = many == 1
    best, mean = _others(odds, star)
    best_p, mean_p, own_p = (1 / (1 + np.exp(-x)) for x in (best, mean, odds))
    return np.column_stack([
        odds, odds * alone, alone, many == 2, many == 3, many >= 4,
        np.where(alone, 0, best), np.where(alone, 0, mean), np.where(alone, 0, best_p), np.where(alone, 0, mean_p),
        np.where(alone, 0, best_p * own_p)]).astype(float)


def fit_context(probability, answers, star_id):
    """Coefficients of the step, all data and without each fold: {"all": [...], "without_fold": [[...], ...]}, intercept first."""
    features, fold = context_features(probability, star_id), fold_of_star(star_id)

    def solve(rows):
        from sklearn.linear_model import LogisticRegression
        model = LogisticRegression(C=1.0, max_iter=5000).fit(features[rows], answers[rows])
        return [float(model.intercept_[0]), *map(float, model.coef_[0])]

    return {"all": solve(np.ones(len(fold), bool)), "without_fold": [solve(fold != k) for k in range(FOLDS)]}


def apply_context(coefficients, probability, star_id, seen):
    """Probabilities (N,) after the step; a star that was `seen` in training gets the coefficients fitted without its fold."""
    features = np.column_stack([np.ones(len(probability)), context_features(probability, star_id)])
    fold = np.where(seen, fold_of_star(star_id), FOLDS)
    table = np.array([*coefficients["without_fold"], coefficients["all"]])
    return 1 / (1 + np.exp(-np.clip((features * table[fold]).sum(axis=1), -60, 60)))
