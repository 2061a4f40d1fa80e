"""The trained members, checked and evaluated by ONNX Runtime; and which of them may judge which star."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import expit

from app_tess.errors import ArtifactError
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network import HEADS

ARTIFACTS = Path(__file__).parent / "artifacts"
BATCH = 512


def sha256(content):
    """Hex digest of bytes."""
    return hashlib.sha256(content).hexdigest()


def _read_checked(folder, name, digest):
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"The light-curve network's file {name} is missing from {folder.name}.") from error
    if sha256(content) != digest:
        raise ArtifactError(
            f"The light-curve network's file {name} is not the one its manifest names: its sha256 differs."
        )
    return content


class LightCurveNetwork:
    """The ensemble of one artifact folder. `manifest` says how it came to be; `version` is the manifest's short digest."""

    def __init__(self, folder=ARTIFACTS):
        folder = Path(folder)
        try:
            text = (folder / "manifest.json").read_bytes()
        except OSError as error:
            raise ArtifactError(
                f"There is no trained light-curve network in {folder}: run train-light-curves."
            ) from error
        self.manifest = json.loads(text)
        self.version = sha256(text)[:12]
        if tuple(self.manifest.get("heads", ())) != HEADS:
            raise ArtifactError("The light-curve network's manifest names other outputs than this code expects.")
        self.member_folds = np.array([member["fold"] for member in self.manifest["members"]])
        self._members = [_read_checked(folder, m["file"], m["sha256"]) for m in self.manifest["members"]]
        self._sessions = {}
        _read_checked(folder, self.manifest["trained_stars"]["file"], self.manifest["trained_stars"]["sha256"])
        with np.load(folder / self.manifest["trained_stars"]["file"], allow_pickle=False) as archive:
            self._trained = {name: archive[name] for name in archive.files}

    def _session(self, index):
        if index not in self._sessions:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._sessions[index] = onnxruntime.InferenceSession(
                self._members[index], options, providers=["CPUExecutionProvider"]
            )
        return self._sessions[index]

    def was_trained_on(self, mission, star_id):
        """Boolean array: which stars of a mission ("tess", "kepler") any member was trained on."""
        return np.isin(np.asarray(star_id, dtype=np.int64), self._trained[mission])

    def member_probabilities(self, global_view, local_view, scalars):
        """Every member's probabilities, shape (members, N, 3), see network.HEADS: the mean over the views and their mirror images.

        A transit has no arrow of time, so both are equally good looks at it; their mean is better than either.
        """
        global_view, local_view = np.asarray(global_view, dtype=np.float32), np.asarray(local_view, dtype=np.float32)
        return (
            self._run(network_inputs(global_view, local_view, scalars))
            + self._run(network_inputs(global_view[..., ::-1], local_view[..., ::-1], scalars))
        ) / 2

    def _run(self, inputs):
        n = len(inputs["global_view"])
        logits = [
            np.concatenate(
                [
                    self._session(m).run(
                        None, {name: values[start : start + BATCH] for name, values in inputs.items()}
                    )[0]
                    for start in range(0, n, BATCH)
                ]
            )
            for m in range(len(self._members))
        ]
        return expit(np.array(logits, dtype=float))

    def probabilities(self, global_view, local_view, scalars, mission=None, star_id=None):
        """Mean probabilities, shape (N, 3), by members that never saw the star.

        Each event of a star of the training data is judged only by the members that were trained without its fold; any other,
        and every event where `star_id` is not given, by all members.
        """
        each = self.member_probabilities(global_view, local_view, scalars)
        weights = np.ones(each.shape[:2])
        if star_id is not None:
            seen = self.was_trained_on(mission, star_id)
            weights = np.where(seen & (self.member_folds[:, None] != fold_of_star(star_id)), 0.0, weights)
        return (each * weights[..., None]).sum(axis=0) / weights.sum(axis=0)[:, None]


@lru_cache(maxsize=2)
def load_network(folder=ARTIFACTS):
    """The LightCurveNetwork of a folder, opened once a process. ArtifactError where a file is missing or altered."""
    return LightCurveNetwork(folder)
