"""The layout of evaluation.json, which the report writes and the page and the card read.

Every `base_rate` is the fraction of planets. A TOI is dispositioned once TFOPWG has classified it as CP, KP, FP or FA.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.common.metrics import Figure, Figures

EVALUATION_NAME = "evaluation.json"

COMPARED = ("auc", "ap", "brier")
"""The metrics by which the model is compared with the baselines."""

GIANTS = "9-16 R_Earth (giants)"
"""The slice by radius in which catalogue values decide least."""

RADIUS_SLICES = (
    (0, 2, "below 2 R_Earth"),
    (2, 4, "2-4 R_Earth"),
    (4, 9, "4-9 R_Earth"),
    (9, 16, GIANTS),
    (16, math.inf, "above 16 R_Earth"),
)
"""Lower and upper planet radius [R_Earth], and the name of the slice."""

LOWER_IS_BETTER = ("brier", "log_loss", "ece")


def is_better(metric: str, value: float, other: float) -> bool:
    """Return whether a value of a metric is better than another."""
    return value < other if metric in LOWER_IS_BETTER else value > other


@dataclass(frozen=True)
class SubsetFigures:
    """Figures of part of the TOIs; the metrics are None where there are too few."""

    n: int
    base_rate: float | None
    auc: Figure | None = None
    ap: Figure | None = None
    accuracy: Figure | None = None
    brier: Figure | None = None
    log_loss: Figure | None = None
    ece: Figure | None = None
    recall_at_precision_90: Figure | None = None
    recall_at_precision_95: Figure | None = None


@dataclass(frozen=True)
class ConformalCoverage:
    """How often the conformal set contained the later disposition."""

    promised: float
    planet_from: float
    """Lowest probability at which the set contains `planet`."""
    other_up_to: float
    """Highest probability at which the set contains `not a planet`."""
    coverage: float
    coverage_of_planets: float | None
    coverage_of_others: float | None
    uncertain_share: float
    """Fraction of TOIs whose set contains both."""
    accuracy_when_decided: float | None


@dataclass(frozen=True)
class BestBaseline:
    """The baseline with the best value of a metric."""

    name: str
    value: float


@dataclass(frozen=True)
class PairSummary:
    """A model trained on one dated table and evaluated on the dispositions in a later one."""

    train: str
    labels: str
    train_date: str | None
    labels_date: str | None
    n_train: int
    n: int
    base_rate: float
    model: Figures
    baselines: dict[str, Figures]
    above_baselines: dict[str, bool | None]
    """Whether the model is better than every baseline, by each metric in COMPARED."""
    conformal: ConformalCoverage

    def best_baseline(self, metric: str) -> BestBaseline | None:
        """Return the best baseline by a metric, or None where the metric is undefined for all."""
        return find_best_baseline(self.baselines, metric)

    def not_above(self) -> list[str]:
        """Return the metrics by which some baseline is as good as the model or better."""
        return [metric for metric, above in self.above_baselines.items() if above is False]


def find_best_baseline(baselines: dict[str, Figures], metric: str) -> BestBaseline | None:
    """Return the best of some baselines by a metric, or None where the metric is undefined for all."""
    best = None
    for name, figures in baselines.items():
        value = getattr(figures, metric).value
        if value is not None and (best is None or is_better(metric, value, best.value)):
            best = BestBaseline(name, value)
    return best


@dataclass(frozen=True)
class ReliabilityBin:
    """One bin of the reliability diagram."""

    probability_from: float
    probability_to: float
    n: int
    mean_probability: float
    share_of_planets: float


@dataclass(frozen=True)
class Curves:
    """Points of the ROC and precision-recall curves, in descending order of threshold."""

    false_positive_rate: list[float]
    recall: list[float]
    precision: list[float]


@dataclass(frozen=True)
class MemberLosses:
    """Out-of-fold log loss of the ensemble, without its correction, of each member alone, and without each member."""

    ensemble: float
    uncorrected: float
    alone: dict[str, float]
    without: dict[str, float]


@dataclass(frozen=True)
class LaterDisposition:
    """A TOI's probability, and the disposition that followed."""

    toi: str
    tic_id: int
    probability: float
    disposition: str


