"""Fold an evenly sampled series on all periods between p and p + 1 samples at once.

Neighboring periods share almost all of their sums. Row j of a stage is the sum of row j // 2 of its first half and of
row j // 2 of its second half, shifted by (j + 1) // 2 samples, so that M cycles are folded on M periods with
M log2(M) instead of M^2 additions of cycles.

References
----------
Staelin 1969, Proc. IEEE 57, 724. Shahaf et al. 2022, MNRAS 513, 2732 (for transits).
"""

import numpy as np
import numpy.typing as npt

FoldArray = npt.NDArray[np.float32]


def fast_fold(series: FoldArray, period: int) -> FoldArray:
    """Return the sums of series folded on M periods from `period` to `period` + 1 samples.

    Parameters
    ----------
    series : ndarray, shape (K, N)
        Evenly sampled; unobserved samples are 0.
    period : int
        Shortest period [samples], at most N.

    Returns
    -------
    ndarray, shape (K, M, period)
        Row j is the fold on period + j / (M - 1) samples, in phase with the first cycle; M is the power of two that
        is not less than N / period.
    """
    kinds, length = series.shape
    cycles = 1 << max(int(np.ceil(np.log2(length / period))), 0)
    folded = np.zeros((kinds, cycles, 1, period), dtype=np.float32)
    folded.reshape(kinds, cycles * period)[:, :length] = series
    while folded.shape[1] > 1:
        folded = _join_pairs(folded)
    return folded[:, 0]


def _join_pairs(folded: FoldArray) -> FoldArray:
    """Return the folds of pairs of neighboring groups: shape (K, G, R, P) -> (K, G / 2, 2 R, P)."""
    kinds, groups, rows, period = folded.shape
    first, second = folded[:, 0::2], folded[:, 1::2]
    twice = np.concatenate([second, second], axis=-1)
    joined = np.empty((kinds, groups // 2, 2 * rows, period), dtype=np.float32)
    for start in range(0, rows, period):  # within a block, row i is shifted by i samples: a view with a longer stride
        block = slice(start, min(start + period, rows))
        count = block.stop - start
        for late in (0, 1):
            shifted = _sheared(twice[:, :, block, late:], count, period)
            np.add(first[:, :, block], shifted, out=joined[:, :, 2 * start + late : 2 * block.stop : 2])
    return joined


def _sheared(twice: FoldArray, count: int, period: int) -> FoldArray:
    """Return a view in which row i begins at column i."""
    kinds, groups = twice.shape[:2]
    kind, group, row, column = twice.strides
    return np.lib.stride_tricks.as_strided(
        twice, (kinds, groups, count, period), (kind, group, row + column, column), writeable=False
    )
