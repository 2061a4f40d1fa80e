"""Trained on one date, judged by later verdicts."""

import json

import numpy as np
import pytest

from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.features import INPUT_COLUMNS
from app_tess.scoring.catalogue_model.frame import join_stars, planet_labels, training_rows
from app_tess.scoring.catalogue_model.members import Member, boosting, extra_trees
from app_tess.scoring.catalogue_model.pipeline import fit_pipeline
from app_tess.scoring.evaluation import replay
from app_tess.scoring.evaluation.evaluate import above_baselines, evaluate_pair, judged_rows, table_date, train_all
from app_tess.scoring.evaluation.peers import compare, match_scores, read_exominer
from tests.scoring.support import made_up_tois

QUICK = (Member("boosting", boosting, 1), Member("extra trees", extra_trees, 1))


@pytest.fixture(scope="module")
def dates():
    """The same catalogue on two dates: on the second all candidates have a verdict."""
    first = made_up_tois(300)
    second = first.copy()
    small = second["planet_radius_rearth"] < 12
    is_open = second["tfopwg_disposition"] == "PC"
    second.loc[is_open & small, "tfopwg_disposition"] = "CP"
    second.loc[is_open & ~small, "tfopwg_disposition"] = "FP"
    second["modified_at"] = "2021-09-01 00:00:00"
    return join_stars(first), join_stars(second)


@pytest.fixture(scope="module")
def pipeline(dates):
    return fit_pipeline(training_rows(dates[0], "first.csv"), members=QUICK)


@pytest.fixture(scope="module")
def result(dates):
    pytest.importorskip("tensorflow", reason="the seed network, a baseline, is trained by TensorFlow")
    return evaluate_pair(*dates, "first.csv", "second.csv", trained=train_all(dates[0], "first.csv", members=QUICK))


def test_only_tois_open_then_and_settled_later_are_judged(dates):
    judged, verdicts, _ = judged_rows(*dates, "first.csv", "second.csv")
    assert set(judged["tfopwg_disposition"]) == {"PC"}
    assert len(judged) == len(verdicts) == (dates[0]["tfopwg_disposition"] == "PC").sum()


def test_a_toi_number_given_to_another_star_is_not_judged(dates):
    later = dates[1].assign(tic_id=dates[1]["tic_id"] + 1)
    with pytest.raises(TrainingError, match="settles no TOI that is open in first.csv"):
        judged_rows(dates[0], later, "first.csv", "second.csv")


def test_the_result_is_one_json_object_with_intervals(result):
    json.dumps(result, allow_nan=False)
    assert set(result["baselines"]) == {"majority", "logistic_regression", "seed_network", "gradient_boosting"}
    for figures in (result["model"], *result["baselines"].values()):
        assert set(figures["auc"]) == {"value", "low", "high"}
    assert result["baselines"]["majority"]["auc"]["value"] == 0.5
    assert {"radius", "disposition"} <= set(result["slices"])


def test_the_counts_of_the_reliability_bins_add_up(result):
    assert sum(part["n"] for part in result["reliability"]) == result["n"]


def test_labels_that_are_not_later_are_refused_naming_both_files(dates):
    with pytest.raises(TrainingError, match="older.csv.*newer.csv.*must be later"):
        judged_rows(dates[1], dates[0], "newer.csv", "older.csv")
    with pytest.raises(TrainingError, match="must be later"):
        judged_rows(dates[0], dates[0], "same.csv", "same.csv")


def test_a_table_without_dates_is_the_oldest(dates):
    undated = dates[0].assign(alerted_on=None, updated_on=None, modified_at=None)
    assert table_date(undated) is None
    judged_rows(undated, dates[1], "seed.csv", "second.csv")
    with pytest.raises(TrainingError, match="no date"):
        judged_rows(dates[1], undated, "second.csv", "seed.csv")


