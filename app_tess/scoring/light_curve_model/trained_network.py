"""The trained members, verified against their manifest and evaluated by ONNX Runtime, and which of them may score
which star."""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from app_tess.errors import ArtifactError
from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.common.provenance import read_verified, sha256_of
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import ARTIFACTS, COMMAND, MANIFEST_NAME, NetworkManifest

BATCH = 512
"""Events evaluated at once."""


class LightCurveNetwork:
    """The ensemble in one folder.

    Attributes
    ----------
    manifest : NetworkManifest
    version : str
        The first 12 digits of the manifest's SHA-256.
    member_folds : ndarray of int, shape (M,)
        The fold whose stars each member was not trained on.
    """

    def __init__(self, folder=ARTIFACTS):
        folder = Path(folder)
        path = folder / MANIFEST_NAME
        self.manifest = read_record(path, NetworkManifest, COMMAND)
        self.version = sha256_of(path.read_bytes())[:12]
        if tuple(self.manifest.heads) != HEADS:
            raise ArtifactError(f"{path.name} of the light-curve network lists other heads than this code expects.")
        self.member_folds = np.array([member.fold for member in self.manifest.members])
        self._members = [read_verified(folder / m.file, m.sha256, COMMAND) for m in self.manifest.members]
        self._sessions: dict[int, Any] = {}
        stars = self.manifest.trained_stars
        with np.load(io.BytesIO(read_verified(folder / stars.file, stars.sha256, COMMAND))) as archive:
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
        """Return which stars of a mission ("tess" or "kepler") are in the training data, as a boolean array."""
        return np.isin(np.asarray(star_id, dtype=np.int64), self._trained[mission])

    def member_probabilities(self, global_view, local_view, scalars):
        """Evaluate every member on the views and on their mirror images, and average the two.

        A transit looks the same reversed in time, so both are equally valid inputs, and their mean is better than
        either.

        Returns
        -------
        ndarray, shape (M, N, 3)
            Probabilities of M members, in the order of network.HEADS.
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
        """Average the probabilities over the members that were not trained on the star.

        An event on a star in the training data is scored only by the members trained without its fold; any other event,
        and every event if `star_id` is not given, by all members.

        Returns
        -------
        ndarray, shape (N, 3)
            In the order of network.HEADS.
        """
        each = self.member_probabilities(global_view, local_view, scalars)
        weights = np.ones(each.shape[:2])
        if star_id is not None:
            seen = self.was_trained_on(mission, star_id)
            weights = np.where(seen & (self.member_folds[:, None] != fold_of_star(star_id)), 0.0, weights)
        return (each * weights[..., None]).sum(axis=0) / weights.sum(axis=0)[:, None]


@lru_cache(maxsize=2)
def load_network(folder=ARTIFACTS):
    """Return the LightCurveNetwork in a folder, opened once per process.

    Raises
    ------
    ArtifactError
        A file is missing or altered.
    """
    return LightCurveNetwork(folder)
