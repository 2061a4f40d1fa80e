"""The model of the seed project, kept as a baseline: a network of 20-20-1 neurons on 33 raw columns."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import RobustScaler

from app_tess.scoring.catalogue_model.frame import STAR_COLUMNS, STAR_PREFIX
from app_tess.scoring.catalogue_model.keras_step import KerasClassifierStep

SEED_TOI_COLUMNS = (
    "epoch_btjd",
    "period_d",
    "duration_h",
    "depth_mmag",
    "planet_radius_rearth",
    "insolation_earth",
    "equilibrium_temperature_k",
    "snr",
    "stellar_distance_pc",
    "logg",
    "stellar_radius_rsun",
)
SEED_COLUMNS = SEED_TOI_COLUMNS + tuple(STAR_PREFIX + column for column in STAR_COLUMNS)
"""The 33 columns of the seed: 11 from the TOI table, 22 from the TIC."""


class RawColumns(TransformerMixin, BaseEstimator):
    """scikit-learn transformer that selects columns of a scoring frame, shape (N, F); infinite values count as missing."""

    def __init__(self, columns=SEED_COLUMNS):
        self.columns = columns

    def fit(self, frame, labels=None):
        self.fitted_ = True
        return self

    def transform(self, frame):
        matrix = frame.reindex(columns=list(self.columns)).to_numpy(dtype=float)
        return np.where(np.isinf(matrix), np.nan, matrix)

    def get_feature_names_out(self, input_features=None):
        return np.array(self.columns, dtype=object)


def seed_network(seed=0):
    """Build the untrained pipeline: imputer, RobustScaler and a Keras network of 20-20-1 on the seed's 33 columns."""
    return Pipeline(
        [
            ("features", RawColumns(SEED_COLUMNS)),
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("scale", RobustScaler()),
            ("model", KerasClassifierStep(hidden=(20, 20), seed=seed)),
        ]
    )
