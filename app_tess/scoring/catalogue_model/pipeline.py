"""The planet score as one scikit-learn pipeline: features, imputation, ensemble."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from app_tess.astro.dispositions import AMBIGUOUS
from app_tess.scoring.catalogue_model.ensemble import PlanetEnsemble
from app_tess.scoring.catalogue_model.explain import Explainer
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES
from app_tess.scoring.catalogue_model.features import FeatureBuilder
from app_tess.scoring.catalogue_model.frame import planet_labels, training_labels

KNOWN_PLANET_WEIGHT = 0.1
"""Weight of a known planet (KP), relative to 1: mostly hot giants found before TESS, unlike the open TOIs."""

AMBIGUOUS_WEIGHT = 0.5
"""Weight of an ambiguous candidate (APC) as a false positive."""

CORRECTED = ("log_distance",)
"""Features whose effect is fitted again without the known planets, which are several times more distant than the
planets that TESS finds and follow-up confirms, and mask the dependence on distance even at a low weight."""

SEED = 20190
"""Seed of every random choice of the model."""


def build_pipeline(seed=SEED, members=None, progress=None, kept=None):
    """Build an untrained pipeline from scoring frame to probabilities; missing features get the training median."""
    return Pipeline(
        [
            ("features", FeatureBuilder()),
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            (
                "model",
                PlanetEnsemble(
                    members=members,
                    seed=seed,
                    progress=progress,
                    kept=kept,
                    corrected=[FEATURE_NAMES.index(name) for name in CORRECTED],
                ),
            ),
        ]
    )


def fit_pipeline(rows, seed=SEED, members=None, progress=None, kept=None):
    """Train a pipeline, with the explainer of its scores, on rows of a scoring frame from `frame.training_rows`.

    With `kept`, a KeptFits, an interrupted training resumes.
    """
    dispositions = rows["tfopwg_disposition"]
    labels = training_labels(dispositions).to_numpy()
    calibration = calibration_weights(dispositions)
    with threadpool_limits(1):  # sums in one order give the same scores on every machine
        pipeline = build_pipeline(seed, members, progress, kept).fit(
            rows,
            labels,
            model__sample_weight=training_weights(dispositions),
            model__calibration_weight=calibration,
            model__groups=rows["tic_id"].to_numpy(),
        )
    model = pipeline.named_steps["model"]
    known = planet_labels(dispositions).notna().to_numpy()
    model.explainer_ = Explainer(
        np.asarray(pipeline[:-1].transform(rows[known])),
        rows["toi"][known],
        dispositions[known],
        model.out_of_fold_["probability"][known],
        labels[known],
        calibration[known] > 0,
    )
    return pipeline


def training_weights(dispositions):
    """Return the weight of each training row for the members, shape (N,).

    Planets and false positives have the same total weight; known planets count less. Ambiguous candidates come on top.
    """
    weight = _balanced(dispositions, np.where(dispositions == "KP", KNOWN_PLANET_WEIGHT, 1.0))
    return np.where(dispositions == AMBIGUOUS, AMBIGUOUS_WEIGHT, weight)


def calibration_weights(dispositions):
    """Return the weight of each training row for combining and calibrating the members, shape (N,).

    Only planets confirmed by TESS (CP) count, against false positives and false alarms, with equal total weight,
    because those are the dispositions still to come.
    """
    return _balanced(dispositions, np.where(dispositions == "KP", 0.0, 1.0))


def _balanced(dispositions, weight):
    """Weights of the dispositioned rows, scaled to equal sums of both classes and a mean of 1; 0 for the rest."""
    labels = planet_labels(dispositions).to_numpy()
    weight = np.where(np.isnan(labels), 0.0, weight)
    for label in (0.0, 1.0):
        own = weight[labels == label].sum()
        weight = np.where(labels == label, weight / own if own else 0.0, weight)
    return weight / 2 * np.isfinite(labels).sum()
