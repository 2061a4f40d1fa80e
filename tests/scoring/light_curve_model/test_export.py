"""Needs onnx, which is installed for training only."""

import numpy as np
import pytest
from scipy.special import log_softmax

from app_tess.scoring.light_curve_model import trees
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network_training import join_views
from app_tess.scoring.light_curve_model.objects import join_objects
from app_tess.scoring.light_curve_model.views_file import read_views
from tests.support.members import linear_network
from tests.support.views import NO_BINARIES, NO_TOIS, write_views

pytest.importorskip("onnx", reason="export needs requirements-train.txt")


def evaluate(content, inputs):
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {value.name: inputs[value.name] for value in session.get_inputs()})[0]


def mean_score(repeats, features):
    return np.mean([model.predict(features, raw_score=True) for model in repeats], axis=0)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setitem(trees.SETTINGS, "n_estimators", 8)
    files = [read_views(write_views(tmp_path, mission)) for mission in ("tess", "kepler")]
    return join_views(files, join_objects(files[:1], NO_TOIS, NO_BINARIES))


def test_the_graph_gives_the_mean_of_each_members_network_and_trees(data):
    from app_tess.scoring.light_curve_model.export import join_members

    members = [(linear_network(fold), trees.fit_trees(data, fold)) for fold in (0, 1)]
    members.append((linear_network(2), members[0][1]))
    inputs = network_inputs(*data.views(np.arange(0, len(data.fold), 7)))
    joined = evaluate(join_members(members), inputs)
    for logits, (content, fitted) in zip(joined, members, strict=True):
        network = evaluate(content, inputs)
        features = trees.tree_features(fitted.projections, inputs)
        kepler = mean_score(fitted.kepler, features)
        classes = np.full((len(features), 5), -15.0)  # V, IS and J do not occur: the file's junk is not divided
        classes[:, :2] = 0.0
        classes[:, 1] = mean_score(fitted.classes, features)
        assert logits[:, 0] == pytest.approx((network[:, 0] + kepler) / 2, abs=1e-3)
        mean = (log_softmax(network[:, 1:], axis=1) + log_softmax(classes, axis=1)) / 2
        assert logits[:, 1:] == pytest.approx(mean, abs=1e-3)


def test_trees_do_not_depend_on_the_stars_of_their_own_fold(data):
    from dataclasses import replace

    spoiled = data.answers.copy()
    spoiled[data.fold == 2] = spoiled[data.fold == 2][::-1]
    inputs = network_inputs(*data.views(slice(0, 50)))

    def scores(training, fold):
        fitted = trees.fit_trees(training, fold)
        return mean_score(fitted.kepler, trees.tree_features(fitted.projections, inputs))

    other = replace(data, answers=spoiled)
    assert (scores(data, 2) == scores(other, 2)).all()
    assert (scores(data, 0) != scores(other, 0)).any()
