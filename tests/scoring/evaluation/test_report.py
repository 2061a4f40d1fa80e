"""The report, its layout, and the card that is written from it."""

import json
from dataclasses import replace

import pytest

from app_tess.errors import ArtifactError, TrainingError
from app_tess.scoring.catalogue_model.frame import join_stars
from app_tess.scoring.catalogue_model.pipeline_manifest import ARTIFACTS_DIRECTORY, MANIFEST_NAME, read_manifest
from app_tess.scoring.common.json_records import to_json, write_record
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation import model_card, report, report_schema, track_record_schema
from app_tess.scoring.evaluation.targets import compare_with_targets, pairs_in_detail
from tests.scoring.support import QUICK, made_up_tois
from tests.support.reports import made_up_evaluation, made_up_figures, made_up_pair


@pytest.fixture(scope="module")
def tables():
    """Two dates of a made-up catalogue."""
    first = made_up_tois(300)
    second = first.assign(modified_at="2022-01-01 00:00:00")
    small = (second["planet_radius_rearth"] < 12).map({True: "CP", False: "FP"})
    second["tfopwg_disposition"] = second["tfopwg_disposition"].where(second["tfopwg_disposition"] != "PC", small)
    return [("toi_2020-04-01.csv", join_stars(first)), ("toi_2022-01-01.csv", join_stars(second))]


def test_the_report_has_pairs_input_studies_and_a_track_record_and_fills_the_card(tables, tmp_path):
    pytest.importorskip("tensorflow", reason="the seed network, a baseline, is trained by TensorFlow")
    evaluation, record = report.build_report(tables, progress=lambda sentence: None, members=QUICK)
    write_record(tmp_path / report_schema.EVALUATION_NAME, evaluation)
    write_record(tmp_path / track_record_schema.TRACK_RECORD_NAME, record)
    assert report_schema.read_evaluation(tmp_path) == evaluation
    assert track_record_schema.read_track_record(tmp_path) == record
    assert evaluation.pairs[0].n == record.dates[0].dispositioned
    assert evaluation.every_pair[0].above_baselines.keys() == {"auc", "ap", "brier"}
    model_card.write_card(tmp_path)
    for name, parts in (
        (model_card.CARD_NAME, ("What it gives", "External test", "Where it fails")),
        (model_card.RECORD_NAME, ("What the score means", "Label leakage", "uncertain", "Known failures", "chosen")),
    ):
        text = (tmp_path / name).read_text()
        assert f"{evaluation.pairs[0].model.auc.value:.3f}" in text and "2020-04-01 to 2022-01-01" in text
        assert all(part in text for part in parts)


def test_the_shipped_card_and_record_are_what_their_files_render():
    manifest, evaluation = read_manifest(ARTIFACTS_DIRECTORY), report_schema.read_evaluation(ARTIFACTS_DIRECTORY)
    for name in model_card.TEMPLATES:
        text = model_card.render(name, manifest, evaluation)
        assert (ARTIFACTS_DIRECTORY / name).read_text() == text
    assert len((ARTIFACTS_DIRECTORY / model_card.CARD_NAME).read_text().split()) <= 500


def test_every_row_of_a_table_in_the_record_has_as_many_cells_as_its_head():
    pair = made_up_pair(above_baselines={"auc": False, "ap": True, "brier": None})
    evaluation = made_up_evaluation([pair], with_tic_rows=[pair.summary()])
    record = model_card.render(model_card.RECORD_NAME, read_manifest(ARTIFACTS_DIRECTORY), evaluation)
    assert "as good or better on: a to b (auc)" in record
    for block in record.split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            assert {line.count("|") for line in lines} == {lines[0].count("|")}, block


def test_tables_are_put_in_order_of_their_dates(tables):
    assert [name for name, _ in report.order_snapshots(tables[::-1])] == [name for name, _ in tables]
    with pytest.raises(TrainingError, match="at least two dates"):
        report.order_snapshots(tables[:1])


def test_the_pairs_with_targets_are_in_detail_and_else_the_one_with_the_most_dispositions():
    targeted = made_up_pair(train="toi_2022-06-06.csv.gz", labels="toi_2023-07-16.csv.gz", n=3)
    few, many = made_up_pair(n=4), made_up_pair(n=9)
    assert pairs_in_detail([few, targeted, many]) == [targeted]
    assert pairs_in_detail([few, many]) == [many]


def test_each_target_is_compared_with_what_was_achieved():
    names = {"auc": 0.96, "ap": 0.9, "brier": 0.09, "ece": 0.06}
    figures = made_up_figures(**{name: Figure(value, None, None) for name, value in names.items()})
    pair = made_up_pair(train="toi_2022-06-06.csv.gz", labels="toi_2023-07-16.csv.gz", model=figures)
    results = compare_with_targets([pair])
    assert {row.metric: row.met for row in results} == {"auc": True, "ap": False, "brier": True, "ece": False}
    exactly = replace(figures, auc=Figure(0.95, None, None), brier=Figure(0.095, None, None))
    results = compare_with_targets([replace(pair, model=exactly)])
    assert {row.metric: row.met for row in results} == {"auc": True, "ap": False, "brier": True, "ece": False}


def test_a_missing_evaluation_says_which_command_writes_it(tmp_path):
    with pytest.raises(ArtifactError, match="app_tess report"):
        report_schema.read_evaluation(tmp_path)


def test_the_shipped_files_are_strict_json_of_the_declared_layout():
    for name, read in (
        (MANIFEST_NAME, read_manifest),
        (report_schema.EVALUATION_NAME, report_schema.read_evaluation),
        (track_record_schema.TRACK_RECORD_NAME, track_record_schema.read_track_record),
    ):
        text = (ARTIFACTS_DIRECTORY / name).read_text()
        content = json.loads(text, parse_constant=lambda constant: pytest.fail(f"not JSON: {constant}"))
        assert to_json(read(ARTIFACTS_DIRECTORY)) == content
