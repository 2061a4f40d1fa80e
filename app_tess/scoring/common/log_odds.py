"""Log-odds of probabilities, bounded. The inverse is `scipy.special.expit`."""

import numpy as np
from scipy.special import logit


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
    return np.clip(logit(np.asarray(probability, dtype=float)), -bound, bound)
