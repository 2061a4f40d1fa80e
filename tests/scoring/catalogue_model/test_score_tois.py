"""What is stored of each TOI: a probability or the reason why not."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from app_tess.astro.dispositions import FINAL, PLANETS
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.frame import join_stars
from app_tess.scoring.catalogue_model.score_tois import star_probability
from tests.scoring.support import made_up_tois
from tests.support.explained import score_and_explain


@pytest.fixture(scope="module")
def loaded():
    return pipeline_file.load()


def bare_toi(**known):
    row = made_up_tois(1).iloc[0]
    row = row.where(row.index.isin(["toi", "tic_id"]), None)
    return pd.DataFrame([row.to_dict() | known])


def test_each_toi_gets_a_probability(loaded):
    scores = score_and_explain(loaded, join_stars(made_up_tois(12)))
    assert scores["planet_probability"].between(0, 1).all()
    assert scores["not_scored_reason"].isna().all()


def test_a_toi_with_nothing_but_a_period_is_scored(loaded):
    scores = score_and_explain(loaded, join_stars(bare_toi(period_d=3.2)))
    assert 0 <= scores["planet_probability"].iloc[0] <= 1


def test_a_toi_without_a_signal_gets_a_reason_not_a_zero(loaded):
    scores = score_and_explain(loaded, join_stars(bare_toi(snr=12.0)))
    assert np.isnan(scores["planet_probability"].iloc[0])
    assert "no signal to score" in scores["not_scored_reason"].iloc[0]
    assert scores["explanation"].iloc[0] is None


def test_explanations_are_json(loaded):
    scores = score_and_explain(loaded, join_stars(made_up_tois(5)))
    for explanation in scores["explanation"]:
        json.dumps(explanation, allow_nan=False)


def test_the_probability_of_a_training_toi_is_the_one_without_its_star(loaded):
    """WASP-46 b (TOI-101.01), known before TESS."""
    frame = join_stars(made_up_tois(3))
    scores = score_and_explain(loaded, frame)
    known = pd.DataFrame(loaded.training.table).set_index("toi").loc["101.01"]
    assert known["disposition"] == "KP" and known["tic_id"] == 231663901
    assert scores["planet_probability"].iloc[0] == known["held_out_probability"]
    assert scores["explanation"].iloc[0]["probability"] != pytest.approx(known["held_out_probability"], abs=1e-4)


def test_the_held_out_probabilities_are_those_that_the_manifest_measured(loaded):
    table, manifest = pd.DataFrame(loaded.training.table), loaded.manifest
    final = table[table["disposition"].isin(FINAL)]
    assert len(table) == manifest.training_data.n_dispositioned + manifest.training_data.n_ambiguous
    assert final["disposition"].value_counts().to_dict() == manifest.training_data.dispositions
    auc = roc_auc_score(final["disposition"].isin(PLANETS), final["held_out_probability"])
    assert auc == pytest.approx(manifest.metrics.auc.value, abs=1e-4)


def test_no_rows_give_no_scores(loaded):
    assert len(score_and_explain(loaded, join_stars(made_up_tois(3)).iloc[:0])) == 0


def test_a_star_has_a_planet_if_any_of_its_tois_is_one():
    assert star_probability([0.5, 0.5]) == pytest.approx(0.75)
    assert star_probability([0.9, None, float("nan")]) == pytest.approx(0.9)
    assert star_probability([None]) is None
