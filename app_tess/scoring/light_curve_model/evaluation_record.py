"""The figures of one evaluation of the network: what `evaluate-light-curves --json` prints and the manifest keeps."""

from dataclasses import dataclass

from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.light_curve_model.class_figures import ClassFigures, FiveClassFigures


@dataclass(frozen=True)
class TaskFigures:
    """How well a yes-or-no question is answered on a file of views."""

    n: int
    base_rate: float | None
    auc: Figure
    ap: Figure
    accuracy: Figure
    recall_at_precision_90: Figure
    recall_at_precision_95: Figure
    recall_at_precision_99: Figure


@dataclass(frozen=True)
class NetworkEvaluation:
    """Figures of the network on a labeled file."""

    file: str
    mission: str
    network: str
    """Version of the network."""
    events: int
    stars: int
    stars_in_training_data: int
    judged_by: str
    """Which members scored each star."""
    scalars_known: int
    """Events with period, duration, depth and SNR."""
    pc_vs_rest: TaskFigures | None
    network_alone: dict[str, ClassFigures]
    """AUC and AP of each task before the other events in the file are taken into account."""
    transit_vs_junk: TaskFigures | None = None
    """PC and EB against V, IS and J; O is left out. None where no event is labeled EB."""
    five_classes: FiveClassFigures | None = None
    """None where the file does not distinguish V, IS and J."""
    planets_vs_binaries: ClassFigures | None = None
    """Confirmed and known planets (CP, KP) against catalogued binaries that are neither planets nor candidates, by
    P(PC) / (P(PC) + P(EB)). None for a file without dispositions and morphologies."""

    def tasks(self) -> dict[str, TaskFigures]:
        """Return the figures of the yes-or-no questions by name."""
        named = {"pc_vs_rest": self.pc_vs_rest, "transit_vs_junk": self.transit_vs_junk}
        return {name: figures for name, figures in named.items() if figures is not None}
