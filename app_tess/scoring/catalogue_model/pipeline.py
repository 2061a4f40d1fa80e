"""The planet score as one scikit-learn pipeline: features, imputation, ensemble."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from app_tess.astro.dispositions import AMBIGUOUS
from app_tess.scoring.catalogue_model.ensemble import PlanetEnsemble
from app_tess.scoring.catalogue_model.explain import Explainer
from app_tess.scoring.catalogue_model.features import FEATURE_NAMES, FeatureBuilder
from app_tess.scoring.catalogue_model.frame import planet_labels, training_labels

KNOWN_PLANET_WEIGHT = 0.1
"""Weight of a known planet (KP) against 1: easy hot giants, found before TESS, unlike what is still open."""

AMBIGUOUS_WEIGHT = 0.5
"""Weight of an ambiguous candidate (APC) as a false positive."""

CORRECTED = ("log_distance",)
"""Features whose effect is learned once more, on verdicts alone: known planets lie several times further than what TESS
finds and follow-up confirms, and even at a low weight they hide that."""

SEED = 20190
"""Every random choice of the model starts here."""


def build_pipeline(seed=SEED, members=None, progress=None):
    """An untrained pipeline: scoring frame -> probabilities. Missing features get the training median, no flag."""
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
                    corrected=[FEATURE_NAMES.index(name) for name in CORRECTED],
                ),
            ),
        ]
    )


def fit_pipeline(rows, seed=SEED, members=None, progress=None):
    """Train on rows of a scoring frame (`frame.training_rows`), grouped by star; it can explain its scores."""
    dispositions = rows["tfopwg_disposition"]
    labels = training_labels(dispositions).to_numpy()
    judged = verdict_weights(dispositions)
    with threadpool_limits(1):  # sums in one order: the same scores on every machine, and no fight for the cores
        pipeline = build_pipeline(seed, members, progress).fit(
            rows,
            labels,
            model__sample_weight=training_weights(dispositions),
            model__verdict_weight=judged,
            model__groups=rows["tic_id"].to_numpy(),
        )
    model = pipeline.named_steps["model"]
    settled = planet_labels(dispositions).notna().to_numpy()
    model.explainer_ = Explainer(
        np.asarray(pipeline[:-1].transform(rows[settled])),
        rows["toi"][settled],
        dispositions[settled],
        model.out_of_fold_["probability"][settled],
        labels[settled],
        judged[settled] > 0,
    )
    return pipeline


def training_weights(dispositions):
    """Weight of each training row for the members, shape (N,); both kinds of settled TOI weigh the same in all.

    Known planets count less. The ambiguous ones come on top.
    """
    weight = _balanced(dispositions, np.where(dispositions == "KP", KNOWN_PLANET_WEIGHT, 1.0))
    return np.where(dispositions == AMBIGUOUS, AMBIGUOUS_WEIGHT, weight)


def verdict_weights(dispositions):
    """Weight of each training row for joining and calibrating the members, shape (N,): only TESS's own planets (CP)
    against false positives and alarms, half and half, because such are the verdicts to come."""
    return _balanced(dispositions, np.where(dispositions == "KP", 0.0, 1.0))


def _balanced(dispositions, weight):
    """Weights of the settled rows, brought to equal sums of both classes and a mean of 1; 0 for the rest."""
    labels = planet_labels(dispositions).to_numpy()
    weight = np.where(np.isnan(labels), 0.0, weight)
    for label in (0.0, 1.0):
        own = weight[labels == label].sum()
        weight = np.where(labels == label, weight / own if own else 0.0, weight)
    return weight / 2 * np.isfinite(labels).sum()
