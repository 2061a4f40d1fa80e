"""Figures of merit for a binary classifier, each with a confidence interval from resampling stars."""

from dataclasses import dataclass, fields

import numpy as np

RESAMPLES = 1000
"""Bootstrap resamples of the stars."""

RESAMPLES_AT_ONCE = 100
"""Resamples held in memory together: 15,000 events make 12 MB of weights for each array of this many."""

ECE_BINS = 10
"""Equal-width bins of probability for the expected calibration error."""

SMALLEST_PROBABILITY = 1e-6
"""Probabilities are clipped at this distance from 0 and 1 before the log loss is taken."""

PRECISIONS = (90, 95, 99)
"""Precisions [percent] at which the recall is measured."""


@dataclass(frozen=True)
class Figure:
    """A figure of merit and its 95 % interval; None where it is undefined, as the AUC of a single class is."""

    value: float | None
    low: float | None
    high: float | None

    def rounded(self, digits: int) -> "Figure":
        """Return the figure rounded to a number of decimals."""
        return Figure(*(None if number is None else round(number, digits) for number in vars(self).values()))


@dataclass(frozen=True)
class Figures:
    """The figures of merit of one set of scores, as the reports list them."""

    auc: Figure
    ap: Figure
    accuracy: Figure
    brier: Figure
    log_loss: Figure
    ece: Figure
    recall_at_precision_90: Figure
    recall_at_precision_95: Figure


METRICS = tuple(field.name for field in fields(Figures))


def measure(labels, probabilities, stars, seed=0, resamples=RESAMPLES) -> Figures:
    """Measure every figure in `Figures`, rounded to four decimals.

    Parameters
    ----------
    labels, probabilities, stars : array_like, shape (N,)
        Classes (1 for planets, 0 for others), probabilities of class 1, and star identifiers.
    """
    measured = bootstrap(METRICS, labels, probabilities, stars, seed, resamples)
    return Figures(**{name: figure.rounded(4) for name, figure in measured.items()})


def bootstrap(metrics, labels, probabilities, stars, seed=0, resamples=RESAMPLES) -> dict[str, Figure]:
    """Measure the named metrics, with 95 % intervals from resampling the stars.

    TOIs of one star are not independent, so each resample draws stars, with replacement, and takes all rows of each.

    Parameters
    ----------
    metrics : sequence of str
        Names among the keys of `compute`.
    labels, probabilities, stars : array_like, shape (N,)
        As for `measure`.
    """
    labels, probabilities = np.asarray(labels, dtype=float), np.asarray(probabilities, dtype=float)
    once = compute(labels, probabilities, np.ones((1, len(labels))))
    chunks = [compute(labels, probabilities, counts) for counts in star_resamples(stars, resamples, seed)]
    return {name: figure_of(once[name][0], np.concatenate([chunk[name] for chunk in chunks])) for name in metrics}


def star_resamples(stars, resamples, seed):
    """Yield how often each row is drawn when stars are resampled, in arrays of shape (<= RESAMPLES_AT_ONCE, N)."""
    unique, member = np.unique(np.asarray(stars), return_inverse=True)
    random = np.random.default_rng(seed)
    for start in range(0, resamples, RESAMPLES_AT_ONCE):
        size = min(RESAMPLES_AT_ONCE, resamples - start)
        if len(unique) == 0:
            yield np.ones((size, 0))
            continue
        draws = random.multinomial(len(unique), np.full(len(unique), 1 / len(unique)), size=size)
        yield draws[:, member].astype(float)


def compute(labels, probabilities, counts):
    """Compute every metric for each row of weights.

    Parameters
    ----------
    labels, probabilities : ndarray, shape (N,)
    counts : ndarray, shape (B, N)
        Weight of each row in each of B resamples.

    Returns
    -------
    dict of str to ndarray, shape (B,)
        NaN where a metric is undefined.
    """
    total = counts.sum(axis=1)
    clipped = np.clip(probabilities, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    losses = -(labels * np.log(clipped) + (1 - labels) * np.log(1 - clipped))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _ranking_metrics(labels, probabilities, counts) | {
            "accuracy": counts @ ((probabilities >= 0.5) == (labels == 1)).astype(float) / total,
            "brier": counts @ (probabilities - labels) ** 2 / total,
            "log_loss": counts @ losses / total,
            "ece": _calibration_error(labels, probabilities, counts) / total,
        }


def cumulative_counts(labels, probabilities, counts):
    """Count planets and others at or above each distinct probability, in descending order: two (B, G) arrays."""
    order = np.argsort(-probabilities, kind="stable")
    labels, counts = labels[order], counts[:, order]
    last_of_tie = np.flatnonzero(np.append(np.diff(probabilities[order]) != 0, True)) if len(order) else order
    planets, others = (counts * labels).cumsum(axis=1), (counts * (1 - labels)).cumsum(axis=1)
    return planets[:, last_of_tie], others[:, last_of_tie]


def _ranking_metrics(labels, probabilities, counts):
    """AUC, average precision, and the recall at each of PRECISIONS; NaN where only one class is present."""
    found, wrong = cumulative_counts(labels, probabilities, counts)
    planets, others = np.diff(found, axis=1, prepend=0), np.diff(wrong, axis=1, prepend=0)
    n_planets, n_others = planets.sum(axis=1), others.sum(axis=1)
    below = n_others[:, None] - wrong
    precision = np.where(found + wrong > 0, found / (found + wrong), 0.0)
    both = np.where((n_planets > 0) & (n_others > 0), 1.0, np.nan)
    recall = found / n_planets[:, None]
    result = {
        "auc": (planets * (below + 0.5 * others)).sum(axis=1) / (n_planets * n_others) * both,
        "ap": (planets / n_planets[:, None] * precision).sum(axis=1) * both,
    }
    for percent in PRECISIONS:
        achieved = np.where(precision >= percent / 100, recall, 0.0)
        result[f"recall_at_precision_{percent}"] = achieved.max(axis=1, initial=0.0) * both
    return result


def _calibration_error(labels, probabilities, counts):
    number = np.minimum((probabilities * ECE_BINS).astype(int), ECE_BINS - 1)
    membership = (number[:, None] == np.arange(ECE_BINS)).astype(float)
    return np.abs((counts * (probabilities - labels)) @ membership).sum(axis=1)


def figure_of(value, resampled) -> Figure:
    """Return a value with the 2.5 and 97.5 % quantiles of its resampled values; NaN are left out."""
    resampled = resampled[np.isfinite(resampled)]
    low, high = np.quantile(resampled, [0.025, 0.975]) if len(resampled) else (np.nan, np.nan)
    return Figure(*(float(number) if np.isfinite(number) else None for number in (value, low, high)))


def plain(number, digits=4):
    """Return a number that JSON can hold: rounded, and None in place of NaN and infinity."""
    return round(float(number), digits) if number is not None and np.isfinite(number) else None
