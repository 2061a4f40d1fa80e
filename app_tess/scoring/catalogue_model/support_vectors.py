"""Support vectors with a Gaussian kernel, which is a product of one factor for each family of features."""

from dataclasses import dataclass

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
        fixed = np.setdiff1d(np.arange(len(reference)), np.concatenate([*families, []]).astype(int))
        weights = self.weights * self._kernel(fixed)(reference[None])[0]
        kernels = [self._kernel(columns) for columns in families]
        usual = [kernel(reference[None])[0] for kernel in kernels]
        sums = np.empty((2 ** len(families), len(matrix)))
        for start in range(0, len(matrix), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            _write_sums([kernel(matrix[block]) for kernel in kernels], usual, weights, sums[:, block])
        return svm_logit(sums + self.intercept)

    def _kernel(self, columns):
        """Return the Gaussian kernel exp(-gamma |x - v|^2) of some columns: from rows (N, F) to (N, M)."""
        vectors, gamma = self.vectors[:, columns].T, self.gamma
        # all of the exponent in one product of matrices: 2 x v, - |x|^2 and - |v|^2
        factors = gamma * np.vstack([2 * vectors, -np.ones(len(self.vectors)), -(vectors**2).sum(axis=0)])

        def kernel(rows):
            rows = rows[:, columns]
            exponent = np.column_stack([rows, (rows**2).sum(axis=1), np.ones(len(rows))]) @ factors
            return np.exp(exponent, out=exponent)

        return kernel


def _write_sums(near, usual, weights, sums, product=None):
    """Write the sum over the vectors for each coalition, in which each family is either near or as usual.

    The families are taken one after another, the last one first, so that few products are held at a time.
    """
    if not near:
        sums[0] = weights.sum() if product is None else product @ weights
        return
    *near, last = near
    *usual, last_usual = usual
    half = len(sums) // 2
    _write_sums(near, usual, weights * last_usual, sums[:half], product)
    _write_sums(near, usual, weights, sums[half:], last if product is None else product * last)
