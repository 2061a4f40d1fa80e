"""Evaluate the network on a file of views: how well it does on stars it never saw."""

import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.event_context import apply_context
from app_tess.scoring.light_curve_model.metrics import describe
from app_tess.scoring.light_curve_model.network import HEADS

PC_HEAD = {"kepler": "kepler_pc", "tess": "tess_pc"}


def score_file(network, views):
    """Probabilities (N, 3) of a ViewsFile's events, each by members that never saw its star: by the network alone, and with
    what the file's other events say (event_context)."""
    alone = network.probabilities(views.global_view, views.local_view, views.scalars, views.mission, views.star_id)
    seen = network.was_trained_on(views.mission, views.star_id)
    together = alone.copy()
    for head, coefficients in network.manifest.get("event_context", {}).items():
        column = HEADS.index(head)
        together[:, column] = apply_context(coefficients, alone[:, column], views, seen)
    return alone, together


def _tasks(views):
    """(name, head, rows, answers) of each task that the file's labels allow."""
    every = np.ones(len(views), bool)
    tasks = [("pc_vs_rest", HEADS.index(PC_HEAD[views.mission]), every, views.label == "PC")]
    if (views.label == "EB").any():
        tasks.append(
            ("transit_vs_junk", HEADS.index("tess_transit"), views.label != "O", np.isin(views.label, ["PC", "EB"]))
        )
    return tasks


def evaluate(network, views):
    """Figures of the network on a labelled file.

    Parameters
    ----------
    network : LightCurveNetwork
    views : ViewsFile
        The mission, and so the head, is told by its star ids: tic_id or kic_id.

    Returns
    -------
    dict
        `pc_vs_rest`, and where EB is labelled `transit_vs_junk` (PC and EB against J; O is left out), see metrics.describe; what
        file, how many stars of it are in the training data, and by which members they were judged; `network_alone` has each
        task's auc and ap before the file's other events are weighed. Ready for JSON.

    Raises
    ------
    TrainingError
        The file has no labels.
    """
    if views.label is None:
        raise TrainingError(f"{views.source} has no array 'label', so there is nothing to compare the scores with.")
    alone, together = score_file(network, views)
    seen = network.was_trained_on(views.mission, views.star_id)
    result = {
        "file": views.source,
        "mission": views.mission,
        "network": network.version,
        "events": len(views),
        "stars": len(np.unique(views.star_id)),
        "stars_in_training_data": len(np.unique(views.star_id[seen])),
        "judged_by": "members that never saw the star: for a star of the training data those of its own fold, else all;"
        " then the other events in the file are weighed",
        "scalars_known": int(np.isfinite(views.scalars).all(axis=1).sum()),
    }
    without_context = {}
    for name, head, rows, answers in _tasks(views):
        result[name] = describe(answers[rows], together[rows, head], views.star_id[rows])
        figures = describe(answers[rows], alone[rows, head], views.star_id[rows])
        without_context[name] = {key: figures[key] for key in ("auc", "ap")}
    return {**result, "network_alone": without_context}
