"""A trained pipeline is loaded only if it is what its manifest describes."""

import json

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.pipeline_manifest import MANIFEST_NAME
from app_tess.scoring.catalogue_model.training_tois import TRAINING_TOIS_NAME, TrainingTois
from app_tess.scoring.common.provenance import installed_versions, sha256_of
from app_tess.scoring.evaluation.seed_network import RawColumns
from tests.support.reports import made_up_training_record


@pytest.fixture
def directory(tmp_path):
    pipeline = Pipeline([("features", RawColumns(("period_d", "snr"))), ("model", LogisticRegression())])
    training = TrainingTois(
        pd.DataFrame({"toi": ["101.10"], "tic_id": [1], "disposition": ["CP"], "log_radius": [1.1]})
    )
    pipeline_file.save(tmp_path, pipeline, made_up_training_record(["period_d", "snr"]), training)
    return tmp_path


def change_manifest(directory, **entries):
    path = directory / MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_what_was_saved_is_loaded(directory):
    loaded = pipeline_file.load(directory)
    assert loaded.manifest.feature_names == ["period_d", "snr"]
    data = (directory / pipeline_file.PIPELINE_NAME).read_bytes()
    assert (loaded.manifest.sha256, loaded.manifest.bytes) == (sha256_of(data), len(data))


def test_an_altered_pickle_is_refused_before_it_is_opened(directory):
    bomb = b"cos\nsystem\n(S'touch " + str(directory / "opened").encode() + b"'\ntR."
    (directory / pipeline_file.PIPELINE_NAME).write_bytes(bomb)
    with pytest.raises(ArtifactError, match="altered"):
        pipeline_file.load(directory)
    assert not (directory / "opened").exists()


def test_altered_training_tois_are_refused(directory):
    (directory / TRAINING_TOIS_NAME).write_text("toi,held_out_probability\n101.10,0.99\n")
    with pytest.raises(ArtifactError, match="training_tois.csv has been altered"):
        pipeline_file.load(directory)


def test_a_toi_of_the_training_is_text(directory):
    assert list(pipeline_file.load(directory).training.table["toi"]) == ["101.10"]


def test_a_missing_pipeline_says_which_command_writes_it(directory):
    (directory / pipeline_file.PIPELINE_NAME).unlink()
    with pytest.raises(ArtifactError, match="app_tess train"):
        pipeline_file.load(directory)


def test_a_manifest_that_is_not_json_is_refused(directory):
    (directory / MANIFEST_NAME).write_text("<html>")
    with pytest.raises(ArtifactError, match="manifest.json"):
        pipeline_file.load(directory)


def test_another_package_version_is_refused_by_name(directory):
    change_manifest(directory, versions=installed_versions(pipeline_file.PACKAGES) | {"scikit-learn": "0.19.1"})
    with pytest.raises(ArtifactError, match="scikit-learn 0.19.1"):
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
