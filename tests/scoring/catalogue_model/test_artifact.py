"""A trained pipeline is opened only when it is what its manifest says."""

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model import artifact
from app_tess.scoring.evaluation.seed_network import RawColumns


@pytest.fixture
def directory(tmp_path):
    pipeline = Pipeline([("features", RawColumns(("period_d", "snr"))), ("model", LogisticRegression())])
    artifact.save(tmp_path, pipeline, {"feature_names": ["period_d", "snr"]})
    return tmp_path


def change_manifest(directory, **entries):
    path = directory / artifact.MANIFEST_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_what_was_saved_is_loaded(directory):
    loaded = artifact.load(directory)
    assert loaded.feature_names == ["period_d", "snr"]
    assert loaded.sha256 == loaded.manifest["sha256"]


def test_an_altered_pickle_is_refused_before_it_is_opened(directory):
    bomb = b"cos\nsystem\n(S'touch " + str(directory / "opened").encode() + b"'\ntR."
    (directory / artifact.PIPELINE_NAME).write_bytes(bomb)
    with pytest.raises(ArtifactError, match="altered"):
        artifact.load(directory)
    assert not (directory / "opened").exists()


def test_a_missing_pipeline_says_which_command_writes_it(directory):
    (directory / artifact.PIPELINE_NAME).unlink()
    with pytest.raises(ArtifactError, match="app_tess train"):
        artifact.load(directory)


def test_a_manifest_that_is_not_json_is_refused(directory):
    (directory / artifact.MANIFEST_NAME).write_text("<html>")
    with pytest.raises(ArtifactError, match="manifest.json"):
        artifact.load(directory)


def test_another_package_version_is_refused_by_name(directory):
    change_manifest(directory, versions=artifact.installed_versions() | {"scikit-learn": "0.19.1"})
    with pytest.raises(ArtifactError, match="scikit-learn 0.19.1"):
        artifact.load(directory)


def test_other_feature_names_are_refused(directory):
    change_manifest(directory, feature_names=["period_d", "tmag"])
    with pytest.raises(ArtifactError, match="other features"):
        artifact.load(directory)


def test_the_shipped_model_loads():
    loaded = artifact.load()
    assert len(loaded.feature_names) == len(set(loaded.feature_names)) > 10
    assert np.isfinite(loaded.manifest["bytes"]) and loaded.manifest["bytes"] < 15_000_000
