"""Log-odds of probabilities, bounded, and the inverse; without SciPy, whose functions take 0.2 s to import."""

import numpy as np


def bounded_logit(probability, bound):
    """Return log-odds ln(p / (1 - p)), clipped to [-bound, bound].

    Parameters
    ----------
    probability : array_like
        In [0, 1]; NaN stays NaN.
    bound : float
        Largest magnitude of the result, which keeps 0 and 1 finite.

    Returns
    -------
    ndarray or float
        Log-odds, of the shape of `probability`.
    """
    values = np.asarray(probability, dtype=float)
    with np.errstate(divide="ignore"):
        return np.clip(np.log(values) - np.log1p(-values), -bound, bound)


def probability_of(log_odds):
    """Return the probability 1 / (1 + exp(-x)) of log-odds x (array_like), of the same shape; NaN stays NaN."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-np.asarray(log_odds, dtype=float)))
