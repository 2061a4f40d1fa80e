"""The trained pipeline as what scoring needs of it: numbers, read from its pickle without the libraries of training.

It gives the same log-odds as the pipeline's own `decision_function` (to 1e-12), and those of all coalitions of feature
families for the explanations.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.scoring.catalogue_model import boosted_trees
from app_tess.scoring.catalogue_model.calibrate import corrected_columns
from app_tess.scoring.catalogue_model.coalitions import coalition_log_odds, hybrids
from app_tess.scoring.catalogue_model.explain import FAMILY_COLUMNS, Explainer
from app_tess.scoring.catalogue_model.forest import read_forest
from app_tess.scoring.catalogue_model.onnx_network import OnnxNetwork
from app_tess.scoring.catalogue_model.pickle_records import read_records
from app_tess.scoring.catalogue_model.ranks import Ranks
from app_tess.scoring.catalogue_model.support_vectors import SupportVectors
from app_tess.scoring.common.log_odds import probability_of


@dataclass(frozen=True, eq=False)
class ScoringModel:
    """The ensemble, what stands for missing features, and the reference of its explanations."""

    medians: np.ndarray
    """Of the training rows, shape (F,)."""
    intercept: float
    slopes: np.ndarray
    corrected: tuple[list[int], np.ndarray, np.ndarray]
    """As `calibrate.corrected_columns` takes them."""
    members: list[tuple[float, list[Any]]]
    """Of each member its weight and its models, whose log-odds are averaged."""
    explainer: Explainer

    def impute(self, features):
        """Return features (N, F) with the training medians in place of NaN."""
        return np.where(np.isnan(features), self.medians, features)

    def probabilities(self, matrix):
        """Return the probability of a planet of each row (N, F), shape (N,)."""
        every = [np.arange(matrix.shape[1])]
        return probability_of(self.log_odds(matrix, self.explainer.reference, every)[-1])

    def worth(self, matrix):
        """Return the log-odds for every coalition of families, shape (2**K, N); the last knows all."""
        return coalition_log_odds(self, matrix, self.explainer.reference, FAMILY_COLUMNS)

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`."""
        total = np.array(
            [
                self.intercept + corrected_columns(rows, *self.corrected) @ self.slopes
                for rows in hybrids(matrix, reference, families)
            ]
        )
        for weight, models in self.members:
            total += weight * np.mean([model.log_odds(matrix, reference, families) for model in models], axis=0)
        return total


@dataclass(frozen=True, eq=False)
class _Ranked:
    """A model of the ranks of the features: each column is transformed separately, whatever the others."""

    ranks: Ranks
    model: Any

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`."""
        both = self.ranks.transform(np.vstack([matrix, reference]))
        return self.model.log_odds(both[:-1], both[-1], families)


def read_model(data: bytes) -> ScoringModel:
    """Return the model in the pickle of a trained pipeline, as `pipeline.fit_pipeline` returns it.

    Raises
    ------
    Exception
        Of any class, if the pickle holds something else.
    """
    steps = dict(read_records(data).steps)
    ensemble = steps["model"]
    explainer = Explainer.__new__(Explainer)
    vars(explainer).update({name: value for name, value in vars(ensemble.explainer_).items() if name != "args"})
    return ScoringModel(
        steps["impute"].statistics_,
        ensemble.intercept_,
        ensemble.slopes_,
        (list(ensemble.corrected), ensemble.middle_, ensemble.spread_),
        [(ensemble.weights_[name], [_model(one) for one in models]) for name, models in ensemble.models_.items()],
        explainer,
    )


def _model(record):
    """Return what evaluates a trained model."""
    return _READERS[record.kind](record)


def _boosting(record):
    return boosted_trees.masked(0.0, boosted_trees.lightgbm_trees(record._Booster._handle), record._n_features)


def _histogram_boosting(record):
    trees = [boosted_trees.histogram_tree(one.nodes) for [one] in record._predictors]
    return boosted_trees.masked(float(record._baseline_prediction[0, 0]), trees, record.n_features_in_)


def _extra_trees(record):
    return read_forest([(one.tree_.nodes, one.tree_.values) for one in record.estimators_])


def _support_vectors(record):
    return SupportVectors(
        record.support_vectors_, record.dual_coef_[0], float(record.intercept_[0]), float(record.gamma)
    )


def _ranked(record):
    (_, quantiles), _, (_, model) = record.steps
    return _Ranked(Ranks(quantiles.quantiles_, quantiles.references_), _model(model))


_READERS = {
    "LGBMClassifier": _boosting,
    "HistGradientBoostingClassifier": _histogram_boosting,
    "ExtraTreesClassifier": _extra_trees,
    "SVC": _support_vectors,
    "KerasClassifierStep": lambda record: OnnxNetwork(record.onnx_bytes_),
    "Pipeline": _ranked,
}
"""By the name of a model's class."""
