"""Needs TensorFlow: a real training in small."""

import importlib
import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from click.testing import CliRunner

from app_tess.cli import light_curves
from app_tess.cli.light_curves import evaluate_light_curves, train_light_curves
from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model import network_training, trees
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network_manifest import TrainingPlan
from app_tess.scoring.light_curve_model.network_training import (
    join_views,
    masked_loss,
    train_ensemble,
    train_member,
)
from app_tess.scoring.light_curve_model.objects import join_objects
from app_tess.scoring.light_curve_model.views_file import ANY_JUNK, read_views
from tests.support.members import linear_network
from tests.support.views import NO_BINARIES, NO_TOIS, write_views

PLAN = TrainingPlan(epochs=2, global_filters=(4,), local_filters=(4,))
"""Branches of a single block: TensorFlow takes most of a short training to compile the full ones."""


class Interrupted(Exception):
    """Stands for a power cut."""


def stop_after_first_epoch(line):
    if "epoch 1 " in line:
        raise Interrupted


@pytest.fixture(scope="module", autouse=True)
def tensorflow():
    """Not imported when tests are collected: it would take 4 s and 400 MB in every process of the test run."""
    return pytest.importorskip("tensorflow", reason="training needs requirements-train.txt")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    return joined([read_views(write_views(folder, mission, count=200)) for mission in ("tess", "kepler")])


@pytest.fixture
def step_by_step(tensorflow):
    """Let TensorFlow execute each operation as it comes: compiling takes longer than a training of a few steps."""
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture
def few_trees(monkeypatch):
    monkeypatch.setitem(trees.SETTINGS, "n_estimators", 4)


def joined(files):
    return join_views(files, join_objects([v for v in files if v.mission == "tess"], NO_TOIS, NO_BINARIES))


def test_an_interrupted_training_goes_on_and_ends_in_the_same_network(data, tmp_path, step_by_step):
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
    inputs = network_inputs(*data.views(slice(0, 50)))
    return session.run(None, {value.name: inputs[value.name] for value in session.get_inputs()})[0]


def test_kepler_answers_its_head_and_the_other_events_the_classes_that_are_possible(tmp_path):
    tess = read_views(write_views(tmp_path))
    tess.label[0], tess.label[1] = "O", ""
    files = [read_views(write_views(tmp_path, "kepler")), tess]
    data = joined(files)
    kepler = data.answers[:, 1] > 0
    assert kepler.sum() == 400 and (data.answers[kepler, 0] == (files[0].label == "PC")).all()
    assert not data.answers[kepler, -1].any()
    possible = data.answers[~kepler, 2:-1]
    assert len(possible) == 398  # neither the other kind nor the unlabeled event
    assert (possible[tess.label[2:] == "EB"] == [0, 1, 0, 0, 0]).all()
    assert (possible[tess.label[2:] == ANY_JUNK] == [0, 0, 1, 1, 1]).all()


def test_the_loss_counts_only_what_is_known_and_adds_the_probabilities_of_all_possible_classes():
    from scipy.special import softmax

    logits = np.array([[0.3, 1.0, 2.0, 0.5, -1.0, 0.0]] * 3, dtype=np.float32)
    answers = np.array(
        [[1, 1, 1, 1, 1, 1, 1, 0], [0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1, 1, 0.5]], dtype=np.float32
    )
    loss = np.asarray(masked_loss(answers, logits))
    p = softmax(logits[0, 1:])
    wanted = [np.log1p(np.exp(-0.3)), -np.log(p[1]), -0.5 * np.log(p[2:].sum())]
    assert loss == pytest.approx(wanted, abs=1e-5)


def test_two_trainings_do_not_share_a_folder(tmp_path):
    views = read_views(write_views(tmp_path))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "plan.json").write_text(json.dumps({"plan": {}, "data": {}}))
    with pytest.raises(TrainingError, match="another plan or other data"):
        train_ensemble([views], joined([views]), PLAN, tmp_path / "work")


def test_a_kepler_file_without_labels_cannot_be_trained_on(tmp_path):
    with pytest.raises(TrainingError, match="no array 'label'"):
        joined([read_views(write_views(tmp_path, "kepler", drop=("label",)))])


def train_step_by_step(*member):
    """In a process of its own, which does not know what `step_by_step` has set in this one."""
    importlib.import_module("tensorflow").config.run_functions_eagerly(True)
    return train_member(*member)


def test_members_trained_side_by_side_are_those_trained_one_after_the_other(
    tmp_path, few_trees, step_by_step, monkeypatch
):
    monkeypatch.setattr(network_training, "train_member", train_step_by_step)
    views = [read_views(write_views(tmp_path))]
    plan = replace(PLAN, epochs=1)
    for fold in range(1, 5):
        put_finished_member(tmp_path / "work", fold)
    data = joined(views)
    together = train_ensemble(views, data, plan, tmp_path / "work", jobs=2)
    assert sorted(together) == [(fold, 0) for fold in range(5)]
    alone = train_member(data, 0, 0, plan, tmp_path / "alone")
    assert probabilities(together[0, 0][0], data) == pytest.approx(probabilities(alone, data), abs=1e-5)


def put_finished_member(work, fold):
    """As if the machine had stopped after this member: it spares a test its training."""
    member = work / f"fold{fold}_seed0" / "member.onnx"
    member.parent.mkdir(parents=True)
    member.write_bytes(linear_network())


def test_the_commands_finish_a_training_and_evaluate(tmp_path, few_trees, step_by_step, monkeypatch):
    small = {"global_filters": PLAN.global_filters, "local_filters": PLAN.local_filters}
    monkeypatch.setattr(light_curves, "TrainingPlan", partial(TrainingPlan, **small))
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
    manifest = json.loads((tmp_path / "net" / "manifest.json").read_text())
    assert manifest["plan"]["global_filters"] == list(PLAN.global_filters)
    assert figures["stars_in_training_data"] == figures["stars"]
    assert set(figures["pc_vs_rest"]["ap"]) == {"value", "low", "high"}
    assert np.isfinite(figures["transit_vs_junk"]["auc"]["value"])
