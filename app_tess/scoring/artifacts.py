"""Whether the files of the trained models are those that their manifests name, without loading a model."""

from functools import lru_cache
from pathlib import Path

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model import pipeline_manifest
from app_tess.scoring.catalogue_model.pipeline_manifest import PIPELINE_NAME
from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.common.provenance import sha256_of, short_path
from app_tess.scoring.light_curve_model import network_manifest
from app_tess.scoring.light_curve_model.network_manifest import NetworkManifest


def verify_artifacts(
    catalogue_model: Path = pipeline_manifest.ARTIFACTS_DIRECTORY, network: Path = network_manifest.ARTIFACTS
) -> int:
    """Compare every file of both models with the SHA-256 in its manifest; return their number.

    A file is read again only when its size or its time of change differs from the last call.

    Raises
    ------
    ArtifactError
        A file is missing or altered; the message names it.
    """
    pipeline = pipeline_manifest.read_manifest(catalogue_model)
    manifest = read_record(network / network_manifest.MANIFEST_NAME, NetworkManifest, network_manifest.COMMAND)
    expected = {
        catalogue_model / PIPELINE_NAME: pipeline.sha256,
        network / manifest.trained_stars.file: manifest.trained_stars.sha256,
        network / manifest.ensemble.file: manifest.ensemble.sha256,
    }
    for path, sha256 in expected.items():
        try:
            stat = path.stat()
            found = _sha256_of_file(path, stat.st_mtime_ns, stat.st_size)
        except OSError as error:
            raise ArtifactError(f"{short_path(path)} is missing.") from error
        if found != sha256:
            raise ArtifactError(f"{short_path(path)} has been altered.")
    return len(expected)


@lru_cache(maxsize=64)
def _sha256_of_file(path: Path, _changed_ns: int, _size: int) -> str:
    return sha256_of(path.read_bytes())
