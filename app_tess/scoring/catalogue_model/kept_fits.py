"""Keep what a training has computed already, so that after an interruption the same command resumes."""

import hashlib
import pickle
import shutil
from pathlib import Path

import numpy as np

UNFINISHED = "unfinished"
"""Subfolder of the results in which a training keeps its fits."""


class KeptFits:
    """Results of fits in a folder, each under the SHA-256 of everything that it depends on.

    Parameters
    ----------
    folder : Path
        Made when the first result is kept.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def get(self, inputs, compute):
        """Return what is kept for these inputs; if nothing is, `compute()` and keep it.

        Parameters
        ----------
        inputs : sequence
            Arrays, numbers and text that determine the result.
        compute : callable
            Its result must be picklable. It is pickled and read again in either case, so that an interrupted training
            and an uninterrupted one end with the same bytes.
        """
        path = self.folder / f"{_digest(inputs)}.pkl"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(pickle.dumps(compute(), protocol=5))
            unfinished.replace(path)
        return pickle.loads(path.read_bytes())  # noqa: S301 - written by this training, in a folder of its own

    def remove(self) -> None:
        """Delete the folder: the training is complete."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _digest(inputs):
    whole = hashlib.sha256()
    for value in inputs:
        array = np.asarray(value)
        whole.update(f"{array.dtype} {array.shape} ".encode() + np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()
