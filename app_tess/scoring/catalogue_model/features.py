"""The features of the planet score as a step of the training pipeline."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES
from app_tess.scoring.catalogue_model.feature_values import feature_values


class FeatureBuilder(TransformerMixin, BaseEstimator):
    """scikit-learn transformer from a scoring frame to its features.

    The result is a DataFrame with the columns FEATURE_NAMES and the same index, NaN where an input is missing.
    """

    def fit(self, frame, labels=None):
        self.fitted_ = True
        return self

    def transform(self, frame):
        return build_features(frame)

    def get_feature_names_out(self, input_features=None):
        return np.array(FEATURE_NAMES, dtype=object)


def build_features(frame):
    """Compute the features of each TOI: a DataFrame of shape (N, F) with the columns FEATURE_NAMES."""
    columns = {str(name): frame[name].to_numpy() for name in frame.columns}
    return pd.DataFrame(feature_values(columns, len(frame)), index=frame.index, columns=list(FEATURE_NAMES))
