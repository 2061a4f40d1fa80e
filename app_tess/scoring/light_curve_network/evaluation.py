"""Evaluate the network on a file of views: how well it does on stars it never saw."""
import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_network.metrics import describe
from app_tess.scoring.light_curve_network.network import HEADS

PC_HEAD = {"kepler": "kepler_pc", "tess": "tess_pc"}


def score_file(network, views):
    """Probabilities (N, 3) of a ViewsFile's events, each by members that never saw its star."""
    return network.probabilities(views.global_view, views.local_view, views.scalars, views.mission, views.star_id)


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
        file, how many stars of it are in the training data, and by which members they were judged. Ready for JSON.

    Raises
    ------
    TrainingError
        The file has no labels.
    """
    if views.label is None:
        raise TrainingError(f"{views.source} has no array 'label', so there is nothing to compare the scores with.")
    scores = score_file(network, views)
    seen = network.was_trained_on(views.mission, views.star_id)
    result = {
        "file": views.source, "mission": views.mission, "network": network.version,
        "events": len(views), "stars": int(len(np.unique(views.star_id))),
        "stars_in_training_data": int(len(np.unique(views.star_id[seen]))),
        "judged_by": "members that never saw the star: for a star of the training data those of its own fold, else all",
        "scalars_known": int(np.isfinite(views.scalars).all(axis=1).sum()),
        "pc_vs_rest": describe(views.label == "PC", scores[:, HEADS.index(PC_HEAD[views.mission])], views.star_id),
    }
    if (views.label == "EB").any():
        known = views.label != "O"
        result["transit_vs_junk"] = describe(
            np.isin(views.label, ["PC", "EB"])[known], scores[known, HEADS.index("tess_transit")], views.star_id[known])
    return result
