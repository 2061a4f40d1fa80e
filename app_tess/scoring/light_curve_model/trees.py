"""Boosted trees on principal components of the views, shape numbers and scalars: the other half of each member.

Trees use the scalars better than the network does, and the network the shapes; the mean of their log-probabilities is
better than either.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.scoring.light_curve_model.augment import augment
from app_tess.scoring.light_curve_model.inputs import SCALAR_SCALES, network_inputs
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.views_file import CLASSES

COMPONENTS = {("global_view", 0): 10, ("local_view", 0): 10, ("local_view", 2): 5}
"""Number of principal components of each channel of the network's inputs: global, local and secondary view."""

SCALARS = 2 * len(SCALAR_SCALES)
"""The first inputs of `scalar_input`: values and flags, without the hat functions, which trees do not need."""

VARIANTS = 3
"""Augmented variants of each event that the trees are fitted to besides the event itself."""

REPEATS = 2
"""Fits that differ in their random draws of events and features; the mean of their log-odds counts."""

SETTINGS: dict[str, Any] = {
    "n_estimators": 180,
    "learning_rate": 0.07,
    "num_leaves": 15,
    "min_child_samples": 10 * (1 + VARIANTS),
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.4,
    "reg_lambda": 5.0,
    "n_jobs": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, eq=False)
class Trees:
    """Fitted trees and the projections before them.

    `projections`: channel -> (mean (bins,), components (bins, count)); `kepler` and `classes` are REPEATS LightGBM
    classifiers each, none without events of at least two classes; `columns` are the columns of network.HEADS of the
    classes that occur.
    """

    projections: dict
    kepler: list
    classes: list
    columns: np.ndarray


def fit_trees(data, fold):
    """Fit trees to the events of a TrainingSet outside one fold, and to augmented variants of them.

    Where several classes are possible the event is left out.
    """
    rows = data.fold != fold
    inputs = network_inputs(*data.views(rows))
    answers = np.tile(data.answers[rows], (1 + VARIANTS, 1))
    projections = {}
    for (name, channel), count in COMPONENTS.items():
        values = inputs[name][:, :, channel].astype(float)
        mean = values.mean(axis=0)
        # the largest eigenvectors of the covariance
        _, vectors = np.linalg.eigh(np.cov((values - mean).T))
        projections[name, channel] = (mean.astype(np.float32), vectors[:, ::-1][:, :count].astype(np.float32))
    rng = np.random.default_rng(fold)
    variants = [network_inputs(*augment(*(*data.views(rows), rng))) for _ in range(VARIANTS)]
    features = np.concatenate([tree_features(projections, each) for each in (inputs, *variants)])
    is_kepler, possible = answers[:, 1] > 0, answers[:, 2:-1] > 0
    known = (possible.sum(axis=1) == 1) & (answers[:, -1] > 0)
    found = np.unique(possible[known].argmax(axis=1)) + HEADS.index(CLASSES[0])
    return Trees(
        projections,
        _fit(features[is_kepler], answers[is_kepler, 0].astype(int), answers[is_kepler, 1]),
        _fit(features[known], possible[known].argmax(axis=1), answers[known, -1]),
        found,
    )


def _fit(features, answers, weight):
    if len(np.unique(answers)) < 2:
        return []
    from lightgbm import LGBMClassifier

    return [
        LGBMClassifier(**SETTINGS, random_state=k).fit(features, answers, weight / (1 + VARIANTS))
        for k in range(REPEATS)
    ]


def tree_features(projections, inputs):
    """Return the (N, 82) features of the trees from the network's inputs."""
    parts = [(inputs[name][:, :, channel] - mean) @ basis for (name, channel), (mean, basis) in projections.items()]
    return np.concatenate([*parts, inputs["scalars"][:, :SCALARS], inputs["shape"]], axis=1)
