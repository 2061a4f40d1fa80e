"""Support vectors with a Gaussian kernel, which is a product of one factor for each family of features."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND

BLOCK_ROWS = 32
"""Rows evaluated together: with some thousand support vectors they fit the processor's cache."""


def svm_logit(margins):
    """Scale margins of support vectors, which are no probabilities: the fitted weight makes them log-odds."""
    return np.clip(2.0 * margins, -LOGIT_BOUND, LOGIT_BOUND)


@dataclass(frozen=True, eq=False)
class SupportVectors:
    """A trained classifier: M vectors of F columns."""

    vectors: np.ndarray
    """Shape (M, F)."""
    weights: np.ndarray
    """Shape (M,)."""
    intercept: float
    gamma: float

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`."""
        starts = range(0, len(matrix), BLOCK_ROWS)
        parts = [self._sums(matrix[start : start + BLOCK_ROWS], reference, families) for start in starts]
        return svm_logit(np.concatenate(parts, axis=1))

    def _sums(self, matrix, reference, families):
        near = [self._kernel(matrix, columns) for columns in families]
        usual = [self._kernel(reference[None], columns)[0] for columns in families]
        fixed = np.setdiff1d(np.arange(len(reference)), np.concatenate([*families, []]).astype(int))
        weights = self.weights * self._kernel(reference[None], fixed)[0]
        products = {0: np.ones((len(matrix), 1))}
        sums = []
        for coalition in range(2 ** len(families)):
            if coalition:
                last = coalition.bit_length() - 1
                products[coalition] = products[coalition ^ (1 << last)] * near[last]
            absent = [usual[k] for k in range(len(families)) if not coalition >> k & 1]
            rest = reduce(np.multiply, absent, weights)
            sums.append(products[coalition] @ rest if coalition else np.full(len(matrix), rest.sum()))
        return np.array(sums) + self.intercept

    def _kernel(self, rows, columns):
        """Gaussian kernel exp(-gamma |x - v|^2) of some columns of rows (N, F): shape (N, M)."""
        rows, vectors = rows[:, columns], self.vectors[:, columns]
        squares = (rows**2).sum(axis=1)[:, None] + (vectors**2).sum(axis=1) - 2 * rows @ vectors.T
        return np.exp(-self.gamma * np.maximum(squares, 0.0))
