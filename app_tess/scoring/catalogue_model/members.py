"""The members of the ensemble: small, different models of the same features."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from lightgbm import LGBMClassifier
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, QuantileTransformer
from sklearn.svm import SVC

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.catalogue_model.keras_step import KerasClassifierStep
from app_tess.scoring.catalogue_model.ranks import GAUSSIAN_BOUND
from app_tess.scoring.catalogue_model.support_vectors import svm_logit
from app_tess.scoring.common.log_odds import bounded_logit


@dataclass(frozen=True)
class Member:
    """A kind of model, and how many of it, with different seeds, are averaged."""

    name: str
    build: Callable
    """seed -> an untrained scikit-learn estimator"""
    seeds: int


def boosting(seed):
    return LGBMClassifier(
        n_estimators=200,
        learning_rate=0.04,
        num_leaves=8,
        min_child_samples=10,
        reg_lambda=3.0,
        colsample_bytree=0.4,
        subsample=0.7,
        subsample_freq=1,
        random_state=seed,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )


def random_boosting(seed):
    """LightGBM with random split points: smoother, and with other errors than `boosting`."""
    return LGBMClassifier(
        n_estimators=400,
        learning_rate=0.04,
        num_leaves=16,
        min_child_samples=5,
        reg_lambda=3.0,
        colsample_bytree=0.4,
        subsample=0.7,
        subsample_freq=1,
        extra_trees=True,
        random_state=seed,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )


def histogram_boosting(seed):
    return HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=12,
        min_samples_leaf=10,
        l2_regularization=3.0,
        max_features=0.4,
        early_stopping=False,
        random_state=seed,
    )


def extra_trees(seed):
    return ExtraTreesClassifier(n_estimators=120, min_samples_leaf=3, max_features=0.7, n_jobs=1, random_state=seed)


def support_vectors(seed):
    """Support vectors on the ranks of the features, which give a smooth boundary."""
    return make_pipeline(*gaussianize(seed), SVC(C=2.0, gamma=0.03))


def network(seed):
    """The Keras member: five towers of two small layers on the ranks of the features."""
    return make_pipeline(
        *gaussianize(seed),
        KerasClassifierStep(
            hidden=(40, 20), towers=5, epochs=60, batch_size=128, learning_rate=5e-3, l2=3e-3, dropout=0.1, seed=seed
        ),
    )


def gaussianize(seed):
    """Steps that map the rank of each feature to a Gaussian, which removes units and outliers."""
    return (
        QuantileTransformer(n_quantiles=100, output_distribution="normal", random_state=seed),
        FunctionTransformer(np.clip, kw_args={"a_min": -GAUSSIAN_BOUND, "a_max": GAUSSIAN_BOUND}),
    )


MEMBERS = (
    Member("boosting", boosting, 3),
    Member("random boosting", random_boosting, 3),
    Member("histogram boosting", histogram_boosting, 1),
    Member("extra trees", extra_trees, 1),
    Member("support vectors", support_vectors, 1),
    Member("Keras network", network, 1),
)


def fit_member(member, matrix, labels, sample_weight, seed):
    """Train a member's models, each with its own seed, and return them in a list."""
    models = []
    for number in range(member.seeds):
        model = member.build(seed + number)
        key = f"{model.steps[-1][0]}__sample_weight" if hasattr(model, "steps") else "sample_weight"
        models.append(model.fit(matrix, labels, **{key: sample_weight}))
    return models


def member_logit(models, matrix):
    """Return the mean log-odds of a planet by a member's models, shape (N,)."""
    return np.mean([model_logit(model, matrix) for model in models], axis=0)


def model_logit(model, matrix):
    """Return the bounded log-odds of a planet by one model, shape (N,)."""
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    if isinstance(last, SVC):
        return svm_logit(model.decision_function(matrix))
    return bounded_logit(model.predict_proba(matrix)[:, 1], LOGIT_BOUND)
