"""The trained members, verified against their manifest and evaluated by ONNX Runtime as one graph, and which of them
may score which star."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from app_tess.errors import ArtifactError
from app_tess.scoring.common.provenance import read_verified, sha256_of
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import ARTIFACTS, COMMAND, MANIFEST_NAME, read_network_manifest

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
        The fold whose stars each of the M members was not trained on.
    """

    def __init__(self, folder=ARTIFACTS):
        folder = Path(folder)
        self.manifest = read_network_manifest(folder)
        self.version = sha256_of((folder / MANIFEST_NAME).read_bytes())[:12]
        if tuple(self.manifest.heads) != HEADS:
            raise ArtifactError(f"{MANIFEST_NAME} of the light-curve network lists other heads than this code expects.")
        ensemble = self.manifest.ensemble
        self.member_folds = np.array(ensemble.folds)
        self._graph = read_verified(folder / ensemble.file, ensemble.sha256, COMMAND)
        self._session: Any = None
        stars = self.manifest.trained_stars
        with np.load(io.BytesIO(read_verified(folder / stars.file, stars.sha256, COMMAND))) as archive:
            self._trained = {name: archive[name] for name in archive.files}

    def _open(self):
        if self._session is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(self._graph, options, providers=["CPUExecutionProvider"])
        return self._session

    def was_trained_on(self, mission, star_id):
        """Return which stars of a mission ("tess" or "kepler") are in the training data, as a boolean array."""
        return np.isin(np.asarray(star_id, dtype=np.int64), self._trained[mission])

    def member_probabilities(self, global_view, local_view, secondary_view, scalars):
        """Evaluate every member on N events.

        Parameters
        ----------
        global_view, local_view, secondary_view, scalars : array_like, shapes (N, 201), (N, 61), (N, 61), (N, 9)
            NaN where a secondary view or a scalar is unknown.

        Returns
        -------
        ndarray, shape (M, N, 6)
            Probabilities of M members, in the order of network.HEADS.
        """
        given = [np.asarray(values) for values in (global_view, local_view, secondary_view, scalars)]
        starts = range(0, len(given[0]), BATCH)

        def evaluate(start):
            inputs = network_inputs(*(values[start : start + BATCH] for values in given))
            logits = self._open().run(None, inputs)[0].astype(float)
            return np.concatenate([expit(logits[..., :1]), softmax(logits[..., 1:], axis=-1)], axis=-1)

        if len(starts) < 2:
            return evaluate(0)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            return np.concatenate(list(pool.map(evaluate, starts)), axis=1)

    def probabilities(self, global_view, local_view, secondary_view, scalars, mission=None, star_id=None):
        """Average the probabilities over the members that were not trained on the star; they are not yet calibrated.

        An event on a star in the training data is scored only by the members trained without its fold; any other event,
        and every event if `star_id` is not given, by all members.

        Returns
        -------
        ndarray, shape (N, 6)
            In the order of network.HEADS.
        """
        each = self.member_probabilities(global_view, local_view, secondary_view, scalars)
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
