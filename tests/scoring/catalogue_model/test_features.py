"""One list of features for training and scoring, and nothing else reaches the model."""

import numpy as np
import pytest

from app_tess.scoring.catalogue_model.feature_list import FAMILIES, FEATURE_NAMES, FEATURES, INPUT_COLUMNS
from app_tess.scoring.catalogue_model.feature_values import count_sectors
from app_tess.scoring.catalogue_model.features import build_features
from tests.scoring.support import made_up_frame


@pytest.fixture
def frame():
    return made_up_frame(40)


def test_every_feature_has_a_formula_a_source_and_a_family():
    for feature in FEATURES:
        assert feature.formula and feature.source and feature.family in FAMILIES
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)


def test_shuffling_any_column_outside_the_list_changes_no_feature(frame):
    before = build_features(frame)
    random = np.random.default_rng(1)
    for column in set(frame.columns) - set(INPUT_COLUMNS):
        shuffled = frame.assign(**{column: random.permutation(frame[column].to_numpy())})
        assert build_features(shuffled).equals(before), column


def test_what_vetting_writes_is_not_an_input():
    forbidden = {
        "tfopwg_disposition",
        "tess_disposition",
        "comments",
        "source",
        "planet_name",
        "modified_at",
        "detection",
        "period_err_d",
        "depth_ppm_err",
        "ra_deg",
        "pm_ra_masyr",
    }
    assert not forbidden & set(INPUT_COLUMNS)


def test_an_earth_around_the_sun_has_the_expected_geometry(frame):
    earth = frame.iloc[:1].assign(
        period_d=365.25,
        duration_h=13.0,
        depth_ppm=84.0,
        planet_radius_rearth=1.0,
        logg=4.438,
        stellar_radius_rsun=1.0,
        stellar_mass_msun=1.0,
        teff_k=5772.0,
        insolation_earth=1.0,
    )
    features = build_features(earth).iloc[0]
    assert 10 ** features["log_scaled_axis"] == pytest.approx(215, rel=0.01)
    assert features["duration_ratio"] == pytest.approx(0.0, abs=0.01)
    assert features["log_implied_density"] == pytest.approx(0.0, abs=0.03)
    assert features["radius_ratio_listed_implied"] == pytest.approx(0.0, abs=0.01)
    assert features["insolation_ratio"] == pytest.approx(0.0, abs=0.05)
    assert features["evolution"] == pytest.approx(0.0, abs=0.03)


def test_a_diluted_star_implies_a_bigger_planet(frame):
    diluted = build_features(frame.assign(tic_contamination_ratio=0.21))["radius_ratio_listed_implied"]
    assert np.allclose(diluted, build_features(frame)["radius_ratio_listed_implied"] - np.log10(1.1))


def test_infinite_and_negative_inputs_count_as_missing(frame):
    features = build_features(frame.assign(snr=np.inf, duration_h=-1.0))
    assert features[["log_snr", "duration_ratio"]].isna().all().all()
    assert not np.isinf(features.to_numpy()).any()


def test_a_single_transit_has_no_period_but_keeps_its_size(frame):
    features = build_features(frame.assign(period_d=np.nan))
    assert features["log_scaled_axis"].isna().all() and features["log_radius"].notna().all()


def test_absent_columns_are_missing_values_not_errors(frame):
    features = build_features(frame[["toi", "tic_id", "period_d"]])
    assert list(features.columns) == list(FEATURE_NAMES)
    assert features["log_radius"].isna().all()


def test_sectors_are_counted_and_at_least_one():
    assert [count_sectors(text) for text in ("1,27,67", "5", "", None)] == [3, 1, 1, 1]
