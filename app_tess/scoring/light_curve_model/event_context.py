"""A logistic regression after the network, which takes the other events in a file into account.

A star with several planet-like events is more likely to host planets (Lissauer et al. 2012, ApJ 750, 112), and an
event's score is better constrained where the star shows it again, for example in the next sector. A dip that is deeper
on a neighboring star at the same times originates there (Coughlin et al. 2014, AJ 147, 119). The regression is fitted
to held-out scores, so it also calibrates the network.
"""

import numpy as np
from scipy.special import expit, logit

from app_tess.astro.ephemeris_match import EQUAL_DEPTH, in_step
from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.network_manifest import ContextCoefficients

LOGIT_BOUND = float(logit(1 - 1e-7))
"""Largest log-odds of an event's own score."""

MOST = 6.0
"""Log-odds of the other events are clipped at this magnitude."""

NEIGHBOR_DEG = 0.05
"""Stars closer than this [deg], 9 TESS pixels, are neighbors: the light of one may reach the aperture of the other."""

NEIGHBOR_IDS = 1000
"""Without positions, stars whose catalogue numbers differ by less are compared as neighbors: the TIC numbers its stars
field by field, and two of them with matching ephemerides are unlikely to be a coincidence."""


def log_odds(probability):
    """Return log-odds of probabilities, bounded at those of 1e-7 and 1 - 1e-7."""
    return bounded_logit(probability, LOGIT_BOUND)


def _others(odds, star):
    """Best and mean log-odds of the other events on each event's star, 0 where there are none; `star` counts from 0."""
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


def _pairs_by_number(star_id):
    """Row numbers (P, 2) of the pairs of events on one star, or on stars with neighboring catalogue numbers."""
    order = np.argsort(star_id, kind="stable")
    sorted_ids = star_id[order]
    pairs = [np.zeros((0, 2), dtype=int)]
    for step in range(1, len(order)):
        near = sorted_ids[step:] - sorted_ids[:-step] < NEIGHBOR_IDS
        if not near.any():
            break
        pairs.append(np.column_stack([order[:-step][near], order[step:][near]]))
    return np.concatenate(pairs)


def _pairs_by_position(position_deg):
    """Row numbers (P, 2) of the pairs of events whose stars are closer than NEIGHBOR_DEG."""
    from scipy.spatial import cKDTree

    ra, dec = np.radians(position_deg.T)
    vectors = np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    return cKDTree(vectors).query_pairs(2 * np.sin(np.radians(NEIGHBOR_DEG) / 2), output_type="ndarray")


def _nearby_pairs(views):
    """(event, other) row numbers of all ordered pairs on one star or on neighboring stars."""
    located = np.zeros(len(views), bool)
    if views.position_deg is not None:
        located = np.isfinite(views.position_deg).all(axis=1)
    pairs = _pairs_by_number(views.star_id)
    same_star = views.star_id[pairs[:, 0]] == views.star_id[pairs[:, 1]]
    found = [pairs[same_star | ~located[pairs].all(axis=1)]]
    if located.any():
        rows = np.flatnonzero(located)
        by_position = rows[_pairs_by_position(views.position_deg[rows])]
        found.append(by_position[views.star_id[by_position[:, 0]] != views.star_id[by_position[:, 1]]])
    pairs = np.concatenate(found)
    return np.concatenate([pairs, pairs[:, ::-1]])


def repeats_and_deeper_neighbors(views):
    """Find events that match another event in period and epoch.

    Returns
    -------
    repeated : ndarray of bool, shape (N,)
        The same star has a matching event of equal depth.
    deeper_elsewhere : ndarray of bool, shape (N,)
        A neighboring star has a deeper matching event. Both are False where ephemerides or depths are unknown.
    """
    period, duration, depth = (views.scalar(name) for name in ("period_d", "duration_d", "depth_ppm"))
    event, other = _nearby_pairs(views).T
    found = in_step(period[event], views.epoch_btjd[event], duration[event], period[other], views.epoch_btjd[other])
    event, other = event[found], other[found]
    same_star, ratio = views.star_id[event] == views.star_id[other], depth[other] / depth[event]
    repeated, deeper_elsewhere = np.zeros(len(views), bool), np.zeros(len(views), bool)
    repeated[event[same_star & (ratio < EQUAL_DEPTH) & (ratio > 1 / EQUAL_DEPTH)]] = True
    deeper_elsewhere[event[~same_star & (ratio > EQUAL_DEPTH)]] = True
    return repeated, deeper_elsewhere


