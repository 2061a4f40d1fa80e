"""How many dispositioned TOIs near a value are planets."""

import numpy as np
import pandas as pd
import pytest

from app_tess.scoring.catalogue_model.explanation import ValueRate
from app_tess.scoring.catalogue_model.feature_list import FAMILIES
from app_tess.scoring.catalogue_model.value_rates import RATED, RATED_VALUES, ValueRates
from app_tess.scoring.common.json_records import from_json

RANDOM = np.random.default_rng(4)
COUNT = 400
TABLE = pd.DataFrame(
    {
        "tic_id": RANDOM.integers(0, 150, COUNT),
        "disposition": RANDOM.choice(["CP", "KP", "FP", "FA"], COUNT),
        **{name: np.where(RANDOM.random(COUNT) < 0.1, np.nan, RANDOM.normal(1, 0.3, COUNT)) for name in RATED},
        "teff": RANDOM.normal(5700, 500, COUNT),
        "star_tois": RANDOM.integers(1, 5, COUNT),
    }
)


@pytest.fixture(scope="module")
def rates():
    return ValueRates(TABLE)


def found_rates(rates, features, tic_ids):
    return [[from_json(ValueRate, rate, "a rate") for rate in found] for found in rates.rate(features, tic_ids)]


def test_counts_are_those_of_a_plain_count_without_the_own_star(rates):
    few = TABLE.head(40)
    for (_, row), found in zip(few.iterrows(), found_rates(rates, few, few["tic_id"].tolist()), strict=True):
        others = TABLE[TABLE["tic_id"] != row["tic_id"]]
        for rate in found:
            rated = RATED[rate.feature]
            near = others[(others[rate.feature] - row[rate.feature]).abs() <= rated.half_width]
            assert (rate.n, rate.planets) == (len(near), int(near["disposition"].isin(["CP", "KP"]).sum()))


def test_the_interval_is_in_the_values_unit(rates):
    row = pd.DataFrame([dict.fromkeys(RATED, 1.0) | {"log_radius": np.log10(13.2), "teff": 5600.0}])
    found = {rate.feature: rate for rate in found_rates(rates, row, [-1])[0]}
    assert (found["log_radius"].low, found["log_radius"].value, found["log_radius"].high) == (11.0, 13.2, 15.84)
    assert (found["teff"].low, found["teff"].high) == (5350, 5850)
    assert (found["star_tois"].low, found["star_tois"].high) == (1, 1)


def test_a_missing_value_has_no_interval_and_counts_nothing(rates):
    row = pd.DataFrame([dict.fromkeys(RATED, np.nan)])
    assert all(
        (one.value, one.low, one.n, one.planets) == (None, None, 0, 0) for one in found_rates(rates, row, [-1])[0]
    )


def test_every_family_of_features_has_a_rated_value():
    assert {value.family for value in RATED_VALUES} == set(FAMILIES)
