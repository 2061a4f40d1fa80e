"""The whole proof in one file, and the card that is written from it."""

import json

import pytest

from app_tess.errors import ArtifactError, TrainingError
from app_tess.scoring.catalogue_model import artifact
from app_tess.scoring.catalogue_model.frame import join_stars
from app_tess.scoring.catalogue_model.members import Member, boosting, extra_trees
from app_tess.scoring.evaluation import model_card, report
from tests.scoring.support import made_up_tois


@pytest.fixture(scope="module")
def tables():
    """Two dates of a made-up catalogue."""
    first = made_up_tois(300)
    second = first.assign(modified_at="2022-01-01 00:00:00")
    small = (second["planet_radius_rearth"] < 12).map({True: "CP", False: "FP"})
    second["tfopwg_disposition"] = second["tfopwg_disposition"].where(second["tfopwg_disposition"] != "PC", small)
    return [("toi_2020-04-01.csv", join_stars(first)), ("toi_2022-01-01.csv", join_stars(second))]


def test_the_report_holds_pairs_lessons_and_a_track_record_and_fills_the_card(tables, tmp_path):
    pytest.importorskip("tensorflow", reason="the seed network, a baseline, is trained by TensorFlow")
    members = (Member("boosting", boosting, 1), Member("extra trees", extra_trees, 1))
    evaluation, record = report.build_report(tables, progress=lambda sentence: None, members=members)
    report.write_json(tmp_path / report.EVALUATION_NAME, evaluation)
    report.write_json(tmp_path / report.TRACK_RECORD_NAME, record)
    assert (
        report.read_evaluation(tmp_path)["pairs"][0]["n"] == report.read_track_record(tmp_path)["dates"][0]["settled"]
    )
    assert evaluation["every_pair"][0]["above_baselines"].keys() == {"auc", "ap", "brier"}
    model_card.write(tmp_path)
    card = (tmp_path / model_card.NAME).read_text()
    auc = evaluation["pairs"][0]["model"]["auc"]["value"]
    assert f"{auc:.3f}" in card and "2020-04-01 to 2022-01-01" in card
    for part in (
        "What the score means",
        "leak lesson",
        "uncertain",
        "Known failures",
        "what was looked at".capitalize(),
    ):
        assert part.lower() in card.lower()


def test_tables_are_put_in_order_of_their_dates(tables):
    assert [name for name, _ in report.order_snapshots(tables[::-1])] == [name for name, _ in tables]
    with pytest.raises(TrainingError, match="at least two dates"):
        report.order_snapshots(tables[:1])


def test_the_pairs_that_were_aimed_at_are_told_in_detail_and_else_the_one_with_the_most_verdicts():
    aimed = {"train": "toi_2022-06-06.csv.gz", "labels": "toi_2023-07-16.csv.gz", "n": 3}
    few, many = {"train": "one", "labels": "two", "n": 4}, {"train": "one", "labels": "three", "n": 9}
    assert report.pairs_in_detail([few, aimed, many]) == [aimed]
    assert report.pairs_in_detail([few, many]) == [many]


def test_each_figure_aimed_at_is_held_against_what_was_got():
    got = {"auc": {"value": 0.96}, "ap": {"value": 0.9}, "brier": {"value": 0.09}, "ece": {"value": 0.06}}
    rows = report.held_to_targets(
        [
            {
                "train": "toi_2022-06-06.csv.gz",
                "labels": "toi_2023-07-16.csv.gz",
                "train_date": "2022-06-06",
                "labels_date": "2023-07-16",
                "model": got,
            }
        ]
    )
    assert {row["figure"]: row["reached"] for row in rows} == {"auc": True, "ap": False, "brier": True, "ece": False}


def test_a_missing_evaluation_says_which_command_writes_it(tmp_path):
    with pytest.raises(ArtifactError, match="app_tess report"):
        report.read_evaluation(tmp_path)


def test_the_shipped_figures_are_strict_json():
    for name in (report.EVALUATION_NAME, report.TRACK_RECORD_NAME):
        path = artifact.ARTIFACTS_DIRECTORY / name
        json.loads(path.read_text(), parse_constant=lambda constant: pytest.fail(f"{name} holds {constant}"))
