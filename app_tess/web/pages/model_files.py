"""The files of the trained model that the pages show, and how their figures are written."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model.pipeline_manifest import (
    ARTIFACTS_DIRECTORY,
    MANIFEST_NAME,
    PipelineManifest,
    read_manifest,
)
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation.report_schema import EVALUATION_NAME, Evaluation, read_evaluation
from app_tess.scoring.evaluation.track_record_schema import TRACK_RECORD_NAME, TrackRecord, read_track_record
from app_tess.scoring.light_curve_model.network_manifest import NetworkManifest, read_network_manifest
from app_tess.scoring.light_curve_model.real_files import RealFiles, read_real_files

Record = TypeVar("Record")

CARD_NAME = "MODEL_CARD.md"

LABELS = {
    "auc": "AUC",
    "ap": "average precision",
    "brier": "Brier score",
    "log_loss": "log loss",
    "ece": "calibration error (ECE)",
    "recall_at_precision_90": "recall at precision 0.90",
    "recall_at_precision_95": "recall at precision 0.95",
}
"""Metrics whose label is not their name."""


def model_directory() -> Path:
    """Return where the model in use is; tests put another one in its place."""
    return Path(current_app.config.get("MODEL_DIRECTORY", ARTIFACTS_DIRECTORY))


def find_manifest() -> PipelineManifest | None:
    """Return the manifest of the model, or None if there is none; ArtifactError if it cannot be read."""
    return _find(MANIFEST_NAME, read_manifest)


def find_evaluation() -> Evaluation | None:
    """Return the evaluation report, or None if there is none; ArtifactError if it cannot be read."""
    return _find(EVALUATION_NAME, read_evaluation)


def find_track_record() -> TrackRecord | None:
    """Return the replayed track record, or None if there is none; ArtifactError if it cannot be read."""
    return _find(TRACK_RECORD_NAME, read_track_record)


@lru_cache(maxsize=1)
def find_network() -> NetworkManifest:
    """Return the manifest of the light-curve network; ArtifactError if it cannot be read."""
    return read_network_manifest()


@lru_cache(maxsize=1)
def find_real_files() -> RealFiles:
    """Return what the network says of real files; ArtifactError if the record cannot be read."""
    return read_real_files()


def find_card() -> str | None:
    """Return the text of the model card, or None."""
    path = model_directory() / CARD_NAME
    return path.read_text(encoding="utf-8") if path.exists() else None


def try_to(find: Callable[[], Record | None]) -> tuple[Record | None, str | None]:
    """Return what a `find_` function finds, and the reason why it cannot be read, or None."""
    try:
        return find(), None
    except ArtifactError as error:
        return None, str(error)


def version_of(name: str) -> tuple[str, int, int] | None:
    """Return what changes when a file of the model is replaced, or None if there is none."""
    path = model_directory() / name
    try:
        file = path.stat()
    except FileNotFoundError:
        return None
    return str(path), file.st_mtime_ns, file.st_size


def _find(name: str, read: Callable[[Path], Record]) -> Record | None:
    version = version_of(name)
    return version and _read_once(read, model_directory(), *version[1:])


@lru_cache(maxsize=6)
def _read_once(read: Callable[[Path], Any], directory: Path, _modified_ns: int, _size: int) -> Any:
    """Read a file, which takes a tenth of a second, again only after it has changed."""
    return read(directory)


def label(name: str) -> str:
    """Label a metric or a key of a report: `seed_network` -> "seed network"."""
    return LABELS.get(name, name.replace("_", " "))


def figure_text(figure: Figure | None) -> str:
    """Write a figure with its interval, 0.922 (0.901 to 0.940), or a dash if it is undefined."""
    if figure is None or figure.value is None:
        return "–"
    interval = "" if figure.low is None else f" ({figure.low:.3f} to {figure.high:.3f})"
    return f"{figure.value:.3f}{interval}"
