"""Write a trained pipeline with its manifest, and read from it what scoring needs, if the manifest describes it.

Its SHA-256 is compared with the manifest first; then it is read as plain data, which runs no code of it.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES
from app_tess.scoring.catalogue_model.pipeline_manifest import (
    ARTIFACTS_DIRECTORY,
    MANIFEST_NAME,
    PIPELINE_NAME,
    TRAIN_COMMAND,
    PipelineManifest,
    TrainingRecord,
    read_manifest,
)
from app_tess.scoring.catalogue_model.scoring_model import ScoringModel, read_model
from app_tess.scoring.catalogue_model.training_tois import TRAINING_TOIS_NAME, TrainingTois, read_training_tois
from app_tess.scoring.common.json_records import write_record
from app_tess.scoring.common.provenance import installed_versions, read_verified, sha256_of, short_path

PACKAGES = ("scikit-learn", "numpy", "pandas", "lightgbm", "onnxruntime")
"""Packages whose objects are in the pickle; the manifest records their versions."""

USED = ("numpy", "onnxruntime")
"""Those of them that scoring uses: their major and minor versions must be those of the training."""


@dataclass(frozen=True)
class LoadedPipeline:
    """A pipeline that was verified against its manifest."""

    model: ScoringModel
    manifest: PipelineManifest
    training: TrainingTois


def save(directory: Path, pipeline: Any, record: TrainingRecord, training: TrainingTois) -> PipelineManifest:
    """Write pipeline.pkl, training_tois.csv and manifest.json to a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    data, tois = pickle.dumps(pipeline, protocol=5), training.to_csv()
    manifest = PipelineManifest(
        **vars(record),
        sha256=sha256_of(data),
        bytes=len(data),
        training_tois_sha256=sha256_of(tois),
        versions=installed_versions(PACKAGES),
    )
    (directory / PIPELINE_NAME).write_bytes(data)
    (directory / TRAINING_TOIS_NAME).write_bytes(tois)
    write_record(directory / MANIFEST_NAME, manifest, sort_keys=True)
    return manifest


def load(directory: Path = ARTIFACTS_DIRECTORY) -> LoadedPipeline:
    """Load the pipeline in a directory, after verifying it against its manifest.

    Raises
    ------
    ArtifactError
        A file is missing or unreadable, its SHA-256 differs from the manifest, a package has another
        version than in the training, or the pipeline needs other features than ours. The message names the file.
    """
    manifest = read_manifest(directory)
    path = directory / PIPELINE_NAME
    data = read_verified(path, manifest.sha256, TRAIN_COMMAND)
    _refuse_other_versions(directory / MANIFEST_NAME, manifest.versions)
    try:
        model = read_model(data)
    except Exception as error:  # a verified pickle can still hold a model of which this code knows nothing
        raise ArtifactError(f"{short_path(path)} cannot be loaded by this version of the code ({error}).") from error
    if manifest.feature_names != list(FEATURE_NAMES):
        raise ArtifactError(
            f"{short_path(path)} needs other features than this version of the code computes; `{TRAIN_COMMAND}` "
            "writes it anew."
        )
    tois = read_verified(directory / TRAINING_TOIS_NAME, manifest.training_tois_sha256, TRAIN_COMMAND)
    return LoadedPipeline(model, manifest, read_training_tois(tois))


def _refuse_other_versions(path: Path, trained_with: dict[str, str | None]) -> None:
    for package, here in installed_versions(USED).items():
        trained = trained_with.get(package)
        if trained is None or here is None or trained.split(".")[:2] != here.split(".")[:2]:
            raise ArtifactError(
                f"{short_path(path)}: the pipeline was trained with {package} {trained}, but {here} is installed; "
                f"install requirements.txt or run `{TRAIN_COMMAND}`."
            )
