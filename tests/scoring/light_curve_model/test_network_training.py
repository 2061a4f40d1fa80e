"""Needs TensorFlow: a real training in small."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from app_tess.cli.light_curves import evaluate_light_curves, train_light_curves
from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model import network
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network_manifest import TrainingPlan
from app_tess.scoring.light_curve_model.network_training import (
    join_views,
    targets,
    train_ensemble,
    train_member,
)
from app_tess.scoring.light_curve_model.trained_network import ARTIFACTS
from app_tess.scoring.light_curve_model.views_file import read_views
from tests.support.views import write_views

pytest.importorskip("tensorflow", reason="training needs requirements-train.txt")
PLAN = TrainingPlan(epochs=2)


class Interrupted(Exception):
    """Stands for a power cut."""


def stop_after_first_epoch(line):
    if "epoch 1 " in line:
        raise Interrupted


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    return join_views([read_views(write_views(folder, mission)) for mission in ("tess", "kepler")])


@pytest.fixture
def small_network(monkeypatch):
    """Branches of a single block: TensorFlow takes most of a short training to compile the full ones."""
    monkeypatch.setattr(network, "GLOBAL_FILTERS", network.GLOBAL_FILTERS[:1])
    monkeypatch.setattr(network, "LOCAL_FILTERS", network.LOCAL_FILTERS[:1])


@pytest.mark.usefixtures("small_network")
def test_an_interrupted_training_goes_on_and_ends_in_the_same_network(data, tmp_path):
    whole = train_member(data, 0, 0, PLAN, tmp_path / "whole")
    with pytest.raises(Interrupted):
        train_member(data, 0, 0, PLAN, tmp_path / "cut", stop_after_first_epoch)
    lines = []
    resumed = train_member(data, 0, 0, PLAN, tmp_path / "cut", lines.append)
    assert len(lines) == 1 and "epoch 2 of 2" in lines[0]
    assert probabilities(resumed, data) == pytest.approx(probabilities(whole, data), abs=1e-6)
    assert train_member(data, 0, 0, PLAN, tmp_path / "cut") == resumed  # a finished member is not trained again


def probabilities(content, data):
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, network_inputs(data.global_view[:50], data.local_view[:50], data.scalars[:50]))[0]


def test_kepler_answers_one_head_and_other_is_left_out_of_junk(tmp_path):
    answers, weights = targets(read_views(write_views(tmp_path, "kepler")))
    assert (weights == [1, 0, 0]).all() and not answers[:, 1:].any()
    tess = read_views(write_views(tmp_path))
    tess.label[0] = "O"
    answers, weights = targets(tess)
    assert weights[0].tolist() == [0, 1, 0] and answers[0].tolist() == [0, 0, 0]
    assert (answers[tess.label == "EB"] == [0, 0, 1]).all()


def test_two_trainings_do_not_share_a_folder(tmp_path):
    views = read_views(write_views(tmp_path))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "plan.json").write_text(json.dumps({"plan": {}, "data": {}}))
    with pytest.raises(TrainingError, match="another plan or other data"):
        train_ensemble([views], PLAN, tmp_path / "work")


def test_a_file_without_labels_cannot_be_trained_on(tmp_path):
    with pytest.raises(TrainingError, match="no array 'label'"):
        join_views([read_views(write_views(tmp_path, drop=("label",)))])


def test_members_trained_side_by_side_are_those_trained_one_after_the_other(tmp_path):
    views = [read_views(write_views(tmp_path))]
    plan = TrainingPlan(epochs=1)
    for fold in range(1, 5):
        put_finished_member(tmp_path / "work", fold)
    together = train_ensemble(views, TrainingPlan(epochs=1, seeds=1), tmp_path / "work", jobs=2)
    assert sorted(together) == [(fold, 0) for fold in range(5)]
    data = join_views(views)
    alone = train_member(data, 0, 0, plan, tmp_path / "alone")
    assert probabilities(together[0, 0], data) == pytest.approx(probabilities(alone, data), abs=1e-5)


def put_finished_member(work, fold):
    """As if the machine had stopped after this member: it spares a test its training."""
    member = work / f"fold{fold}_seed0" / "member.onnx"
    member.parent.mkdir(parents=True)
    member.write_bytes(next(ARTIFACTS.glob("*.onnx")).read_bytes())


@pytest.mark.usefixtures("small_network")
def test_the_commands_finish_a_training_and_evaluate(tmp_path):
    (tmp_path / "views").mkdir()
    path = write_views(tmp_path / "views")
    for fold in range(1, 5):
        put_finished_member(tmp_path / "net" / "unfinished", fold)
    trained = CliRunner().invoke(
        train_light_curves,
        ["--views", str(tmp_path / "views"), "--out", str(tmp_path / "net"), "--epochs", "1", "--seeds", "1"],
    )
    assert trained.exit_code == 0, trained.output
    assert not (tmp_path / "net" / "unfinished").exists()
    result = CliRunner().invoke(
        evaluate_light_curves, ["--views", str(path), "--network", str(tmp_path / "net"), "--json"]
    )
    figures = json.loads(result.stdout)
    assert figures["stars_in_training_data"] == figures["stars"]
    assert set(figures["pc_vs_rest"]["ap"]) == {"value", "low", "high"}
    assert np.isfinite(figures["transit_vs_junk"]["auc"]["value"])
