"""A TOI with other values: what follows from the typed ones, so that it stays one system."""

import math

import pandas as pd
import pytest

from app_tess.errors import InvalidInput
from app_tess.scoring.catalogue_model.features import build_features
from app_tess.scoring.catalogue_model.hypothetical import INPUTS, hypothesize, present_value

EARTH = {
    "period_d": 365.25,
    "duration_h": 13.0,
    "depth_ppm": 84.0,
    "depth_mmag": 0.0912,
    "planet_radius_rearth": 1.0,
    "insolation_earth": 1.0,
    "equilibrium_temperature_k": 278.3,
    "snr": 10.0,
    "tmag": 10.0,
    "teff_k": 5772.0,
    "logg": 4.438,
    "stellar_radius_rsun": 1.0,
    "stellar_mass_msun": 1.0,
    "sectors": "1,2",
    "star_toi_count": 1.0,
}


def features_of(row):
    return build_features(pd.DataFrame([row])).iloc[0]


def test_nothing_typed_changes_nothing():
    assert hypothesize(EARTH, {}) == (EARTH, [])


@pytest.mark.parametrize(
    ("typed", "follows"),
    [
        ({"planet_radius_rearth": 2.0}, {"depth_ppm": 336.0, "snr": 40.0}),
        ({"depth_ppm": 336.0}, {"planet_radius_rearth": 2.0, "snr": 40.0}),
        ({"depth_ppm": 336.0, "planet_radius_rearth": 9.0}, {"snr": 40.0}),
        ({"duration_h": 26.0}, {"snr": 10 * math.sqrt(2)}),
        ({"snr": 50.0}, {}),
        ({"tmag": 5.0}, {}),
        (
            {"stellar_radius_rsun": 2.0},
            {
                "planet_radius_rearth": 2.0,
                "insolation_earth": 4.0,
                "equilibrium_temperature_k": 278.3 * math.sqrt(2),
                "logg": 4.438 - math.log10(4),
            },
        ),
        ({"stellar_radius_rsun": 2.0, "planet_radius_rearth": 1.0}, {"depth_ppm": 21.0, "snr": 2.5}),
        (
            {"period_d": 365.25 / 8},
            {"snr": 10 * math.sqrt(8), "insolation_earth": 16.0, "equilibrium_temperature_k": 278.3 * 2},
        ),
        ({"teff_k": 2 * 5772.0}, {"insolation_earth": 16.0, "equilibrium_temperature_k": 278.3 * 2}),
        (
            {"stellar_mass_msun": 8.0},
            {
                "insolation_earth": 0.25,
                "equilibrium_temperature_k": 278.3 / math.sqrt(2),
                "logg": 4.438 + math.log10(8),
            },
        ),
    ],
)
def test_what_follows_from_a_value_is_carried_along(typed, follows):
    row, changed = hypothesize(EARTH, typed)
    assert {one.column: one.hypothetical for one in changed if one.typed} == typed
    found = {one.column: one.hypothetical for one in changed if not one.typed}
    assert {name: found.get(name) for name in follows} == pytest.approx(follows)
    assert all(row[one.column] == one.hypothetical for one in changed)


def test_a_larger_star_keeps_the_transit_and_changes_what_the_model_derives():
    row, _ = hypothesize(EARTH, {"stellar_radius_rsun": 2.0})
    before, after = features_of(EARTH), features_of(row)
    assert after["log_depth"] == before["log_depth"]
    assert after["radius_ratio_listed_implied"] == pytest.approx(before["radius_ratio_listed_implied"])
    assert after["insolation_ratio"] == before["insolation_ratio"]
    assert 10 ** (after["log_density"] - before["log_density"]) == pytest.approx(1 / 8)
    assert 10 ** (after["log_scaled_axis"] - before["log_scaled_axis"]) == pytest.approx(1 / 2)
    assert 10 ** (after["duration_ratio"] - before["duration_ratio"]) == pytest.approx(1 / 2, rel=0.02)


def test_a_value_of_the_tic_counts_where_the_toi_table_has_none():
    row = EARTH | {"teff_k": float("nan"), "tic_teff_k": 5772.0}
    assert present_value(row, "teff_k") == 5772.0
    other, changed = hypothesize(row, {"teff_k": 2 * 5772.0})
    assert other["insolation_earth"] == pytest.approx(16) and changed[0].present == 5772.0


def test_an_unknown_value_can_be_given_and_carries_nothing_along():
    row = EARTH | {"planet_radius_rearth": None, "depth_ppm": None, "depth_mmag": None}
    _, changed = hypothesize(row, {"planet_radius_rearth": 4.0})
    assert [(one.column, one.present, one.typed) for one in changed] == [("planet_radius_rearth", None, True)]


def test_a_planet_larger_than_its_star_is_refused_by_field():
    with pytest.raises(InvalidInput, match="whole star") as problem:
        hypothesize(EARTH, {"planet_radius_rearth": 400.0})
    assert problem.value.field == "planet_radius_rearth"


def test_every_input_can_change():
    for name in INPUTS:
        row, changed = hypothesize(EARTH, {name: 2 * EARTH[name]})
        assert changed[0].column == name and row[name] == 2 * EARTH[name]
