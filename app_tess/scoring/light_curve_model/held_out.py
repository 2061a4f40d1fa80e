"""Evaluate the network on a file of views, each star scored by members that were not trained on it."""

from dataclasses import dataclass

import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.common.metrics import Figure, bootstrap
from app_tess.scoring.light_curve_model.event_context import apply_context
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import TaskFigures

PC_HEAD = {"kepler": "kepler_pc", "tess": "tess_pc"}

TASK_METRICS = (
    "auc",
    "ap",
    "accuracy",
    "recall_at_precision_90",
    "recall_at_precision_95",
    "recall_at_precision_99",
)

JUDGED_BY = (
    "members that never saw the star: for a star of the training data those of its fold, else all; "
    "then the other events in the file are weighed"
)


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
    pc_vs_rest: TaskFigures
    network_alone: dict[str, dict[str, Figure]]
    """AUC and AP of each task before the other events in the file are taken into account."""
    transit_vs_junk: TaskFigures | None = None
    """PC and EB against J; O is left out. None where no event is labeled EB."""

    def tasks(self) -> dict[str, TaskFigures]:
        """Return the figures by task."""
        tasks = {"pc_vs_rest": self.pc_vs_rest}
        return tasks if self.transit_vs_junk is None else tasks | {"transit_vs_junk": self.transit_vs_junk}


def score_file(network, views):
    """Score a file's events, each by members that were not trained on its star.

    Returns
    -------
    alone : ndarray, shape (N, 3)
        Probabilities of the network, in the order of network.HEADS.
    in_context : ndarray, shape (N, 3)
        The same, after the other events in the file are taken into account (event_context).
    """
    alone = network.probabilities(views.global_view, views.local_view, views.scalars, views.mission, views.star_id)
    seen = network.was_trained_on(views.mission, views.star_id)
    in_context = alone.copy()
    for head, coefficients in (network.manifest.event_context or {}).items():
        column = HEADS.index(head)
        in_context[:, column] = apply_context(coefficients, alone[:, column], views, seen)
    return alone, in_context


def evaluate_network(network, views) -> NetworkEvaluation:
    """Evaluate the network on a labeled file.

    Parameters
    ----------
    network : LightCurveNetwork
    views : ViewsFile

    Raises
    ------
    TrainingError
        The file has no labels.
    """
    if views.label is None:
        raise TrainingError(f"{views.source} has no array 'label', so there is nothing to compare the scores with.")
    alone, in_context = score_file(network, views)
    seen = network.was_trained_on(views.mission, views.star_id)
    figures, without_context = {}, {}
    for name, head, rows, answers in _tasks(views):
        labels, stars = answers[rows], views.star_id[rows]
        figures[name] = _task_figures(labels, in_context[rows, head], stars)
        without_context[name] = bootstrap(("auc", "ap"), labels, alone[rows, head], stars)
    return NetworkEvaluation(
        file=views.source,
        mission=views.mission,
        network=network.version,
        events=len(views),
        stars=len(np.unique(views.star_id)),
        stars_in_training_data=len(np.unique(views.star_id[seen])),
        judged_by=JUDGED_BY,
        scalars_known=int(np.isfinite(views.scalars).all(axis=1).sum()),
        network_alone=without_context,
        **figures,
    )


def _tasks(views):
    """(name, column of its head, rows, answers) of each task that the file's labels allow."""
    every = np.ones(len(views), bool)
    tasks = [("pc_vs_rest", HEADS.index(PC_HEAD[views.mission]), every, views.label == "PC")]
    if (views.label == "EB").any():
        transits = np.isin(views.label, ["PC", "EB"])
        tasks.append(("transit_vs_junk", HEADS.index("tess_transit"), views.label != "O", transits))
    return tasks


def _task_figures(labels, scores, stars):
    base_rate = float(labels.mean()) if len(labels) else None
    return TaskFigures(n=len(labels), base_rate=base_rate, **bootstrap(TASK_METRICS, labels, scores, stars))
