"""The manifest of the trained pipeline: what it was trained on, how, and with what result."""

from dataclasses import dataclass
from pathlib import Path

from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.common.metrics import Figures
from app_tess.scoring.common.provenance import SourceFile

ARTIFACTS_DIRECTORY = Path(__file__).parent / "artifacts"
"""The model that ships with the package."""

MANIFEST_NAME = "manifest.json"

PIPELINE_NAME = "pipeline.pkl"

TRAIN_COMMAND = "flask --app app_tess train"


@dataclass(frozen=True)
class TrainingData:
    """The training table; counts are of TOIs."""

    files: list[SourceFile]
    date: str | None
    """Newest date in the TOI table."""
    n_tois: int
    n_dispositioned: int
    n_ambiguous: int
    base_rate: float
    """Fraction of planets among the dispositioned TOIs."""
    dispositions: dict[str, int]


@dataclass(frozen=True)
class MemberRecord:
    """A member of the ensemble, with out-of-fold log losses."""

    weight: float
    log_loss_alone: float
    ensemble_log_loss_without: float | None


@dataclass(frozen=True)
class OutOfFoldFigures(Figures):
    """Figures of the out-of-fold predictions on the training rows."""

    protocol: str


@dataclass(frozen=True)
class ConformalThresholds:
    """Where the conformal set contains each label, and the error it was drawn for."""

    planet_from: float
    other_up_to: float
    error: float


@dataclass(frozen=True)
class TrainingRecord:
    """What one training produced, without the file it was written to."""

    name: str
    seed: int
    feature_names: list[str]
    training_data: TrainingData
    known_planet_weight: float
    ambiguous_weight: float
    members: dict[str, MemberRecord]
    corrections: dict[str, float]
    """Slope of each corrected feature [log-odds per standard deviation]."""
    intercept: float
    ensemble_log_loss: float
    ensemble_log_loss_uncorrected: float
    metrics: OutOfFoldFigures
    conformal: ConformalThresholds


@dataclass(frozen=True)
class PipelineManifest(TrainingRecord):
    """manifest.json of a trained pipeline."""

    sha256: str
    bytes: int
    training_tois_sha256: str
    versions: dict[str, str | None]
    """Of the packages that the pickle depends on."""


def read_manifest(directory: Path) -> PipelineManifest:
    """Read manifest.json in a directory.

    Raises
    ------
    ArtifactError
        The file is missing or does not fit `PipelineManifest`; the message names the file and the key.
    """
    return read_record(directory / MANIFEST_NAME, PipelineManifest, TRAIN_COMMAND)
