"""Write a trained ensemble as an artifact: the members, the stars they were trained on, and the manifest that vouches for all."""

import io
import json
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from app_tess.scoring.light_curve_model.ensemble import LightCurveNetwork, sha256
from app_tess.scoring.light_curve_model.evaluation import evaluate, score_file
from app_tess.scoring.light_curve_model.event_context import fit_context
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.training import targets

PACKAGES = ("tensorflow-cpu", "keras", "onnx", "onnxruntime", "numpy")


def _versions():
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _star_list(files):
    """The ids of all training stars by mission, as .npz bytes; the same bytes for the same stars."""
    buffer = io.BytesIO()
    missions = {}
    for views in files:
        missions.setdefault(views.mission, []).append(views.star_id)
    ids = {mission: np.unique(np.concatenate(lists)) for mission, lists in missions.items()}
    np.savez_compressed(buffer, **{m: ids.get(m, np.zeros(0, np.int64)) for m in ("kepler", "tess")})
    return buffer.getvalue()


def _provenance(views):
    labels, counts = np.unique(views.label, return_counts=True)
    digest = sha256(
        b"".join(np.ascontiguousarray(a).tobytes() for a in (views.star_id, views.global_view, views.local_view))
    )
    return {
        "file": views.source,
        "mission": views.mission,
        "events": len(views),
        "stars": len(np.unique(views.star_id)),
        "labels": dict(zip(labels.tolist(), counts.tolist())),
        "sha256_of_arrays": digest,
    }


def write_artifact(folder, members, files, plan):
    """Write members and manifest to a folder, with the held-out figures of every training file; returns the manifest.

    Parameters
    ----------
    members : dict
        {(fold, seed): ONNX bytes} of training.train_ensemble.
    files : list of ViewsFile
        What they were trained on.
    plan : TrainingPlan
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("member_*.onnx"):
        old.unlink()  # of an earlier training with more members
    entries = []
    for (fold, seed), content in sorted(members.items()):
        name = f"member_fold{fold}_seed{seed}.onnx"
        (folder / name).write_bytes(content)
        entries.append({"file": name, "fold": fold, "seed": seed, "sha256": sha256(content)})
    stars = _star_list(files)
    (folder / "trained_stars.npz").write_bytes(stars)
    manifest = {
        "what": "light-curve network: an ensemble, each member trained without the stars of its fold",
        "heads": HEADS,
        "members": entries,
        "trained_stars": {"file": "trained_stars.npz", "sha256": sha256(stars)},
        "plan": asdict(plan),
        "data": [_provenance(views) for views in files],
        "versions": _versions(),
        "held_out": {},
    }
    _write(folder, manifest)
    manifest["event_context"] = _fit_contexts(LightCurveNetwork(folder), files)
    _write(folder, manifest)
    network = LightCurveNetwork(folder)
    for views in files:
        figures = evaluate(network, views)
        manifest["held_out"][views.source] = {
            key: figures[key] for key in ("pc_vs_rest", "transit_vs_junk") if key in figures
        }
    _write(folder, manifest)
    return manifest


def _fit_contexts(network, files):
    """The context step of each head that the files have both answers for, fitted on held-out scores."""
    contexts = {}
    scored = [(score_file(network, views)[0], *targets(views), views) for views in files]
    for column, head in enumerate(HEADS):
        known = [
            (alone[:, column], answers[:, column] > 0, weights[:, column] > 0, views)
            for alone, answers, weights, views in scored
            if (weights[:, column] > 0).any()
        ]
        answers = np.concatenate([answer[asked] for _, answer, asked, _ in known]) if known else np.zeros(0, bool)
        if min(answers.sum(), (~answers).sum()) >= 20:  # fewer would be fitted by chance
            contexts[head] = fit_context(known)
    return contexts


def _write(folder, manifest):
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, allow_nan=False) + "\n")
