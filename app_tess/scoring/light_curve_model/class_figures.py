"""Figures of merit of the five class probabilities, with 95 % intervals from resampling stars."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.scoring.common.metrics import (
    ECE_BINS,
    RESAMPLES,
    SMALLEST_PROBABILITY,
    Figure,
    bootstrap,
    figure_of,
    star_resamples,
)
from app_tess.scoring.light_curve_model.views_file import CLASSES


@dataclass(frozen=True)
class ClassFigures:
    """One class against the rest: `n` events evaluated, of which the fraction `base_rate` belongs to the class."""

    n: int
    base_rate: float
    auc: Figure
    ap: Figure


@dataclass(frozen=True)
class FiveClassFigures:
    """The figures by class, and those of all classes together."""

    PC: ClassFigures
    EB: ClassFigures
    V: ClassFigures
    IS: ClassFigures
    J: ClassFigures
    log_loss: Figure
    """Mean negative logarithm of the probability of the true class."""
    ece: Figure
    """Expected calibration error of the most probable class: `abs(confidence - accuracy)` in ten bins of confidence."""
    accuracy: Figure
    confusion: dict[str, dict[str, int]]
    """Number of events by true class, then by most probable class."""


def one_against_rest(belongs, score, stars) -> ClassFigures:
    """Measure how well a score (N,) separates the events that belong to a class (bool, (N,)) from the others."""
    return ClassFigures(len(belongs), float(np.mean(belongs)), **bootstrap(("auc", "ap"), belongs, score, stars))


def measure_classes(label, probability, stars) -> FiveClassFigures:
    """Measure the probabilities of N events.

    Parameters
    ----------
    label : ndarray of str, shape (N,)
        One of CLASSES each.
    probability : ndarray, shape (N, 5)
    stars : ndarray, shape (N,)
        Star identifiers.
    """
    truth = np.array([CLASSES.index(name) for name in label])
    best = probability.argmax(axis=1)
    each: dict[str, Any] = {
        name: one_against_rest(truth == k, probability[:, k], stars) for k, name in enumerate(CLASSES)
    }
    counts = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(counts, (truth, best), 1)
    confusion = {name: dict(zip(CLASSES, row.tolist(), strict=True)) for name, row in zip(CLASSES, counts, strict=True)}
    return FiveClassFigures(**each, **_joint_figures(truth, probability, stars), confusion=confusion)


def _joint_figures(truth, probability, stars):
    best = probability.argmax(axis=1)
    confidence, correct = probability.max(axis=1), (best == truth).astype(float)
    loss = -np.log(np.clip(probability[np.arange(len(truth)), truth], SMALLEST_PROBABILITY, 1))
    number = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    in_bin = (number[:, None] == np.arange(ECE_BINS)).astype(float) * (confidence - correct)[:, None]

    def compute(counts):
        total = counts.sum(axis=1)
        return {
            "log_loss": counts @ loss / total,
            "ece": np.abs(counts @ in_bin).sum(axis=1) / total,
            "accuracy": counts @ correct / total,
        }

    once = compute(np.ones((1, len(truth))))
    chunks = [compute(counts) for counts in star_resamples(stars, RESAMPLES, 0)]
    return {name: figure_of(once[name][0], np.concatenate([c[name] for c in chunks])) for name in once}