@dataclass(frozen=True)
class PairEvaluation(PairSummary):
    """A pair of tables in detail."""

    train_base_rate: float
    n_ambiguous: int
    """Ambiguous candidates (APC) in the training table, which the model was trained on as weak false positives."""
    seed: int
    slices: dict[str, dict[str, SubsetFigures]]
    """Figures by radius and by disposition at the time of training."""
    reliability: list[ReliabilityBin]
    curves: Curves
    weights: dict[str, float]
    slopes: dict[str, float]
    member_losses: MemberLosses
    scores: list[LaterDisposition]

    def summary(self) -> PairSummary:
        """Return the pair without its details."""
        return PairSummary(**{name: getattr(self, name) for name in PairSummary.__dataclass_fields__})


@dataclass(frozen=True)
class CrossValidation:
    """Star-grouped cross-validation on one table."""

    n: int
    base_rate: float
    folds: int
    model: Figures
    baselines: dict[str, Figures]
    model_without_known_planets: Figures


@dataclass(frozen=True)
class TargetResult:
    """A figure that the project set itself as a target, and what was achieved."""

    train: str
    labels: str
    train_date: str | None
    labels_date: str | None
    metric: str
    target: float
    achieved: Figure
    met: bool


@dataclass(frozen=True)
class StudyPair:
    """The pair of tables on which the inputs were studied, and the date of the first."""

    train: str
    labels: str
    date: str | None


@dataclass(frozen=True)
class Ablation:
    """Figures of one ensemble member on later dispositions, with some inputs or weights changed."""

    name: str
    auc: float | None
    ap: float | None
    brier: float | None


@dataclass(frozen=True)
class LeakageResult:
    """AUC of one ensemble member in cross-validation and on later dispositions, for one set of inputs."""

    inputs: str
    columns: int
    cross_validation_auc: float | None
    future_auc: float | None


@dataclass(frozen=True)
class ExominerComparison:
    """ExoMiner and this model on the TOIs that both scored, each dispositioned after our model was trained."""

    n_evaluated: int
    """Dispositioned TOIs with a score of ours from before the disposition."""
    n: int
    """Those of them that ExoMiner scored too."""
    base_rate: float | None
    exominer: Figures | None = None
    ours: Figures | None = None
    both: Figures | None = None
    """A logistic regression on both scores, cross-validated by star."""

    @property
    def censoring(self) -> str:
        """How ExoMiner's table was selected."""
        return (
            "ExoMiner published only scores above 0.1, so the TOIs that it ranks lowest are missing here: the figures "
            "hold for those that it kept."
        )

    @property
    def head_start(self) -> str:
        """What ExoMiner may have been trained on."""
        return (
            "ExoMiner was trained on TOI dispositions and published after most of those used here, so they may be in "
            "its training data. Our scores were frozen before each disposition."
        )


@dataclass(frozen=True)
class Evaluation:
    """evaluation.json."""

    pairs: list[PairEvaluation]
    targets: list[TargetResult]
    every_pair: list[PairSummary]
    inputs_studied_on: StudyPair
    ablations: list[Ablation]
    leakage: list[LeakageResult]
    with_tic_rows: list[PairSummary] | None = None
    exominer: ExominerComparison | None = None

    def pairs_with_ties(self) -> list[PairSummary]:
        """Return the pairs on which some baseline is as good as the model or better, by a metric in COMPARED."""
        return [pair for pair in self.every_pair if pair.not_above()]


def read_evaluation(directory: Path) -> Evaluation:
    """Read the evaluation report beside a trained model; ArtifactError names what is wrong with the file."""
    return read_record(directory / EVALUATION_NAME, Evaluation, "flask --app app_tess report")
