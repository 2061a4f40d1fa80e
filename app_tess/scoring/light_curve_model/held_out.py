"""Evaluate the network on a file of views, each star scored by members that were not trained on it."""

from typing import Any

import numpy as np

from app_tess.astro.dispositions import CANDIDATES, PLANETS
from app_tess.errors import TrainingError
from app_tess.scoring.common.metrics import bootstrap
from app_tess.scoring.light_curve_model.class_calibration import apply_classes, file_features, own_features
from app_tess.scoring.light_curve_model.class_figures import measure_classes, one_against_rest
from app_tess.scoring.light_curve_model.evaluation_record import NetworkEvaluation, TaskFigures
from app_tess.scoring.light_curve_model.event_context import apply_context
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.views_file import CLASSES, JUNK_LABELS

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

KEPLER, PC, EB = HEADS.index("kepler_pc"), HEADS.index("PC"), HEADS.index("EB")


def raw_probabilities(network, views):
    """Return probabilities (N, 6) before calibration, each by members that were not trained on the star."""
    return network.probabilities(*views.inputs, views.mission, views.star_id)


def score_file(network, views, raw=None):
    """Score a file's events, each by members that were not trained on its star.

    Parameters
    ----------
    network : LightCurveNetwork
    views : ViewsFile
    raw : ndarray, shape (N, 6), optional
        `raw_probabilities`, if they are known already.

    Returns
    -------
    alone : ndarray, shape (N, 6)
        Calibrated probabilities of each event alone, in the order of network.HEADS.
    in_context : ndarray, shape (N, 6)
        The same, with the other events in the file taken into account.
    """
    raw = raw_probabilities(network, views) if raw is None else raw
    seen = network.was_trained_on(views.mission, views.star_id)
    fold = np.where(seen, fold_of_star(views.star_id), FOLDS)
    alone, in_context, manifest = raw.copy(), raw.copy(), network.manifest
    if views.mission == "kepler":
        if manifest.kepler_context:
            in_context[:, KEPLER] = apply_context(manifest.kepler_context, raw[:, KEPLER], views, seen)
        return alone, in_context
    classes = raw[:, PC:]
    if manifest.classes_alone and manifest.classes_in_file:
        own = own_features(classes, np.isfinite(views.secondary_or_nan).all(axis=1))
        alone[:, PC:] = apply_classes(manifest.classes_alone, own, fold)
        in_context[:, PC:] = apply_classes(manifest.classes_in_file, file_features(classes, views), fold)
    return alone, in_context


def evaluate_network(network, views, raw=None) -> NetworkEvaluation:
    """Evaluate the network on a labeled file; parameters as for `score_file`.

    Raises
    ------
    TrainingError
        The file has no labels and no dispositions.
    """
    tasks = _tasks(views)
    if not tasks:
        lacks = "no array 'label'" if views.label is None else "no label that is not empty"
        raise TrainingError(f"{views.source} has {lacks}, so there is nothing to compare the scores with.")
    alone, in_context = score_file(network, views, raw)
    seen = network.was_trained_on(views.mission, views.star_id)
    figures: dict[str, Any] = {"pc_vs_rest": None}
    without_context = {}
    for name, (score, rows, belongs) in tasks.items():
        labels, stars = belongs[rows], views.star_id[rows]
        measure = one_against_rest if name == "planets_vs_binaries" else _task_figures
        figures[name] = measure(labels, score(in_context)[rows], stars)
        without_context[name] = one_against_rest(labels, score(alone)[rows], stars)
    return NetworkEvaluation(
        file=views.source,
        mission=views.mission,
        network=network.version,
        events=len(views),
        stars=len(np.unique(views.star_id)),
        stars_in_training_data=len(np.unique(views.star_id[seen])),
        judged_by=JUDGED_BY,
        scalars_known=views.ephemerides_known,
        network_alone=without_context,
        five_classes=_five_classes(views, in_context[:, PC:]),
        **figures,
    )


def _tasks(views):
    """Name -> (score of the probabilities, rows, answers) of each task that the file's labels allow."""
    tasks = {}
    if views.label is not None and (views.label != "").any():
        labeled = views.label != ""
        head = KEPLER if views.mission == "kepler" else PC
        tasks["pc_vs_rest"] = (lambda p: p[:, head], labeled, views.label == "PC")
        if (views.label == "EB").any():
            known = np.isin(views.label, ["PC", "EB", *JUNK_LABELS])
            tasks["transit_vs_junk"] = (lambda p: p[:, PC] + p[:, EB], known, np.isin(views.label, ["PC", "EB"]))
    if views.toi_disposition is not None and views.eb_morphology is not None:
        planet = np.isin(views.toi_disposition, PLANETS)
        binary = np.isfinite(views.eb_morphology) & ~planet & ~np.isin(views.toi_disposition, CANDIDATES)
        if planet.any() and binary.any():
            tasks["planets_vs_binaries"] = (lambda p: p[:, PC] / (p[:, PC] + p[:, EB]), planet | binary, planet)
    return tasks


def _five_classes(views, probability):
    if views.label is None or not np.isin(views.label, ["V", "IS"]).any():
        return None
    rows = np.isin(views.label, CLASSES)
    return measure_classes(views.label[rows], probability[rows], views.star_id[rows])


def _task_figures(labels, scores, stars):
    return TaskFigures(n=len(labels), base_rate=float(labels.mean()), **bootstrap(TASK_METRICS, labels, scores, stars))
