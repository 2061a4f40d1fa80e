"""Simpler classifiers to compare with: a constant, a logistic regression, the seed's network, and boosting on raw
columns."""

from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import RobustScaler

from app_tess.scoring.catalogue_model.features import FeatureBuilder
from app_tess.scoring.catalogue_model.frame import planet_labels
from app_tess.scoring.evaluation.seed_network import RawColumns, seed_network

BASELINES = ("majority", "logistic_regression", "seed_network", "gradient_boosting")


def fit_baselines(dispositioned, seed=0, progress=None):
    """Train each baseline on dispositioned rows of a scoring frame, and return them in the order of BASELINES."""
    labels = planet_labels(dispositioned["tfopwg_disposition"]).to_numpy()
    models = {
        "majority": DummyClassifier(strategy="prior"),
        "logistic_regression": _logistic_regression(),
        "seed_network": seed_network(seed),
        "gradient_boosting": _gradient_boosting(seed),
    }
    for name, model in models.items():
        if progress is not None:
            progress(f"baseline: {name}")
        model.fit(dispositioned, labels)
    return models


def baseline_probabilities(models, rows):
    """Return the probabilities (N,) that each trained baseline gives to rows of a scoring frame, by name."""
    return {name: model.predict_proba(rows)[:, 1] for name, model in models.items()}


def _logistic_regression():
    """Logistic regression on the features of the model."""
    return Pipeline(
        [
            ("features", FeatureBuilder()),
            ("impute", SimpleImputer(keep_empty_features=True)),
            ("scale", RobustScaler()),
            ("model", LogisticRegression(C=0.1, max_iter=2000)),
        ]
    )


def _gradient_boosting(seed):
    """scikit-learn's histogram boosting with default settings, on the seed's 33 raw columns."""
    return Pipeline(
        [
            ("features", RawColumns()),
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("model", HistGradientBoostingClassifier(random_state=seed)),
        ]
    )
