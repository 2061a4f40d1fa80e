"""The ensemble's log-odds for every coalition of feature families: rows in which only some families are known.

A family outside the coalition takes the features of a reference that is the same for all rows, so most of the work is
shared: a boosted tree is walked once for each family, not once for each coalition, and the kernel of the support
vectors is a product of one factor for each family.
"""

from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from lightgbm import LGBMClassifier
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.svm import SVC

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.catalogue_model.members import model_logit, svm_logit
from app_tess.scoring.common.log_odds import bounded_logit

BLOCK_ROWS = 512
"""Rows evaluated together, whose intermediate results fit the processor's cache."""

KERNEL_ROWS = 32
"""The same for support vectors, of which there are about a thousand."""

MOST_LEAVES = 16
"""Leaves of a boosted tree that one bit mask holds."""

_FIRST_LEAF = np.array([MOST_LEAVES, *(((n & -n).bit_length() - 1) for n in range(1, 2**MOST_LEAVES))], dtype=np.uint8)
"""Number of the lowest bit set in a mask of leaves."""


def coalition_log_odds(ensemble, matrix, reference, families):
    """Evaluate an ensemble for every coalition of families.

    Parameters
    ----------
    ensemble : PlanetEnsemble
    matrix : ndarray, shape (N, F)
    reference : ndarray, shape (F,)
        Features of a family that is not in the coalition.
    families : list of ndarray of int
        Columns of each of the K families, together all F.

    Returns
    -------
    ndarray, shape (2**K, N)
        Log-odds; family k is in coalition number c if bit k of c is set.
    """
    result = np.empty((2 ** len(families), len(matrix)))
    unlike = np.array([(matrix[:, columns] != reference[columns]).any(axis=1) for columns in families])
    # a family equal to the reference changes nothing, and most stars have one TOI
    for pattern in np.unique(unlike, axis=1).T:
        rows = np.flatnonzero((unlike == pattern[:, None]).all(axis=0))
        changing = np.flatnonzero(pattern)
        number = _numbers(len(families), changing)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = rows[start : start + BLOCK_ROWS]
            values = _ensemble(ensemble, matrix[block], reference, [families[k] for k in changing])
            result[:, block] = values[number]
    return result


def _numbers(count, members):
    """Return, for each coalition of `count` families, its number when only `members` are counted: (2**count,)."""
    coalitions = np.arange(2**count)
    return sum(((coalitions >> k & 1) << place for place, k in enumerate(members)), np.zeros_like(coalitions))


def _ensemble(ensemble, matrix, reference, families):
    hybrids = _hybrids(matrix, reference, families)
    total = np.array([ensemble.intercept_ + ensemble.corrections(rows) @ ensemble.slopes_ for rows in hybrids])
    for name, models in ensemble.models_.items():
        logits = [_model(model, matrix, reference, families) for model in models]
        total += ensemble.weights_[name] * np.mean(logits, axis=0)
    return total


def _hybrids(matrix, reference, families):
    """Yield the rows (N, F) of each coalition."""
    for coalition in range(2 ** len(families)):
        rows = np.tile(reference, (len(matrix), 1))
        for k, columns in enumerate(families):
            if coalition >> k & 1:
                rows[:, columns] = matrix[:, columns]
        yield rows


def _model(model, matrix, reference, families):
    """Log-odds of one model, shape (2**K, N); its first steps transform each column separately, whatever the others."""
    if hasattr(model, "steps"):
        both = model[:-1].transform(np.vstack([matrix, reference]))
        return _model(model[-1], both[:-1], both[-1], families)
    if isinstance(model, SVC):
        starts = range(0, len(matrix), KERNEL_ROWS)
        parts = [_kernel_sums(model, matrix[i : i + KERNEL_ROWS], reference, families) for i in starts]
        return svm_logit(np.concatenate(parts, axis=1))
    if isinstance(model, (LGBMClassifier, HistGradientBoostingClassifier)):
        trees = _boosted_trees(model)
        return np.clip(trees.base + _tree_sums(trees, matrix, reference, families), -LOGIT_BOUND, LOGIT_BOUND)
    rows = np.concatenate(list(_hybrids(matrix, reference, families)))
    logits = _forest_logit(model, rows) if isinstance(model, ExtraTreesClassifier) else model_logit(model, rows)
    return logits.reshape(-1, len(matrix))


def _forest_logit(model, rows):
    """Log-odds of a forest, as its `predict_proba` has them, with the rows converted once and not for every tree."""
    rows = rows.astype(np.float32)
    planet = np.zeros(len(rows))
    for tree in _trees_of_forest(model):
        planet += tree[1].take(tree[0].apply(rows))
    return bounded_logit(planet / len(model.estimators_), LOGIT_BOUND)


@lru_cache(maxsize=16)
def _trees_of_forest(model):
    """Return of each tree its splits and, of each of its nodes, the share of planets."""
    return [(one.tree_, np.ascontiguousarray(one.tree_.value[:, 0, 1])) for one in model.estimators_]


