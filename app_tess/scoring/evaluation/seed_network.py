"""The model of the seed project, kept as a baseline: a network of 20-20-1 neurons on 33 raw columns."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import RobustScaler

from app_tess.scoring.catalogue_model.frame import STAR_PREFIX
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
SEED_TIC_COLUMNS = (
    "ra_deg",
    "dec_deg",
    "pm_ra_masyr",
    "pm_dec_masyr",
    "parallax_mas",
    "gal_lon_deg",
    "gal_lat_deg",
    "ecl_lon_deg",
    "ecl_lat_deg",
    "tmag",
    "teff_k",
    "logg",
    "metallicity_dex",
    "stellar_radius_rsun",
    "stellar_mass_msun",
    "density_solar",
    "luminosity_lsun",
    "distance_pc",
    "ebv_mag",
    "contaminant_count",
    "contamination_ratio",
    "priority",
)
SEED_COLUMNS = SEED_TOI_COLUMNS + tuple(STAR_PREFIX + column for column in SEED_TIC_COLUMNS)
"""The seed's own choice of 33 columns: 11 of the TOI table, 22 of the TIC. Later fields are not in it."""


class RawColumns(TransformerMixin, BaseEstimator):
    """scikit-learn transformer that selects columns of a scoring frame; infinite values count as missing."""

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
