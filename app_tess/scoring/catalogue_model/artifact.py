"""A trained pipeline on disk: written with its manifest, and opened only when it is what the manifest says.

A pickle runs code when it is opened, so its sha256 is compared with the manifest's first.
"""

import hashlib
import importlib.metadata
import json
import pickle
from dataclasses import dataclass
from pathlib import Path

from app_tess.errors import ArtifactError

ARTIFACTS_DIRECTORY = Path(__file__).parent / "artifacts"
"""The model that ships with the package."""

PIPELINE_NAME, MANIFEST_NAME = "pipeline.pkl", "manifest.json"

PACKAGES = ("scikit-learn", "numpy", "pandas", "lightgbm", "onnxruntime")
"""Packages whose versions a pickle depends on; their major and minor numbers must be those of the training."""


@dataclass(frozen=True)
class LoadedPipeline:
    """A pipeline that was checked against its manifest."""

    pipeline: object
    """scikit-learn Pipeline: scoring frame -> probabilities (N, 2); column 1 is the planet's."""
    manifest: dict
    sha256: str

    @property
    def feature_names(self):
        return list(self.manifest["feature_names"])


def save(directory, pipeline, manifest):
    """Write pipeline.pkl and manifest.json; returns the manifest with sha256, size and versions filled in."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    data = pickle.dumps(pipeline, protocol=5)
    manifest = manifest | {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "versions": installed_versions(),
    }
    (directory / PIPELINE_NAME).write_bytes(data)
    text = json.dumps(manifest, indent=1, sort_keys=True, allow_nan=False)
    (directory / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")
    return manifest


def load(directory=ARTIFACTS_DIRECTORY):
    """Load the pipeline in `directory`, after checking it against its manifest.

    Raises
    ------
    ArtifactError
        A file is missing or unreadable, the pickle's sha256 is not the manifest's, a package has another version
        than the pickle needs, or the features are not those this code computes. The message names the file.
    """
    directory = Path(directory)
    manifest = read_manifest(directory)
    path = directory / PIPELINE_NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArtifactError(
            f"{path}: the trained pipeline is missing; `flask --app app_tess train` writes it"
        ) from error
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != manifest["sha256"]:
        raise ArtifactError(
            f"{path}: its sha256 is {sha256[:12]}..., not {manifest['sha256'][:12]}... as in "
            f"{MANIFEST_NAME}; it was altered and is not opened"
        )
    _refuse_other_versions(directory / MANIFEST_NAME, manifest["versions"])
    try:
        pipeline = pickle.loads(data)
    except Exception as error:  # a pickle of this sha256 can still name a class this code has no more
        raise ArtifactError(f"{path}: cannot be opened by this version of the code ({error})") from error
    names = list(pipeline.named_steps["features"].get_feature_names_out())
    if names != manifest["feature_names"]:
        raise ArtifactError(f"{path}: computes other features than {MANIFEST_NAME} lists; train it again")
    return LoadedPipeline(pipeline, manifest, sha256)


def read_manifest(directory):
    """manifest.json as a dict, with the entries that loading needs."""
    path = Path(directory) / MANIFEST_NAME
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: the manifest of the trained pipeline is missing or not JSON") from error
    for entry in ("sha256", "versions", "feature_names"):
        if not isinstance(manifest, dict) or entry not in manifest:
            raise ArtifactError(f"{path}: has no entry '{entry}'")
    return manifest


def installed_versions():
    """Version of each package the pickle depends on, as installed here (None where absent)."""
    return {package: _version(package) for package in PACKAGES}


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _refuse_other_versions(path, trained_with):
    for package, here in installed_versions().items():
        trained = trained_with.get(package)
        if trained is None or here is None or trained.split(".")[:2] != here.split(".")[:2]:
            raise ArtifactError(
                f"{path}: the pipeline was trained with {package} {trained}, here is {here}; install "
                f"requirements.txt or train it again"
            )
