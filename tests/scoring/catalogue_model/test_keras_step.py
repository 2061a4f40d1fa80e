"""The network that TensorFlow trains and ONNX Runtime evaluates."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from app_tess.scoring.catalogue_model.keras_step import KerasClassifierStep


@pytest.fixture(scope="module")
def rows():
    """Two classes that a bent line tells apart, with far outliers as raw catalogue columns have them."""
    random = np.random.default_rng(5)
    matrix = random.normal(size=(160, 6))
    matrix[::20, 2] *= 1e5
    labels = (matrix[:, 0] + matrix[:, 1] ** 2 > 0.7).astype(int)
    return matrix, labels


@pytest.fixture(scope="module")
def step(rows):
    pytest.importorskip("tensorflow", reason="TensorFlow trains the network; requirements-train.txt installs it")
    return KerasClassifierStep(epochs=15, seed=3).fit(*rows)


def test_onnx_agrees_with_tensorflow_to_a_millionth(step, rows):
    by_keras = step.keras_network_.predict(rows[0], verbose=0).reshape(-1)
    by_onnx = step.predict_proba(rows[0])[:, 1]
    assert np.abs(by_keras - by_onnx).max() < 1e-6


def test_it_separates_classes_that_no_line_separates(step, rows):
    trained = KerasClassifierStep(epochs=40, learning_rate=0.03, seed=3).fit(rows[0][:, [0, 1]], rows[1])
    assert trained.score(rows[0][:, [0, 1]], rows[1]) > 0.9


def test_the_same_seed_trains_the_same_network(step, rows):
    again = KerasClassifierStep(epochs=15, seed=3).fit(*rows)
    assert again.onnx_bytes_ == step.onnx_bytes_


def test_another_seed_trains_another_network(step, rows):
    other = KerasClassifierStep(epochs=15, seed=4).fit(*rows)
    assert other.onnx_bytes_ != step.onnx_bytes_


def test_sample_weights_change_the_network(step, rows):
    weights = np.where(rows[1] == 1, 20.0, 0.1)
    weighted = KerasClassifierStep(epochs=15, seed=3).fit(*rows, sample_weight=weights)
    assert weighted.predict_proba(rows[0])[:, 1].mean() > step.predict_proba(rows[0])[:, 1].mean() + 0.1


def test_a_pickled_step_is_evaluated_without_tensorflow(step, rows, tmp_path):
    (tmp_path / "step.pkl").write_bytes(pickle.dumps(step))
    np.save(tmp_path / "rows.npy", rows[0])
    code = (
        "import pickle, sys, numpy\n"
        f"step = pickle.load(open({str(tmp_path / 'step.pkl')!r}, 'rb'))\n"
        f"print(repr(float(step.predict_proba(numpy.load({str(tmp_path / 'rows.npy')!r}))[7, 1])))\n"
        "assert not {'tensorflow', 'keras', 'onnx'} & set(sys.modules)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(answer.stdout) == step.predict_proba(rows[0])[7, 1]


def test_one_class_alone_is_refused(rows):
    with pytest.raises(ValueError, match="two classes"):
        KerasClassifierStep().fit(rows[0], np.ones(len(rows[0])))


def test_training_leaves_keras_as_it_was_for_the_next_network():
    keras = pytest.importorskip("keras")
    before = keras.config.floatx(), keras.config.dtype_policy().name
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(40, 3))
    KerasClassifierStep(epochs=1).fit(matrix, (matrix[:, 0] > 0).astype(int))
    assert (keras.config.floatx(), keras.config.dtype_policy().name) == before
