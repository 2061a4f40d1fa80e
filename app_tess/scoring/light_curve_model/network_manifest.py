"""The manifest of a trained network: its members, what they were trained on, and how well they classify unseen
stars."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.common.provenance import SourceFile
from app_tess.scoring.light_curve_model.class_figures import ClassFigures
from app_tess.scoring.light_curve_model.evaluation_record import NetworkEvaluation, TaskFigures

ARTIFACTS = Path(__file__).parent / "artifacts"
"""The network that ships with the package."""

MANIFEST_NAME = "manifest.json"

COMMAND = "flask --app app_tess train-light-curves"


@dataclass(frozen=True)
class TrainingPlan:
    """Everything but the data that determines the trained network."""

    epochs: int = 14
    seeds: int = 1
    batch_size: int = 128
    peak_learning_rate: float = 2e-3
    final_learning_rate: float = 1e-4
    weight_decay: float = 1e-4
    ema_momentum: float = 0.998
    global_filters: tuple[int, ...] = (12, 24, 40)
    """Filters of each block of the branch that reads the global view."""
    local_filters: tuple[int, ...] = (16, 32, 48)
    """The same for the local view."""


@dataclass(frozen=True)
class Ensemble:
    """The file with all members, and the fold whose stars each was not trained on, in the order of the output."""

    file: str
    sha256: str
    folds: list[int]


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
class ContextCoefficients:
    """The logistic step of one head after the network, see event_context.fit_context."""

    levels: list[float]
    """Added to the log-odds of each fold."""
    all: list[float]
    """Intercept and slopes, fitted on all stars."""
    without_fold: list[list[float]]
    """The same, fitted without the stars of each fold."""


@dataclass(frozen=True)
class ClassCoefficients:
    """A multinomial logistic regression, see class_calibration: for each class the intercept, then the slopes."""

    all: list[list[float]]
    """Fitted on all stars."""
    without_fold: list[list[list[float]]]
    """The same, fitted without the stars of each fold."""


@dataclass(frozen=True)
class NetworkManifest:
    """manifest.json of a trained network."""

    what: str
    heads: list[str]
    ensemble: Ensemble
    trained_stars: StarList
    plan: TrainingPlan
    data: list[TrainingViews]
    label_sources: list[SourceFile]
    """Tables that the labels were joined from."""
    versions: dict[str, str | None]
    held_out: dict[str, NetworkEvaluation]
    """Figures by file of views."""
    kepler_context: ContextCoefficients | None = None
    classes_alone: ClassCoefficients | None = None
    classes_in_file: ClassCoefficients | None = None

    def questions(self) -> Iterator[tuple[str, str, ClassFigures | TaskFigures]]:
        """Iterate over file, question and figures, as a card lists them: the classes where most events have one."""
        for name, found in reversed(self.held_out.items()):
            source = name.removesuffix(".npz").removesuffix("_views")
            classes = found.five_classes
            if classes is not None and 2 * classes.PC.n > found.events:
                yield from ((source, code, getattr(classes, code)) for code in LIGHT_CURVE_CLASSES)
            elif classes is None and found.pc_vs_rest is not None:
                yield source, "PC against the rest", found.pc_vs_rest
            if found.transit_vs_junk is not None:
                yield source, "PC and EB against junk", found.transit_vs_junk
            if found.planets_vs_binaries is not None:
                yield source, "planets against binaries", found.planets_vs_binaries


def read_network_manifest(directory: Path = ARTIFACTS) -> NetworkManifest:
    """Read manifest.json of a network; ArtifactError names what is wrong with the file."""
    return read_record(directory / MANIFEST_NAME, NetworkManifest, COMMAND)
