"""Write a trained network: its members, the list of training stars, and the manifest."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np

from app_tess.scoring.common.json_records import write_record
from app_tess.scoring.common.provenance import installed_versions, python_version, sha256_of
from app_tess.scoring.light_curve_model.class_calibration import file_features, fit_classes, own_features
from app_tess.scoring.light_curve_model.event_context import fit_context
from app_tess.scoring.light_curve_model.export import join_members
from app_tess.scoring.light_curve_model.held_out import evaluate_network, raw_probabilities
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import (
    MANIFEST_NAME,
    Ensemble,
    NetworkManifest,
    StarList,
    TrainingViews,
)
from app_tess.scoring.light_curve_model.trained_network import LightCurveNetwork

PACKAGES = ("tensorflow-cpu", "keras", "onnx", "onnxruntime", "numpy")
"""Packages whose versions the manifest records."""

TRAINED_STARS_NAME, ENSEMBLE_NAME = "trained_stars.npz", "ensemble.onnx"


def write_network(folder, members, files, objects, plan, label_sources) -> NetworkManifest:
    """Write members and manifest to a folder, with the held-out figures of every training file.

    Parameters
    ----------
    folder : Path
    members : dict of (int, int) to (bytes, Trees)
        By fold and seed, from network_training.train_ensemble.
    files : list of ViewsFile
        What the members were trained on.
    objects : Objects
        The labels of the events in the TESS files.
    plan : TrainingPlan
    label_sources : list of SourceFile
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    graph = join_members([members[name] for name in sorted(members)])
    (folder / ENSEMBLE_NAME).write_bytes(graph)
    stars = _star_list(files)
    (folder / TRAINED_STARS_NAME).write_bytes(stars)
    manifest = NetworkManifest(
        what="light-curve network: an ensemble, each member trained without the stars of its fold",
        heads=list(HEADS),
        ensemble=Ensemble(ENSEMBLE_NAME, sha256_of(graph), [fold for fold, _ in sorted(members)]),
        trained_stars=StarList(TRAINED_STARS_NAME, sha256_of(stars)),
        plan=plan,
        data=[_describe(views) for views in files],
        label_sources=label_sources,
        versions={"python": python_version(), **installed_versions(PACKAGES)},
        held_out={},
    )
    write_record(folder / MANIFEST_NAME, manifest)
    # the last step is fitted to the scores of the members just written, and the figures are those of both together
    network = LightCurveNetwork(folder)
    raw = {views.source: raw_probabilities(network, views) for views in files}
    manifest = replace(manifest, kepler_context=_fit_kepler(raw, files), **_fit_classes(raw, files, objects))
    write_record(folder / MANIFEST_NAME, manifest)
    network = LightCurveNetwork(folder)
    manifest = replace(manifest, held_out={v.source: evaluate_network(network, v, raw[v.source]) for v in files})
    write_record(folder / MANIFEST_NAME, manifest)
    return manifest


def _star_list(files):
    """The identifiers of all training stars by mission, as .npz bytes; the same bytes for the same stars."""
    buffer = io.BytesIO()
    missions: dict[str, list] = {"kepler": [], "tess": []}
    for views in files:
        missions[views.mission].append(views.star_id)
    kepler, tess = (np.unique(np.concatenate([np.zeros(0, np.int64), *ids])) for ids in missions.values())
    np.savez_compressed(buffer, kepler=kepler, tess=tess)
    return buffer.getvalue()


def _describe(views):
    labels, counts = np.unique(views.label, return_counts=True)
    arrays = (views.star_id, views.global_view, views.local_view)
    return TrainingViews(
        file=views.source,
        mission=views.mission,
        events=len(views),
        stars=len(np.unique(views.star_id)),
        labels=dict(zip(labels.tolist(), counts.tolist(), strict=True)),
        sha256_of_arrays=sha256_of(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)),
    )


def _fit_kepler(raw, files):
    """Fit the context step of the Kepler head to held-out scores; None without Kepler files."""
    known = []
    for views in files:
        if views.mission == "kepler":
            scores = raw[views.source][:, HEADS.index("kepler_pc")]
            known.append((scores, views.label == "PC", np.ones(len(views), bool), views))
    return fit_context(known) if known else None


def _fit_classes(raw, files, objects):
    """Fit both forms of the class calibration to held-out scores of the events whose class is known."""
    tess = [views for views in files if views.mission == "tess"]
    if not tess:
        return {}
    classes = [raw[views.source][:, 1:] for views in tess]
    secondary = np.concatenate([np.isfinite(views.secondary_or_nan).all(axis=1) for views in tess])
    known = objects.possible.sum(axis=1) == 1
    star_id = np.concatenate([views.star_id for views in tess])[known]
    truth, weight = objects.possible[known].argmax(axis=1), objects.weight[known]
    forms = {
        "classes_alone": own_features(np.concatenate(classes), secondary),
        "classes_in_file": np.concatenate([file_features(p, views) for p, views in zip(classes, tess, strict=True)]),
    }
    return {name: fit_classes(features[known], truth, star_id, weight) for name, features in forms.items()}
