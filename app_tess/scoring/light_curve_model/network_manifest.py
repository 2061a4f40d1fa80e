"""The manifest of a trained network: its members, what they were trained on, and how well they classify unseen
stars."""

from dataclasses import dataclass
from pathlib import Path

from app_tess.scoring.common.metrics import Figure

ARTIFACTS = Path(__file__).parent / "artifacts"
"""The network that ships with the package."""

MANIFEST_NAME = "manifest.json"

COMMAND = "flask --app app_tess train-light-curves"


@dataclass(frozen=True)
class TrainingPlan:
    """Everything but the data that determines the trained network."""

    epochs: int = 26
    seeds: int = 3
    batch_size: int = 128
    peak_learning_rate: float = 2e-3
    final_learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    ema_momentum: float = 0.998


@dataclass(frozen=True)
class MemberFile:
    """One member: its ONNX file, and the fold whose stars it was not trained on."""

    file: str
    fold: int
    seed: int
    sha256: str


@dataclass(frozen=True)
class StarList:
    """The file that lists the stars of the training data."""

    file: str
    sha256: str


@dataclass(frozen=True)
class TrainingViews:
    """A file of views that the network was trained on."""

    file: str
    mission: str
    events: int
    stars: int
    labels: dict[str, int]
    sha256_of_arrays: str


@dataclass(frozen=True)
class TaskFigures:
    """How well one classification task is done on a file of views."""

    n: int
    base_rate: float | None
    auc: Figure
    ap: Figure
    accuracy: Figure
    recall_at_precision_90: Figure
    recall_at_precision_95: Figure
    recall_at_precision_99: Figure


@dataclass(frozen=True)
class ContextCoefficients:
    """The logistic step of one head after the network, see event_context.fit_context."""

    levels: list[float]
    """Added to the log-odds of each fold."""
    all: list[float]
    """Intercept and slopes, fitted on all stars."""
    without_fold: list[list[float]]
    """The same, fitted without the stars of each fold."""


@dataclass(frozen=True)
class NetworkManifest:
    """manifest.json of a trained network."""

    what: str
    heads: list[str]
    members: list[MemberFile]
    trained_stars: StarList
    plan: TrainingPlan
    data: list[TrainingViews]
    versions: dict[str, str | None]
    held_out: dict[str, dict[str, TaskFigures]]
    """Figures by file of views and task."""
    event_context: dict[str, ContextCoefficients] | None = None
