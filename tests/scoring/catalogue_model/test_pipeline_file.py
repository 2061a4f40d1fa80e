"""A trained pipeline is loaded only if it is what its manifest describes."""

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES
from app_tess.scoring.catalogue_model.frame import training_rows
from app_tess.scoring.catalogue_model.pickle_records import read_records
from app_tess.scoring.catalogue_model.pipeline import fit_pipeline
from app_tess.scoring.catalogue_model.pipeline_manifest import MANIFEST_NAME
from app_tess.scoring.catalogue_model.training_tois import TRAINING_TOIS_NAME, TrainingTois
from app_tess.scoring.common.provenance import installed_versions, sha256_of
from tests.scoring.support import QUICK, made_up_frame
from tests.support.imports import ROOT
from tests.support.reports import made_up_training_record


@pytest.fixture(scope="module")
def pipeline():
    return fit_pipeline(training_rows(made_up_frame(), "made up"), members=QUICK)


@pytest.fixture
def directory(tmp_path, pipeline):
    known = {"toi": ["101.10", "102.01"], "tic_id": [1, 2], "disposition": ["CP", "FP"], "log_radius": [1.1, np.nan]}
    training = TrainingTois({name: np.array(values) for name, values in known.items()})
    pipeline_file.save(tmp_path, pipeline, made_up_training_record(list(FEATURE_NAMES)), training)
    return tmp_path


def change_manifest(directory, **entries):
    path = directory / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_what_was_saved_is_loaded(directory):
    loaded = pipeline_file.load(directory)
    assert loaded.manifest.feature_names == list(FEATURE_NAMES)
    data = (directory / pipeline_file.PIPELINE_NAME).read_bytes()
    assert (loaded.manifest.sha256, loaded.manifest.bytes) == (sha256_of(data), len(data))


def test_an_altered_pickle_is_refused_before_it_is_opened(directory):
    bomb = b"cos\nsystem\n(S'touch " + str(directory / "opened").encode() + b"'\ntR."
    (directory / pipeline_file.PIPELINE_NAME).write_bytes(bomb)
    with pytest.raises(ArtifactError, match="altered"):
        pipeline_file.load(directory)
    assert not (directory / "opened").exists()


def test_reading_a_pickle_runs_no_code(tmp_path):
    bomb = b"cos\nsystem\n(S'touch " + str(tmp_path / "opened").encode() + b"'\ntR."
    assert read_records(bomb).kind == "system"
    assert not (tmp_path / "opened").exists()


def test_a_model_that_cannot_be_scored_with_is_refused(directory):
    data = pickle.dumps(LogisticRegression())
    (directory / pipeline_file.PIPELINE_NAME).write_bytes(data)
    change_manifest(directory, sha256=sha256_of(data))
    with pytest.raises(ArtifactError, match="cannot be loaded by this version of the code.*LogisticRegression"):
        pipeline_file.load(directory)


def test_loading_and_scoring_import_no_library_of_the_training():
    """scikit-learn, LightGBM, SciPy and pandas would take a second of processor time and 130 MB."""
    script = (
        "import sys, numpy as np; from app_tess.scoring.catalogue_model import pipeline_file\n"
        "from app_tess.scoring.catalogue_model.score_tois import score_tois\n"
        "one = {'toi': np.array(['101.01'], object), 'tic_id': np.array([1]), 'period_d': np.array([3.0])}\n"
        "assert score_tois(pipeline_file.load(), one)[0]['planet_probability'] > 0\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"sklearn", "lightgbm", "scipy", "pandas", "tensorflow"} == set()


def test_altered_training_tois_are_refused(directory):
    (directory / TRAINING_TOIS_NAME).write_text("toi,held_out_probability\n101.10,0.99\n")
    with pytest.raises(ArtifactError, match="training_tois.csv has been altered"):
        pipeline_file.load(directory)


def test_the_training_tois_are_read_as_they_were_written(directory):
    table = pipeline_file.load(directory).training.table
    assert table["toi"].tolist() == ["101.10", "102.01"], "text"
    assert (table["tic_id"].tolist(), table["log_radius"][0]) == ([1, 2], 1.1)
    assert np.isnan(table["log_radius"][1])


def test_a_missing_pipeline_says_which_command_writes_it(directory):
    (directory / pipeline_file.PIPELINE_NAME).unlink()
    with pytest.raises(ArtifactError, match="app_tess train"):
        pipeline_file.load(directory)


def test_a_manifest_that_is_not_json_is_refused(directory):
    (directory / MANIFEST_NAME).write_text("<html>")
    with pytest.raises(ArtifactError, match="manifest.json"):
        pipeline_file.load(directory)


def test_another_package_version_is_refused_by_name(directory):
    change_manifest(directory, versions=installed_versions(pipeline_file.PACKAGES) | {"onnxruntime": "0.1.1"})
    with pytest.raises(ArtifactError, match="onnxruntime 0.1.1"):
        pipeline_file.load(directory)


def test_other_feature_names_are_refused(directory):
    change_manifest(directory, feature_names=["period_d", "tmag"])
    with pytest.raises(ArtifactError, match="other features"):
        pipeline_file.load(directory)


def test_the_shipped_model_loads():
    loaded = pipeline_file.load()
    names = loaded.manifest.feature_names
    assert len(names) == len(set(names)) > 10
    assert 0 < loaded.manifest.bytes < 15_000_000


def test_a_manifest_without_an_entry_is_refused_by_file_and_key(directory):
    path = directory / MANIFEST_NAME
    content = json.loads(path.read_text())
    del content["sha256"]
    path.write_text(json.dumps(content))
    with pytest.raises(ArtifactError, match="manifest.json: no key 'sha256'"):
        pipeline_file.load(directory)