def context_features(odds, star_id, repeated, deeper_elsewhere):
    """Return the (N, 13) features of N events.

    Parameters
    ----------
    odds : ndarray, shape (N,)
        The network's log-odds.
    star_id : ndarray of int, shape (N,)
    repeated, deeper_elsewhere : ndarray of bool, shape (N,)
        As `repeats_and_deeper_neighbors` returns them.
    """
    star, count = np.unique(star_id, return_inverse=True, return_counts=True)[1:]
    many = count[star]
    alone = many == 1
    best, mean = _others(odds, star)
    best_p, mean_p, own_p = (expit(x) for x in (best, mean, odds))
    return np.column_stack(
        [
            odds,
            odds * alone,
            alone,
            many == 2,
            many == 3,
            many >= 4,
            np.where(alone, 0, best),
            np.where(alone, 0, mean),
            np.where(alone, 0, best_p),
            np.where(alone, 0, mean_p),
            np.where(alone, 0, best_p * own_p),
            repeated,
            deeper_elsewhere,
        ]
    ).astype(float)


def _features_in_file(odds, views):
    return context_features(odds, views.star_id, *repeats_and_deeper_neighbors(views))


def _levels(odds, fold, base_rate):
    """Offsets that give the most probable events of each fold, as many as the base rate implies, equal mean log-odds.

    Each fold is scored by its own members, whose scales differ randomly between trainings. No label of the fold is
    used.
    """
    tops = [np.sort(odds[fold == k])[-max(round(base_rate * (fold == k).sum()), 1) :] for k in range(FOLDS)]
    means = np.array([top.mean() if top.size else np.nan for top in tops])
    return np.nan_to_num(np.nanmean(means) - means)


def fit_context(files):
    """Fit the regression to held-out scores.

    Parameters
    ----------
    files : list of tuple
        For each ViewsFile of N events, the last element: three arrays (N,) with the held-out probabilities, the answers
        (bool), and for which events they are known (bool).

    Returns
    -------
    ContextCoefficients
    """
    from sklearn.linear_model import LogisticRegression

    probability, answers, asked = (np.concatenate([file[i] for file in files]) for i in range(3))
    fold = np.concatenate([fold_of_star(file[3].star_id) for file in files])
    levels = _levels(log_odds(probability), fold, answers[asked].mean())
    features = np.concatenate(
        [_features_in_file(log_odds(file[0]) + levels[fold_of_star(file[3].star_id)], file[3]) for file in files]
    )

    def solve(rows):
        model = LogisticRegression(C=1.0, max_iter=5000).fit(features[rows], answers[rows])
        return [float(model.intercept_[0]), *map(float, model.coef_[0])]

    return ContextCoefficients(
        levels=levels.tolist(),
        all=solve(asked),
        without_fold=[solve(asked & (fold != k)) for k in range(FOLDS)],
    )


def apply_context(coefficients, probability, views, seen):
    """Return the probabilities (N,) after the regression.

    A star that was `seen` in training gets its fold's offset, and the coefficients fitted without that fold.
    """
    fold = np.where(seen, fold_of_star(views.star_id), FOLDS)
    odds = log_odds(probability) + np.array([*coefficients.levels, 0.0])[fold]
    features = np.column_stack([np.ones(len(odds)), _features_in_file(odds, views)])
    table = np.array([*coefficients.without_fold, coefficients.all])
    return expit((features * table[fold]).sum(axis=1))
