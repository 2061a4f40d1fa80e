"""A model's log-odds for every coalition of feature families: rows in which only some families are known.

A family outside the coalition takes the features of a reference that is the same for all rows, so most of the work is
shared: a boosted tree is walked once for each family, not once for each coalition, and the kernel of the support
vectors is a product of one factor for each family.
"""

import numpy as np

BLOCK_ROWS = 2048
"""Rows evaluated together: with fewer most of the time is spent between numpy's functions."""


def coalition_log_odds(model, matrix, reference, families):
    """Evaluate a model for every coalition of families.

    Parameters
    ----------
    model : object
        With a method `log_odds(matrix, reference, families)` that does the same for rows of one pattern.
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
        number = numbers(len(families), changing)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = rows[start : start + BLOCK_ROWS]
            values = model.log_odds(matrix[block], reference, [families[k] for k in changing])
            result[:, block] = values[number]
    return result


def numbers(count, members):
    """Return, for each coalition of `count` families, its number when only `members` are counted: (2**count,)."""
    coalitions = np.arange(2**count)
    return sum(((coalitions >> k & 1) << place for place, k in enumerate(members)), np.zeros_like(coalitions))


def hybrids(matrix, reference, families):
    """Yield the rows (N, F) of each coalition."""
    for coalition in range(2 ** len(families)):
        rows = np.tile(reference, (len(matrix), 1))
        for k, columns in enumerate(families):
            if coalition >> k & 1:
                rows[:, columns] = matrix[:, columns]
        yield rows
