"""The details of an evaluated pair of tables: slices, reliability, curves, and the coverage of the conformal sets."""

import numpy as np

from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.common.metrics import cumulative_counts, measure, plain
from app_tess.scoring.evaluation.report_schema import (
    RADIUS_SLICES,
    ConformalCoverage,
    Curves,
    ReliabilityBin,
    SubsetFigures,
)

SMALLEST_SLICE = 10
"""A slice of fewer TOIs is only counted."""

RELIABILITY_BINS = 10


def slices(evaluated, outcomes, probability):
    """Measure the figures by planet radius, and by the disposition that each TOI had on the training date.

    Parameters
    ----------
    evaluated : DataFrame
        Scoring frame of N TOIs.
    outcomes, probability : ndarray, shape (N,)
        1 for planets and 0 for others, and the probabilities.

    Returns
    -------
    dict of str to dict of str to SubsetFigures
    """
    radius = evaluated["planet_radius_rearth"].to_numpy(dtype=float)
    disposition = evaluated["tfopwg_disposition"].fillna("blank").to_numpy()
    parts = {
        "radius": {name: (radius >= low) & (radius < high) for low, high, name in RADIUS_SLICES}
        | {"no radius listed": np.isnan(radius)},
        "disposition": {name: disposition == name for name in ("PC", "APC", "blank")},
    }
    stars = evaluated["tic_id"].to_numpy()
    return {
        kind: {
            name: subset_figures(outcomes[rows], probability[rows], stars[rows], SMALLEST_SLICE)
            for name, rows in named.items()
        }
        for kind, named in parts.items()
    }


def subset_figures(outcomes, probability, stars, smallest=1):
    """Measure the figures of part of the TOIs; of fewer than `smallest`, only the count and the base rate."""
    count = len(outcomes)
    base_rate = plain(outcomes.mean()) if count else None
    if count < smallest:
        return SubsetFigures(count, base_rate)
    return SubsetFigures(count, base_rate, **vars(measure(outcomes, probability, stars)))


def reliability(outcomes, probability):
    """Return the mean probability, fraction of planets and count in bins of equal width; empty bins are left out."""
    number = np.minimum((probability * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    return [
        ReliabilityBin(
            probability_from=index / RELIABILITY_BINS,
            probability_to=(index + 1) / RELIABILITY_BINS,
            n=int((number == index).sum()),
            mean_probability=plain(probability[number == index].mean()),
            share_of_planets=plain(outcomes[number == index].mean()),
        )
        for index in range(RELIABILITY_BINS)
        if (number == index).any()
    ]


def curves(outcomes, probability):
    """Return the points of the ROC and precision-recall curves, in descending order of threshold."""
    planets, others = cumulative_counts(outcomes, probability, np.ones((1, len(outcomes))))
    found, wrong = planets[0], others[0]
    n_planets, n_others = max(found[-1], 1), max(wrong[-1], 1)
    return Curves(
        false_positive_rate=[plain(value) for value in wrong / n_others],
        recall=[plain(value) for value in found / n_planets],
        precision=[plain(value) for value in found / (found + wrong)],
    )


def conformal_coverage(outcomes, probability, thresholds):
    """Measure how often the conformal set contained the later disposition, and how often it had a single label."""
    sets = [calibrate.conformal_set(p, thresholds) for p in probability]
    truth = np.where(outcomes == 1, calibrate.PLANET, calibrate.OTHER)
    covered = np.array([name in names for name, names in zip(truth, sets, strict=True)])
    decided = np.array([len(names) == 1 for names in sets])
    return ConformalCoverage(
        promised=1 - thresholds["error"],
        planet_from=plain(thresholds["planet_from"]),
        other_up_to=plain(thresholds["other_up_to"]),
        coverage=plain(covered.mean()),
        coverage_of_planets=_mean_where(covered, outcomes == 1),
        coverage_of_others=_mean_where(covered, outcomes == 0),
        uncertain_share=plain(1 - decided.mean()),
        accuracy_when_decided=_mean_where(covered, decided),
    )


def _mean_where(values, chosen):
    return plain(values[chosen].mean()) if chosen.any() else None
