"""Map the rank of each feature to a Gaussian, as scikit-learn's QuantileTransformer does, clipped."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

GAUSSIAN_BOUND = 3.0
"""Gaussianized features are clipped at three sigma: a rank beyond the training range is not extrapolated."""

SMALLEST_SHARE = 1e-7
"""A value is taken for the end of the range within this of it; its share of lower values is limited to this."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """Quantiles (Q, F) of the training rows, and the shares (Q,) of them that are lower."""

    quantiles: np.ndarray
    shares: np.ndarray

    def transform(self, matrix):
        """Return the Gaussian values of finite rows (N, F), same shape."""
        columns = [self._gaussian(matrix[:, n], quantiles) for n, quantiles in enumerate(self.quantiles.T)]
        return np.column_stack(columns)

    def _gaussian(self, values, quantiles):
        # the mean of both directions, since several quantiles may have one value
        upward = np.interp(values, quantiles, self.shares)
        downward = -np.interp(-values, -quantiles[::-1], -self.shares[::-1])
        shares = 0.5 * (upward + downward)
        shares[values + SMALLEST_SHARE > quantiles[-1]] = 1.0
        shares[values - SMALLEST_SHARE < quantiles[0]] = 0.0
        found = map(NormalDist().inv_cdf, np.clip(shares, SMALLEST_SHARE, 1 - SMALLEST_SHARE).tolist())
        return np.clip(np.fromiter(found, float, len(shares)), -GAUSSIAN_BOUND, GAUSSIAN_BOUND)
