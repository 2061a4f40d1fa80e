"""The planet score as one scikit-learn pipeline: features, imputation, ensemble."""
import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from app_tess.scoring.ensemble import PlanetEnsemble
from app_tess.scoring.explain import Explainer
from app_tess.scoring.features import FeatureBuilder
from app_tess.scoring.frame import planet_labels

KNOWN_PLANET_WEIGHT = 0.1
"""Weight of a known planet (KP) against 1: easy hot giants, found before TESS, unlike what is still open."""

SEED = 20190
"""Every random choice of the model starts here."""


def build_pipeline(seed=SEED, members=None, progress=None):
    """An untrained pipeline: scoring frame -> probabilities. Missing features get the training median, no flag."""
    return Pipeline([
        ("features", FeatureBuilder()),
        ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
        ("model", PlanetEnsemble(members=members, seed=seed, progress=progress)),
    ])


def fit_pipeline(settled, seed=SEED, members=None, progress=None):
    """Train on settled rows of a scoring frame (`frame.settled_rows`), grouped by star; it can explain its scores."""
    labels = planet_labels(settled["tfopwg_disposition"]).to_numpy()
    with threadpool_limits(1):  # sums in one order: the same scores on every machine, and no fight for the cores
        pipeline = build_pipeline(seed, members, progress).fit(
            settled, labels, model__sample_weight=training_weights(settled["tfopwg_disposition"], labels),
            model__groups=settled["tic_id"].to_numpy())
    model = pipeline.named_steps["model"]
    model.explainer_ = Explainer(
        np.asarray(pipeline[:-1].transform(settled)), settled["toi"], settled["tfopwg_disposition"],
        model.out_of_fold_["probability"], labels, (settled["tfopwg_disposition"] != "KP").to_numpy())
    return pipeline


def training_weights(dispositions, labels):
    """Weight of each settled TOI, mean 1, shape (N,).

    Known planets count less; then the two classes are brought back to their shares among all settled TOIs, so that
    the score keeps the catalogue's base rate.
    """
    weight = np.where(np.asarray(dispositions) == "KP", KNOWN_PLANET_WEIGHT, 1.0)
    share = labels.mean()
    planets = weight[labels == 1].sum() / weight.sum()
    weight = weight * np.where(labels == 1, share / planets, (1 - share) / (1 - planets))
    return weight / weight.mean()
