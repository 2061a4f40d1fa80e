"""Boosted trees, evaluated for all coalitions of families at once: each tree is walked once for each family."""

from dataclasses import dataclass

import numpy as np

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.catalogue_model.coalitions import numbers

MOST_LEAVES = 16
"""Leaves of a boosted tree that one bit mask holds."""

MOST_TABULATED = 12
"""Leaves of a tree of which each mask has its value in a table, which fits the processor's cache."""

_FIRST_LEAF = np.array([MOST_LEAVES, *(((n & -n).bit_length() - 1) for n in range(1, 2**MOST_LEAVES))], dtype=np.uint8)
"""Number of the lowest bit set in a mask of leaves."""


@dataclass(frozen=True, eq=False)
class BoostedTrees:
    """Boosted trees as masks of the leaves that can still be reached."""

    base: float
    thresholds: list[np.ndarray]
    """Of each feature, ascending, over all trees."""
    trees: list[tuple[dict[int, np.ndarray], np.ndarray]]
    """Of each tree: by feature, the mask for each number of thresholds below the value (T + 1,); and the leaves."""

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`.

        The leaf reached is the first that no split excludes, so a family's splits are one mask, whatever the others.

        References
        ----------
        QuickScorer: Lucchese et al. 2015, SIGIR, 73.
        """
        rows = np.vstack([matrix, reference])
        codes = [np.searchsorted(edges, rows[:, n]) for n, edges in enumerate(self.thresholds)]
        family_of = {column: k for k, columns in enumerate(families) for column in columns.tolist()}
        sums: dict[tuple[int, ...], np.ndarray] = {}
        for masks_of, leaves in self.trees:
            open_leaves: dict[int, np.ndarray] = {}
            always = np.uint16(2**MOST_LEAVES - 1 if len(leaves) > MOST_TABULATED else 2 ** len(leaves) - 1)
            for column, masks in masks_of.items():
                family = family_of.get(column)
                if family is None:
                    always &= masks[codes[column][-1]]
                elif family in open_leaves:
                    open_leaves[family] &= masks.take(codes[column], mode="clip")
                else:
                    open_leaves[family] = masks.take(codes[column], mode="clip")
            used = tuple(sorted(open_leaves))
            values = _values(_reached(always, [open_leaves[family] for family in used], len(matrix)), leaves)
            if used in sums:
                sums[used] += values
            else:
                sums[used] = values
        total = np.full((2 ** len(families), len(matrix)), self.base)
        for used, values in sums.items():
            total += values[numbers(len(families), used)]
        return np.clip(total, -LOGIT_BOUND, LOGIT_BOUND)


def _reached(always, open_leaves, count):
    """Return the leaves that each coalition of the used families leaves open, shape (2**used, N)."""
    reached = np.empty((2 ** len(open_leaves), count), np.uint16)
    reached[0], size = always, 1
    for own in open_leaves:
        np.bitwise_and(reached[:size], own[:-1], out=reached[size : 2 * size])
        reached[:size] &= own[-1]
        size *= 2
    return reached


def _values(reached, leaves):
    """Return the value of the first open leaf."""
    if len(leaves) > MOST_TABULATED:
        return leaves.take(_FIRST_LEAF.take(reached, mode="clip"), mode="clip")
    return leaves.take(_FIRST_LEAF[: 2 ** len(leaves)], mode="clip").take(reached, mode="clip")


def lightgbm_trees(text):
    """Read a binary classifier's trees from LightGBM's model file, as text."""
    trees = []
    for part in text.split("\nTree=")[1:]:
        lines = dict(line.split("=", 1) for line in part.splitlines() if "=" in line)
        read: dict = {key: np.array(lines.get(key, "").split(), dtype=kind) for key, kind in _LIGHTGBM_KEYS.items()}
        trees.append(tuple(read.values()))
    return trees


_LIGHTGBM_KEYS = {"split_feature": int, "threshold": float, "left_child": int, "right_child": int, "leaf_value": float}


def histogram_tree(nodes):
    """Read a tree from scikit-learn's array of its nodes; as in LightGBM's file, child -1 - n is leaf n."""
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


def masked(base, trees, feature_count):
    """Return trees, as the functions above read them, ready to be evaluated; `base` is added to their sum.

    Raises
    ------
    ValueError
        A tree has more leaves than MOST_LEAVES.
    """
    splits: list[set[float]] = [set() for _ in range(feature_count)]
    for features, thresholds, *_ in trees:
        for feature, threshold in zip(features.tolist(), thresholds.tolist(), strict=True):
            splits[feature].add(threshold)
    edges = [sorted(values) for values in splits]
    places = [{edge: place for place, edge in enumerate(values)} for values in edges]
    return BoostedTrees(base, [np.array(values) for values in edges], [_masks(places, *tree) for tree in trees])


def _masks(places, features, thresholds, left, right, leaves):
    """Return a tree's masks by feature, with its leaves numbered from left to right, and their values in that order."""
    order: list[int] = []
    masks: dict[int, np.ndarray] = {}
    features, thresholds, left, right = (one.tolist() for one in (features, thresholds, left, right))

    def number(node):
        """Number the leaves below a node, and let its split exclude those on its left."""
        if node < 0:
            order.append(-1 - node)
            return
        first = len(order)
        number(left[node])
        excluded = (1 << len(order)) - (1 << first)
        number(right[node])
        feature, every = features[node], 2**MOST_LEAVES - 1
        if feature not in masks:
            masks[feature] = np.full(len(places[feature]) + 1, every, np.uint16)
        masks[feature][places[feature][thresholds[node]] + 1 :] &= np.uint16(every & ~excluded)

    number(0 if features else -1)
    if len(order) > MOST_LEAVES:
        raise ValueError(f"a tree of {len(order)} leaves, more than {MOST_LEAVES}")
    return masks, np.asarray(leaves, dtype=float)[order]
