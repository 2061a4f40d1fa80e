"""A forest of randomized trees, evaluated for all coalitions of families at once.

At each split a row's own value and the reference's point to children. Where these differ, the coalitions that contain
the split's family go one way and the others the other, so that a tree is walked once for each leaf that some coalition
of a row reaches, and not once for each coalition.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.common.log_odds import bounded_logit

BLOCK_ROWS = 128
"""Rows walked together, whose places in the trees fit the processor's cache."""

STEPS = 3
"""Steps down the trees between two looks at which leaves have been reached."""

EITHER, OWN, REFERENCE = range(3)
"""Which coalitions an item stands for, of each family: all, those with it, those without it."""


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees whose inner nodes are numbered first, then the leaves: (I,) inner nodes and (L,) leaves of T trees."""

    roots: np.ndarray
    """Shape (T,)."""
    features: np.ndarray
    thresholds: np.ndarray
    """32-bit, as the rows are compared with them: x <= threshold goes left."""
    left: np.ndarray
    right: np.ndarray
    shares: np.ndarray
    """Share of planets of each leaf, shape (L,)."""

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`."""
        walk = _Walk(self, reference.astype(np.float32), families)
        starts = range(0, len(matrix), BLOCK_ROWS)
        parts = [walk.sums(matrix[start : start + BLOCK_ROWS].astype(np.float32)) for start in starts]
        return bounded_logit(np.concatenate(parts, axis=1) / len(self.roots), LOGIT_BOUND)


class _Walk:
    """What walking the trees needs to know of a reference and of families; a leaf leads to itself."""

    def __init__(self, forest, reference, families):
        self.forest, count, leaves = forest, len(reference), len(forest.shares)
        goes_left = reference[forest.features] <= forest.thresholds
        ends = np.arange(len(forest.features), len(forest.features) + leaves)
        self.usual = np.concatenate([np.where(goes_left, forest.left, forest.right), ends])
        self.other = np.where(goes_left, forest.right, forest.left)
        # a row differs from the reference where its column is above the edge; where the reference goes right, that
        # is the column with the other sign
        columns = np.where(goes_left, forest.features, forest.features + count)
        self.columns = np.concatenate([columns, np.zeros(leaves, dtype=columns.dtype)])
        edges = np.where(goes_left, forest.thresholds, np.nextafter(-forest.thresholds, np.float32(-np.inf)))
        self.edges = np.concatenate([edges, np.full(leaves, np.inf, dtype=np.float32)])
        family = np.full(count, len(families))
        for k, columns in enumerate(families):
            family[columns] = k
        groups = list(product((EITHER, OWN, REFERENCE), repeat=len(families)))
        self.own, self.rest = _transitions(groups)
        self.family = (family * len(groups))[forest.features]
        coalitions = [[bool(c >> k & 1) for k in range(len(families))] for c in range(2 ** len(families))]
        self.contains = np.array([[_holds(group, one) for one in coalitions] for group in groups], dtype=float)

    def sums(self, rows):
        """Return the sum over all trees for each coalition of N rows (32-bit), shape (2**K, N)."""
        signed, forest = np.hstack([rows, -rows]), self.forest
        flat, width, groups = signed.ravel(), signed.shape[1], len(self.contains)
        node = np.repeat(forest.roots, len(rows))
        row = np.tile(np.arange(len(rows)), len(forest.roots))
        group = np.zeros(len(node), dtype=np.intp)
        total = np.zeros(len(rows) * groups)
        while len(node):
            for _ in range(STEPS):
                node, row, group = self._step(flat, width, node, row, group)
            leaf = node >= len(self.other)
            at, inner = np.flatnonzero(leaf), np.flatnonzero(~leaf)
            shares = forest.shares.take(_at(node, at) - len(self.other))
            total += np.bincount(_at(row, at) * groups + _at(group, at), weights=shares, minlength=len(total))
            node, row, group = _at(node, inner), _at(row, inner), _at(group, inner)
        return (total.reshape(len(rows), groups) @ self.contains).T

    def _step(self, flat, width, node, row, group):
        """Go from each node to a child of it, or to both."""
        differs = np.flatnonzero(_at(flat, row * width + _at(self.columns, node)) > _at(self.edges, node))
        split = _at(node, differs)
        node, own_node = _at(self.usual, node), _at(self.other, split)
        transition = _at(group, differs) + _at(self.family, split)
        own, rest = _at(self.own, transition), _at(self.rest, transition)
        stays = rest >= 0
        leaves = np.flatnonzero(~stays)
        node[_at(differs, leaves)] = _at(own_node, leaves)
        group[differs] = np.where(stays, rest, own)
        more = np.flatnonzero(stays & (own >= 0))
        return (
            np.concatenate([node, _at(own_node, more)]),
            np.concatenate([row, _at(row, _at(differs, more))]),
            np.concatenate([group, _at(own, more)]),
        )


def _at(values, places):
    """Return the values at places, all of which exist: numpy looks them up twice as fast where it need not check."""
    return values.take(places, mode="clip")


def _transitions(groups):
    """Return what becomes of a group of coalitions at a split: those with its family, and the rest; -1 if none.

    Each of shape ((K + 1) * 3**K,): by the split's family, K for a column of no family, and the group's number.
    """
    number = {group: place for place, group in enumerate(groups)}
    own, rest = [], []
    for k in range(len(groups[0])):
        for group in groups:
            own.append(number[*group[:k], OWN, *group[k + 1 :]] if group[k] != REFERENCE else -1)
            rest.append(number[*group[:k], REFERENCE, *group[k + 1 :]] if group[k] != OWN else -1)
    return np.array([*own, *[-1] * len(groups)]), np.array([*rest, *range(len(groups))])


def _holds(group, coalition):
    """Whether a coalition is one of a group."""
    return all(part == EITHER or (part == OWN) == has for part, has in zip(group, coalition, strict=True))


def read_forest(trees):
    """Return a Forest from the arrays of scikit-learn's trees: of each, its nodes and their values (nodes, 1, 2)."""
    first = np.cumsum([0, *(len(nodes) for nodes, _ in trees)])
    nodes = np.concatenate([nodes for nodes, _ in trees])
    shares = np.concatenate([values[:, 0, 1] for _, values in trees])
    start = np.repeat(first[:-1], np.diff(first))
    leaf = nodes["left_child"] < 0
    number = np.where(leaf, np.count_nonzero(~leaf) + np.cumsum(leaf), np.cumsum(~leaf)) - 1
    inner = nodes[~leaf]
    thresholds = inner["threshold"].astype(np.float32)
    # a 32-bit value is compared with a 64-bit threshold: the largest 32-bit number up to it has the same values below
    thresholds = np.where(thresholds > inner["threshold"], np.nextafter(thresholds, np.float32(-np.inf)), thresholds)
    left, right = (number[inner[side] + start[~leaf]] for side in ("left_child", "right_child"))
    return Forest(number[first[:-1]], inner["feature"], thresholds, left, right, shares[leaf])
