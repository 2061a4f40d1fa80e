"""Figures of merit, each with the interval that resampling the stars gives."""

import numpy as np

METRICS = ("auc", "ap", "accuracy", "brier", "log_loss", "ece", "recall_at_precision_90", "recall_at_precision_95")

RESAMPLES = 1000
"""Star bootstrap resamples."""

ECE_BINS = 10
"""Equal bins of probability for the expected calibration error."""

SMALLEST_PROBABILITY = 1e-6
"""Log loss counts no probability as smaller than this."""


def measure(labels, probabilities, stars, seed=0, resamples=RESAMPLES):
    """All METRICS as {"value", "low", "high"}: point value and star-bootstrap 95 % interval.

    Parameters
    ----------
    labels, probabilities, stars : ndarray, shape (N,)
        Verdicts 0/1, probabilities of a planet, and TIC ids: a star is drawn with all its TOIs.

    Returns
    -------
    dict of dict of float or None
        None where a figure has no meaning (one class only).
    """
    labels, probabilities = np.asarray(labels, dtype=float), np.asarray(probabilities, dtype=float)
    once = compute(labels, probabilities, np.ones((1, len(labels))))
    drawn = compute(labels, probabilities, star_bootstrap(stars, resamples, seed))
    return {name: _interval(once[name][0], drawn[name]) for name in METRICS}


def star_bootstrap(stars, resamples, seed):
    """How often each row is drawn, shape (resamples, N), when whole stars are drawn with replacement."""
    unique, member = np.unique(np.asarray(stars), return_inverse=True)
    if len(unique) == 0:
        return np.ones((resamples, 0))
    random = np.random.default_rng(seed)
    draws = random.multinomial(len(unique), np.full(len(unique), 1 / len(unique)), size=resamples)
    return draws[:, member].astype(float)


def compute(labels, probabilities, counts):
    """Each metric for each row of counts, shape (B, N) -> dict of arrays (B,); NaN where it has no meaning."""
    total = counts.sum(axis=1)
    clipped = np.clip(probabilities, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    losses = -(labels * np.log(clipped) + (1 - labels) * np.log(1 - clipped))
    with np.errstate(divide="ignore", invalid="ignore"):
        ranked = _ranked(labels, probabilities, counts)
        return ranked | {
            "accuracy": counts @ ((probabilities >= 0.5) == (labels == 1)).astype(float) / total,
            "brier": counts @ (probabilities - labels) ** 2 / total,
            "log_loss": counts @ losses / total,
            "ece": _calibration_error(labels, probabilities, counts) / total,
        }


def curve_counts(labels, probabilities, counts):
    """Planets and others at each distinct probability, from the highest down: two arrays (B, G)."""
    levels, group = np.unique(-np.asarray(probabilities), return_inverse=True)
    membership = np.zeros((len(labels), len(levels)))
    membership[np.arange(len(labels)), group] = 1.0
    return (counts * labels) @ membership, (counts * (1 - labels)) @ membership


def _ranked(labels, probabilities, counts):
    planets, others = curve_counts(labels, probabilities, counts)
    found, wrong = planets.cumsum(axis=1), others.cumsum(axis=1)
    n_planets, n_others = planets.sum(axis=1), others.sum(axis=1)
    below = n_others[:, None] - wrong
    precision = np.where(found + wrong > 0, found / (found + wrong), 0.0)
    both = np.where((n_planets > 0) & (n_others > 0), 1.0, np.nan)
    recall = found / n_planets[:, None]
    result = {
        "auc": (planets * (below + 0.5 * others)).sum(axis=1) / (n_planets * n_others) * both,
        "ap": (planets / n_planets[:, None] * precision).sum(axis=1) * both,
    }
    for percent in (90, 95):
        reached = np.where(precision >= percent / 100, recall, 0.0)
        result[f"recall_at_precision_{percent}"] = reached.max(axis=1, initial=0.0) * both
    return result


def _calibration_error(labels, probabilities, counts):
    number = np.minimum((probabilities * ECE_BINS).astype(int), ECE_BINS - 1)
    membership = (number[:, None] == np.arange(ECE_BINS)).astype(float)
    return np.abs((counts * (probabilities - labels)) @ membership).sum(axis=1)


def _interval(value, drawn):
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return {"value": plain(value), "low": plain(low), "high": plain(high)}


def plain(number, digits=4):
    """A JSON number, or None for NaN and infinity."""
    return round(float(number), digits) if number is not None and np.isfinite(number) else None
