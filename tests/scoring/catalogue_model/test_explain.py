"""Why a score is what it is."""

import json
import pickle
from itertools import permutations

import numpy as np
import pytest
from scipy.special import expit

from app_tess.scoring.catalogue_model.contributions import shapley_shares
from app_tess.scoring.catalogue_model.explanation import read_explanation
from app_tess.scoring.catalogue_model.feature_list import FAMILIES
from app_tess.scoring.catalogue_model.frame import training_rows
from app_tess.scoring.catalogue_model.pipeline import fit_pipeline
from app_tess.scoring.catalogue_model.pipeline_file import LoadedPipeline
from app_tess.scoring.catalogue_model.scoring_model import read_model
from app_tess.scoring.catalogue_model.training_tois import describe_training
from app_tess.scoring.catalogue_model.value_rates import RATED
from app_tess.scoring.common.json_records import to_json
from tests.scoring.support import QUICK, made_up_frame
from tests.support.explained import score_and_explain
from tests.support.reports import made_up_manifest


@pytest.fixture(scope="module")
def frame():
    return made_up_frame(300)


@pytest.fixture(scope="module")
def pipeline(frame):
    return fit_pipeline(training_rows(frame, "made up"), members=QUICK)


@pytest.fixture(scope="module")
def loaded(frame, pipeline):
    rows = training_rows(frame, "made up")
    return LoadedPipeline(read_model(pickle.dumps(pipeline)), made_up_manifest(), describe_training(rows, pipeline))


@pytest.fixture(scope="module")
def scores(loaded, frame):
    return score_and_explain(loaded, frame)


def test_the_families_add_up_to_the_score(scores):
    for _, row in scores.head(30).iterrows():
        explanation = row["explanation"]
        log_odds = np.log(explanation["base_probability"] / (1 - explanation["base_probability"])) + sum(
            f["log_odds"] for f in explanation["families"]
        )
        assert expit(log_odds) == pytest.approx(explanation["probability"], abs=0.005)
        assert [family["family"] for family in explanation["families"]] == list(FAMILIES)


def test_shares_are_the_mean_over_every_order_of_adding_the_families():
    worth = np.random.default_rng(5).normal(size=(32, 3))
    worth[0] = worth[0, 0]  # the reference does not depend on the row
    base, shares = shapley_shares(worth)
    expected, orders = np.zeros_like(shares), list(permutations(range(len(FAMILIES))))
    for order in orders:
        coalition = 0
        for number in order:
            expected[:, number] += (worth[coalition | 1 << number] - worth[coalition]) / len(orders)
            coalition |= 1 << number
    assert np.allclose(shares, expected)
    assert base == worth[0, 0]


def test_explanations_are_json_with_words(scores):
    for explanation in scores["explanation"].head(10):
        assert "counts" in json.dumps(explanation, allow_nan=False)
        assert to_json(read_explanation(explanation)) == explanation


def test_a_familys_words_state_the_values_behind_it(scores, frame):
    row = frame.iloc[0]
    size, duration = scores["explanation"].iloc[0]["families"][:2]
    assert f"planet radius {row['planet_radius_rearth']:,.2f} R⊕" in size["words"]
    assert f"transit duration {row['duration_h']:.2f} h" in duration["words"]


def test_a_dispositioned_toi_is_not_its_own_neighbor(scores):
    for toi, explanation in zip(scores["toi"], scores["explanation"], strict=True):
        assert len(explanation["neighbours"]) == 5
        assert toi not in [neighbour["toi"] for neighbour in explanation["neighbours"]]
        assert {neighbour["disposition"] for neighbour in explanation["neighbours"]} <= {"CP", "KP", "FP", "FA"}


def test_a_toi_with_nothing_but_a_period_says_what_it_imputed(loaded, frame):
    bare = frame.iloc[:1].copy()
    bare[
        [c for c in bare.columns if c not in ("toi", "tic_id", "period_d", "star_toi_count", "tfopwg_disposition")]
    ] = np.nan
    explanation = score_and_explain(loaded, bare)["explanation"].iloc[0]
    assert "transit depth" in [one["name"] for one in explanation["missing"]]
    assert "orbital period" not in [one["name"] for one in explanation["missing"]]
    imputed = {one["feature"]: one["used"] for one in explanation["imputed"]}
    assert "log_radius" in imputed and "star_tois" not in imputed


def test_a_toi_unlike_all_others_lies_outside_the_domain(loaded, frame):
    strange = frame.iloc[:1].assign(
        period_d=900.0,
        planet_radius_rearth=150.0,
        depth_ppm=400000.0,
        tmag=2.0,
        stellar_radius_rsun=40.0,
        logg=1.2,
        teff_k=3300.0,
        duration_h=90.0,
        snr=3000.0,
    )
    explanation = score_and_explain(loaded, strange)["explanation"].iloc[0]
    assert explanation["outside_domain"] is True
    assert any("edge of 99 %" in reason for reason in explanation["domain_reasons"])
    assert not any("_" in reason.replace("R_Earth", "") for reason in explanation["domain_reasons"]), "in words"


def test_a_score_is_uncertain_when_both_labels_stay_possible(scores):
    for explanation in scores["explanation"]:
        assert read_explanation(explanation).is_uncertain == (len(explanation["conformal_set"]) == 2)


def test_a_toi_of_the_training_gets_the_probability_of_models_trained_without_its_star(scores, pipeline, frame):
    out_of_fold = pipeline.named_steps["model"].out_of_fold_["probability"]
    seen = frame["tfopwg_disposition"].isin(["CP", "KP", "FP", "FA", "APC"]).to_numpy()
    in_use = pipeline.predict_proba(frame)[:, 1]
    assert scores["planet_probability"].to_numpy()[seen] == pytest.approx(out_of_fold)
    assert scores["planet_probability"].to_numpy()[~seen] == pytest.approx(in_use[~seen])
    for explanation, was_seen in zip(scores["explanation"], seen, strict=True):
        assert ("held_out_probability" in explanation) == was_seen


def test_every_family_has_a_rate_and_a_missing_value_says_so(scores):
    first = read_explanation(scores["explanation"].iloc[0])
    assert {RATED[rate.feature].family for rate in first.rates} == set(FAMILIES)
    assert all(rate.low <= rate.value <= rate.high for rate in first.rates if rate.value is not None)
    bare = [rate for rate in first.rates if rate.value is None]
    assert all((rate.n, rate.planets) == (0, 0) for rate in bare)
