"""Calibrated class probabilities: a multinomial logistic regression on the network's held-out probabilities.

It has two forms. The first takes the network's probabilities of an object alone; the second also takes the other events
of its star and of neighboring stars into account (event_context), in a file of events or where the database knows them.
The two instruments' events have different mixtures of classes, so each has its own coefficients: a secondary view is
known for 2-minute data only.
"""

import numpy as np
from scipy.special import softmax

from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.light_curve_model.event_context import (
    LOGIT_BOUND,
    context_features,
    repeats_and_deeper_neighbors,
)
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.network_manifest import ClassCoefficients
from app_tess.scoring.light_curve_model.views_file import CLASSES

SMALLEST = 1e-5
"""Network probabilities are taken to be at least this."""

PENALTY = 1.0
"""Inverse strength of the penalty on the coefficients, sklearn's C."""


def own_features(probability, has_secondary):
    """Return the (N, 11) features of events by themselves.

    Parameters
    ----------
    probability : ndarray, shape (N, 5)
        The network's, in the order of CLASSES.
    has_secondary : ndarray of bool, shape (N,)
    """
    logs = np.log(np.clip(probability, SMALLEST, 1))
    known = np.asarray(has_secondary, dtype=float)[:, None]
    return np.concatenate([logs, logs * known, known], axis=1)


def context_class_features(probability, has_secondary, star_id, repeated, deeper_elsewhere):
    """Return the (N, 37) features of events together: their own, and those of their neighbors and siblings.

    Parameters
    ----------
    probability, has_secondary
        As for `own_features`.
    star_id, repeated, deeper_elsewhere
        As for `event_context.context_features`.
    """
    planet = bounded_logit(probability[:, 0], LOGIT_BOUND)
    transit = bounded_logit(probability[:, :2].sum(axis=1), LOGIT_BOUND)
    others = _mean_of_others(probability, star_id)
    # the first two columns of the context are the event's own score, which is there already
    return np.concatenate(
        [
            own_features(probability, has_secondary),
            context_features(planet, star_id, repeated, deeper_elsewhere)[:, 2:],
            context_features(transit, star_id, repeated, deeper_elsewhere)[:, 6:11],
            others,
            others * np.asarray(has_secondary, dtype=float)[:, None],
        ],
        axis=1,
    )


def _mean_of_others(probability, star_id):
    """The mean probabilities (N, 5) of the other events on each event's star, 0 where there are none.

    A variable star is often found at several periods, none of which is planet-like.
    """
    star, count = np.unique(star_id, return_inverse=True, return_counts=True)[1:]
    total = np.zeros((len(count), probability.shape[1]))
    np.add.at(total, star, probability)
    return (total[star] - probability) / np.maximum(count[star] - 1, 1)[:, None] * (count[star] > 1)[:, None]


def file_features(probability, views):
    """Return the features of all events in a ViewsFile."""
    has_secondary = np.isfinite(views.secondary_or_nan).all(axis=1)
    return context_class_features(probability, has_secondary, views.star_id, *repeats_and_deeper_neighbors(views))


def fit_classes(features, class_index, star_id, weight) -> ClassCoefficients:
    """Fit the regression on all events and without each fold.

    Parameters
    ----------
    features : ndarray, shape (N, F)
    class_index : ndarray of int, shape (N,)
        Position in CLASSES.
    star_id : ndarray of int, shape (N,)
    weight : ndarray, shape (N,)
    """
    from sklearn.linear_model import LogisticRegression

    fold = fold_of_star(star_id)

    def solve(rows):
        table = np.full((len(CLASSES), features.shape[1] + 1), 0.0)
        table[:, 0] = -LOGIT_BOUND  # a class that does not occur
        center, scale = features[rows].mean(axis=0), features[rows].std(axis=0) + 1e-3  # scaled, it converges soon
        scaled = (features[rows] - center) / scale
        model = LogisticRegression(C=PENALTY, max_iter=500, tol=1e-3).fit(scaled, class_index[rows], weight[rows])
        slopes = model.coef_ / scale
        found = np.column_stack([model.intercept_ - slopes @ center, slopes])
        if len(model.classes_) == 2:
            found = np.concatenate([np.zeros_like(found), found])
        table[model.classes_] = found
        return np.round(table, 6).tolist()

    every = np.ones(len(fold), bool)
    return ClassCoefficients(all=solve(every), without_fold=[solve(fold != k) for k in range(FOLDS)])


def apply_classes(coefficients, features, fold=None):
    """Return calibrated probabilities (N, 5) in the order of CLASSES.

    Parameters
    ----------
    coefficients : ClassCoefficients
    features : ndarray, shape (N, F)
    fold : ndarray of int, shape (N,), optional
        Use the coefficients fitted without this fold; FOLDS, the default, means those fitted to all events.
    """
    table = np.array([*coefficients.without_fold, coefficients.all])
    chosen = table[np.full(len(features), FOLDS) if fold is None else fold]
    return softmax(chosen[:, :, 0] + np.einsum("nkf,nf->nk", chosen[:, :, 1:], features), axis=1)