def _kernel_sums(model, matrix, reference, families):
    """Margins of a support vector classifier with a Gaussian kernel, which is the product of one for each family."""
    vectors, gamma = model.support_vectors_, model.gamma
    near = [_gaussian(matrix[:, columns], vectors[:, columns], gamma) for columns in families]
    usual = [_gaussian(reference[None, columns], vectors[:, columns], gamma)[0] for columns in families]
    fixed = np.setdiff1d(np.arange(len(reference)), np.concatenate([*families, []]).astype(int))
    weights = model.dual_coef_[0] * _gaussian(reference[None, fixed], vectors[:, fixed], gamma)[0]
    products = {0: np.ones((len(matrix), 1))}
    sums = []
    for coalition in range(2 ** len(families)):
        if coalition:
            last = coalition.bit_length() - 1
            products[coalition] = products[coalition ^ (1 << last)] * near[last]
        absent = [usual[k] for k in range(len(families)) if not coalition >> k & 1]
        rest = reduce(np.multiply, absent, weights)
        sums.append(products[coalition] @ rest if coalition else np.full(len(matrix), rest.sum()))
    return np.array(sums) + model.intercept_[0]


def _gaussian(rows, vectors, gamma):
    """Gaussian kernel exp(-gamma |x - v|^2) of rows (N, F) and vectors (M, F): shape (N, M)."""
    squares = (rows**2).sum(axis=1)[:, None] + (vectors**2).sum(axis=1) - 2 * rows @ vectors.T
    return np.exp(-gamma * np.maximum(squares, 0.0))


@dataclass(frozen=True, eq=False)
class _Trees:
    """Boosted trees as masks of the leaves that can still be reached."""

    base: float
    thresholds: list[np.ndarray]
    """Of each feature, ascending, over all trees."""
    trees: list[tuple[dict[int, np.ndarray], np.ndarray]]
    """Of each tree: by feature, the mask for each number of thresholds below the value (T + 1,); and the leaves."""


def _tree_sums(trees, matrix, reference, families):
    """Sum the trees for each coalition, shape (2**K, N).

    The leaf reached is the first that no split excludes, so a family's splits are one mask, whatever the others.

    References
    ----------
    QuickScorer: Lucchese et al. 2015, SIGIR, 73.
    """
    rows = np.vstack([matrix, reference])
    codes = [np.searchsorted(edges, rows[:, n]) for n, edges in enumerate(trees.thresholds)]
    family_of = {column: k for k, columns in enumerate(families) for column in columns.tolist()}
    sums: dict[tuple[int, ...], np.ndarray] = {}
    for masks_of, leaves in trees.trees:
        open_leaves: dict[int, np.ndarray] = {}
        always = np.uint16(2**MOST_LEAVES - 1)
        for column, masks in masks_of.items():
            family = family_of.get(column)
            if family is None:
                always &= masks[codes[column][-1]]
            elif family in open_leaves:
                open_leaves[family] &= masks.take(codes[column])
            else:
                open_leaves[family] = masks.take(codes[column])
        used = tuple(sorted(open_leaves))
        reached = np.full((1, len(matrix)), always)
        for family in used:
            own = open_leaves[family]
            reached = np.concatenate([reached & own[-1], reached & own[:-1]])
        values = leaves.take(_FIRST_LEAF.take(reached))
        if used in sums:
            sums[used] += values
        else:
            sums[used] = values
    return np.sum([values[_numbers(len(families), used)] for used, values in sums.items()], axis=0)


@lru_cache(maxsize=16)
def _boosted_trees(model):
    if isinstance(model, LGBMClassifier):
        base, trees = 0.0, _lightgbm_trees(model.booster_.model_to_string())
    else:
        base, trees = (
            float(model._baseline_prediction[0, 0]),
            [_histogram_tree(one.nodes) for [one] in model._predictors],
        )
    splits: list[set[float]] = [set() for _ in range(model.n_features_in_)]
    for features, thresholds, *_ in trees:
        for feature, threshold in zip(features, thresholds, strict=True):
            splits[feature].add(threshold)
    edges = [np.array(sorted(values)) for values in splits]
    return _Trees(base, edges, [_masks(edges, *tree) for tree in trees])


def _lightgbm_trees(text):
    """Return the splits and leaves of each tree from LightGBM's model file."""
    trees = []
    for part in text.split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in part.splitlines() if "=" in line)
        read: dict = {key: np.array(lines.get(key, "").split(), dtype=kind) for key, kind in _LIGHTGBM_KEYS.items()}
        trees.append(tuple(read.values()))
    return trees


_LIGHTGBM_KEYS = {"split_feature": int, "threshold": float, "left_child": int, "right_child": int, "leaf_value": float}


def _histogram_tree(nodes):
    """Return the splits and leaves of a scikit-learn tree as LightGBM writes them: child -1 - n is leaf n."""
    leaf = nodes["is_leaf"].astype(bool)
    number = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    split = nodes[~leaf]
    return (
        split["feature_idx"],
        split["num_threshold"],
        number[split["left"]],
        number[split["right"]],
        nodes["value"][leaf],
    )


def _masks(edges, features, thresholds, left, right, leaves):
    """Return a tree's masks by feature, with its leaves numbered from left to right, and their values in that order."""
    order: list[int] = []
    masks: dict[int, np.ndarray] = {}

    def number(node):
        """Number the leaves below a node, and let its split exclude those on its left."""
        if node < 0:
            order.append(-1 - node)
            return
        first = len(order)
        number(left[node])
        excluded = (1 << len(order)) - (1 << first)
        number(right[node])
        feature = int(features[node])
        own = masks.setdefault(feature, np.full(len(edges[feature]) + 1, 2**MOST_LEAVES - 1, np.uint16))
        own[np.searchsorted(edges[feature], thresholds[node]) + 1 :] &= np.uint16(2**MOST_LEAVES - 1 - excluded)

    number(0 if len(features) else -1)
    if len(order) > MOST_LEAVES:
        raise ValueError(f"a tree of {len(order)} leaves, more than {MOST_LEAVES}")
    return masks, np.asarray(leaves, dtype=float)[order]