def test_the_model_is_held_against_each_baseline_by_each_headline():
    def figures(auc, brier):
        return {"auc": {"value": auc}, "ap": {"value": None}, "brier": {"value": brier}}

    answer = above_baselines(figures(0.9, 0.2), {"one": figures(0.8, 0.1), "two": figures(0.7, 0.3)})
    assert answer == {"auc": True, "ap": None, "brier": False}


def test_ambiguous_candidates_teach_but_are_no_verdicts(dates):
    doubted = dates[0]["toi"].isin(dates[0].loc[dates[0]["tfopwg_disposition"] == "PC", "toi"].head(12))
    first = dates[0].assign(tfopwg_disposition=dates[0]["tfopwg_disposition"].mask(doubted, "APC"))
    model = fit_pipeline(training_rows(first, "first.csv"), members=QUICK).named_steps["model"]
    settled = planet_labels(first["tfopwg_disposition"]).notna().sum()
    assert len(model.out_of_fold_["label"]) == settled + 12
    assert (model.out_of_fold_["weight"] > 0).sum() == settled - (first["tfopwg_disposition"] == "KP").sum()
    assert set(model.explainer_.dispositions) <= {"CP", "KP", "FP", "FA"}


def test_the_same_seed_gives_the_same_scores(dates, pipeline):
    again = fit_pipeline(training_rows(dates[0], "first.csv"), members=QUICK)
    assert np.array_equal(again.predict_proba(dates[0]), pipeline.predict_proba(dates[0]))


def test_shuffling_any_column_outside_the_list_changes_no_score(dates, pipeline):
    frame, random = dates[0], np.random.default_rng(3)
    before = pipeline.predict_proba(frame)
    outside = set(frame.columns) - set(INPUT_COLUMNS)
    assert {"tfopwg_disposition", "comments", "source", "modified_at", "epoch_btjd"} <= outside
    for column in outside:
        shuffled = frame.assign(**{column: random.permutation(frame[column].to_numpy())})
        assert np.array_equal(pipeline.predict_proba(shuffled), before), column


def test_the_replay_grades_frozen_scores_by_the_first_later_verdict(dates, pipeline):
    record = replay.replay([("first.csv", dates[0]), ("second.csv", dates[1])], pipelines={"first.csv": pipeline})
    date = record["dates"][0]
    assert date["settled"] == date["open"] == sum(date["called"].values())
    assert record["years"][0]["year"] == "2021"
    json.dumps(record, allow_nan=False)


def test_a_replay_of_one_table_is_refused(dates):
    with pytest.raises(TrainingError, match="at least two dates"):
        replay.replay([("first.csv", dates[0])])


def test_exominer_is_matched_by_star_and_period(dates, tmp_path):
    rows = dates[0].iloc[:2]
    lines = [
        f"{rows['tic_id'].iloc[0]},{0.8},{rows['period_d'].iloc[0] * 1.005}",
        f"{rows['tic_id'].iloc[1]},{0.9},{rows['period_d'].iloc[1] * 1.02}",
    ]
    path = tmp_path / "exominer.csv"
    path.write_text("TIC ID,ExoMiner Score,Orbital Period [day]\n" + "\n".join(lines) + "\n")
    scores = match_scores(rows, read_exominer(path))
    assert scores[0] == 0.8 and np.isnan(scores[1])


def test_a_peer_table_without_its_columns_is_refused_by_name(tmp_path):
    path = tmp_path / "peers.csv"
    path.write_text("TIC ID,Score\n1,0.5\n")
    with pytest.raises(TrainingError, match="peers.csv: has no column 'ExoMiner Score'"):
        read_exominer(path)


def test_too_few_common_tois_give_a_count_and_no_figures(dates):
    import pandas as pd

    judged = dates[0].iloc[:5]
    nothing = pd.DataFrame({"tic_id": [], "period_d": [], "score": []})
    answer = compare(judged, planet_labels(dates[1]["tfopwg_disposition"]).to_numpy()[:5], np.full(5, 0.5), nothing)
    assert answer["n"] == 0 and "ours" not in answer and "above 0.1" in answer["censoring"]
