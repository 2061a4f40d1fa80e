"""A model's file that is not what its manifest describes is found without loading the model."""

import shutil

import pytest

from app_tess.errors import ArtifactError
from app_tess.scoring.artifacts import verify_artifacts
from app_tess.scoring.light_curve_model.network_manifest import ARTIFACTS


def test_the_shipped_models_are_whole():
    assert verify_artifacts() == 3


@pytest.mark.parametrize("name", ["ensemble.onnx", "trained_stars.npz"])
def test_an_altered_and_a_missing_file_are_named(tmp_path, name):
    network = tmp_path / "network"
    shutil.copytree(ARTIFACTS, network)
    assert verify_artifacts(network=network)
    content = (network / name).read_bytes()
    (network / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ArtifactError, match=f"{name} has been altered"):
        verify_artifacts(network=network)
    (network / name).unlink()
    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        verify_artifacts(network=network)
