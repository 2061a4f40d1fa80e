"""Trained on one date, evaluated on later dispositions."""

import json

import numpy as np
import pytest

from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.feature_list import INPUT_COLUMNS
from app_tess.scoring.catalogue_model.frame import join_stars, planet_labels, table_date, training_rows
from app_tess.scoring.catalogue_model.pipeline import fit_pipeline
from app_tess.scoring.common.json_records import from_json, to_json
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation import replay
from app_tess.scoring.evaluation.date_pairs import above_baselines, evaluate_pair, evaluated_rows, train_all
from app_tess.scoring.evaluation.exominer_comparison import compare, match_scores, read_exominer
from app_tess.scoring.evaluation.report_schema import PairEvaluation
from app_tess.scoring.evaluation.track_record_schema import TrackRecord
from tests.scoring.support import QUICK, made_up_tois, seed_network_without_tensorflow
from tests.support.reports import UNDEFINED, made_up_figures


@pytest.fixture(scope="module")
def dates():
    """The same catalogue on two dates: on the second all candidates are dispositioned."""
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
    with seed_network_without_tensorflow():
        return evaluate_pair(*dates, "first.csv", "second.csv", trained=train_all(dates[0], "first.csv", members=QUICK))


def test_only_tois_open_then_and_dispositioned_later_are_evaluated(dates):
    evaluated, outcomes, _ = evaluated_rows(*dates, "first.csv", "second.csv")
    assert set(evaluated["tfopwg_disposition"]) == {"PC"}
    assert len(evaluated) == len(outcomes) == (dates[0]["tfopwg_disposition"] == "PC").sum()


def test_a_toi_number_given_to_another_star_is_not_evaluated(dates):
    later = dates[1].assign(tic_id=dates[1]["tic_id"] + 1)
    with pytest.raises(TrainingError, match="no final disposition for a TOI that is open in first.csv"):
        evaluated_rows(dates[0], later, "first.csv", "second.csv")


def test_the_result_is_one_json_object_with_intervals(result):
    content = to_json(result)
    assert from_json(PairEvaluation, json.loads(json.dumps(content, allow_nan=False)), "result") == result
    assert set(result.baselines) == {"majority", "logistic_regression", "seed_network", "gradient_boosting"}
    for figures in (content["model"], *content["baselines"].values()):
        assert set(figures["auc"]) == {"value", "low", "high"}
    assert result.baselines["majority"].auc.value == 0.5
    assert {"radius", "disposition"} <= set(result.slices)


def test_the_counts_of_the_reliability_bins_add_up(result):
    assert sum(part.n for part in result.reliability) == result.n


def test_labels_that_are_not_later_are_refused_naming_both_files(dates):
    with pytest.raises(TrainingError, match="older.csv.*newer.csv.*must be later"):
        evaluated_rows(dates[1], dates[0], "newer.csv", "older.csv")
    with pytest.raises(TrainingError, match="must be later"):
        evaluated_rows(dates[0], dates[0], "same.csv", "same.csv")


def test_a_table_without_dates_is_the_oldest(dates):
    undated = dates[0].assign(alerted_on=None, updated_on=None, modified_at=None)
    assert table_date(undated) is None
    evaluated_rows(undated, dates[1], "seed.csv", "second.csv")
    with pytest.raises(TrainingError, match="no date"):
        evaluated_rows(dates[1], undated, "second.csv", "seed.csv")


def test_the_model_is_compared_with_each_baseline_by_each_metric():
    def figures(auc, brier):
        return made_up_figures(auc=Figure(auc, None, None), ap=UNDEFINED, brier=Figure(brier, None, None))

    answer = above_baselines(figures(0.9, 0.2), {"one": figures(0.8, 0.1), "two": figures(0.7, 0.3)})
    assert answer == {"auc": True, "ap": None, "brier": False}


def test_ambiguous_candidates_are_trained_on_but_not_evaluated(dates):
    doubted = dates[0]["toi"].isin(dates[0].loc[dates[0]["tfopwg_disposition"] == "PC", "toi"].head(12))
    first = dates[0].assign(tfopwg_disposition=dates[0]["tfopwg_disposition"].mask(doubted, "APC"))
    model = fit_pipeline(training_rows(first, "first.csv"), members=QUICK).named_steps["model"]
    dispositioned = planet_labels(first["tfopwg_disposition"]).notna().sum()
    assert len(model.out_of_fold_["label"]) == dispositioned + 12
    assert (model.out_of_fold_["weight"] > 0).sum() == dispositioned - (first["tfopwg_disposition"] == "KP").sum()
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


def test_the_replay_compares_frozen_scores_with_the_first_later_disposition(dates, pipeline):
    record = replay.replay([("first.csv", dates[0]), ("second.csv", dates[1])], pipelines={"first.csv": pipeline})
    date = record.dates[0]
    assert date.dispositioned == date.open == sum(vars(date.predictions).values())
    assert record.years[0].year == "2021"
    assert from_json(TrackRecord, json.loads(json.dumps(to_json(record), allow_nan=False)), "record") == record


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

    rows = dates[0].iloc[:5]
    nothing = pd.DataFrame({"tic_id": [], "period_d": [], "score": []})
    answer = compare(rows, planet_labels(dates[1]["tfopwg_disposition"]).to_numpy()[:5], np.full(5, 0.5), nothing)
    assert answer.n == 0 and answer.ours is None and "above 0.1" in answer.censoring
