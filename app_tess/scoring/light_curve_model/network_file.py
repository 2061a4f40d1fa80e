"""Write a trained network: its members, the list of training stars, and the manifest."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np

from app_tess.scoring.common.json_records import write_record
from app_tess.scoring.common.provenance import installed_versions, python_version, sha256_of
from app_tess.scoring.light_curve_model.event_context import fit_context
from app_tess.scoring.light_curve_model.held_out import evaluate_network, score_file
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import (
    MANIFEST_NAME,
    MemberFile,
    NetworkManifest,
    StarList,
    TrainingViews,
)
from app_tess.scoring.light_curve_model.network_training import targets
from app_tess.scoring.light_curve_model.trained_network import LightCurveNetwork

PACKAGES = ("tensorflow-cpu", "keras", "onnx", "onnxruntime", "numpy")
"""Packages whose versions the manifest records."""

TRAINED_STARS_NAME = "trained_stars.npz"

SMALLEST_CLASS = 20
"""Events of each class that the context step is fitted to, at least."""


def write_network(folder, members, files, plan) -> NetworkManifest:
    """Write members and manifest to a folder, with the held-out figures of every training file.

    Parameters
    ----------
    folder : Path
    members : dict of (int, int) to bytes
        ONNX bytes by fold and seed, from network_training.train_ensemble.
    files : list of ViewsFile
        What the members were trained on.
    plan : TrainingPlan
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("member_*.onnx"):
        old.unlink()  # left by an earlier training with more members
    stars = _star_list(files)
    (folder / TRAINED_STARS_NAME).write_bytes(stars)
    manifest = NetworkManifest(
        what="light-curve network: an ensemble, each member trained without the stars of its fold",
        heads=list(HEADS),
        members=[_write_member(folder, fold, seed, content) for (fold, seed), content in sorted(members.items())],
        trained_stars=StarList(TRAINED_STARS_NAME, sha256_of(stars)),
        plan=plan,
        data=[_describe(views) for views in files],
        versions={"python": python_version(), **installed_versions(PACKAGES)},
        held_out={},
    )
    write_record(folder / MANIFEST_NAME, manifest)
    # the context step is fitted to the scores of the members just written, and the figures are those of both together
    manifest = replace(manifest, event_context=_fit_contexts(LightCurveNetwork(folder), files))
    write_record(folder / MANIFEST_NAME, manifest)
    network = LightCurveNetwork(folder)
    manifest = replace(manifest, held_out={views.source: evaluate_network(network, views).tasks() for views in files})
    write_record(folder / MANIFEST_NAME, manifest)
    return manifest


def _write_member(folder, fold, seed, content):
    name = f"member_fold{fold}_seed{seed}.onnx"
    (folder / name).write_bytes(content)
    return MemberFile(name, fold, seed, sha256_of(content))


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


def _fit_contexts(network, files):
    """Fit the context step of each head for which the files hold enough events of both classes, to held-out scores."""
    contexts = {}
    scored = [(score_file(network, views)[0], *targets(views), views) for views in files]
    for column, head in enumerate(HEADS):
        known = [
            (alone[:, column], answers[:, column] > 0, weights[:, column] > 0, views)
            for alone, answers, weights, views in scored
            if (weights[:, column] > 0).any()
        ]
        answers = np.concatenate([answer[asked] for _, answer, asked, _ in known]) if known else np.zeros(0, bool)
        if min(answers.sum(), (~answers).sum()) >= SMALLEST_CLASS:
            contexts[head] = fit_context(known)
    return contexts
