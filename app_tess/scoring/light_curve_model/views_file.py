"""Read files of folded views (`.npz`)."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app_tess.errors import TrainingError

GLOBAL_BINS, LOCAL_BINS = 201, 61
SCALAR_NAMES = ("period_d", "duration_d", "depth_ppm", "snr")
LABELS = {"tess": ("PC", "EB", "J", "O"), "kepler": ("PC", "NOT")}
"""PC planet candidate, EB eclipsing binary, J junk, O other (Yu et al. 2019); NOT everything else (Kepler DR24)."""

STAR_COLUMNS = {"tess": "tic_id", "kepler": "kic_id"}


@dataclass(frozen=True, eq=False)
class ViewsFile:
    """N events of one mission.

    `scalars` (N, 4) is in the order of SCALAR_NAMES and `epoch_btjd` (N,) in days, both NaN where the file has none;
    `label` (N,) is text, or None.
    """

    mission: str
    star_id: np.ndarray
    global_view: np.ndarray
    local_view: np.ndarray
    scalars: np.ndarray
    epoch_btjd: np.ndarray
    label: np.ndarray | None
    source: str

    def __len__(self):
        return len(self.star_id)

    def scalar(self, name):
        """Return the column (N,) of a name in SCALAR_NAMES."""
        return self.scalars[:, SCALAR_NAMES.index(name)]


def _numbers(archive, name, source, dtype=float):
    try:
        return np.asarray(archive[name], dtype=dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise TrainingError(f"{source}: '{name}' is not numeric.") from error


def _column(archive, name, source, dtype=float):
    """A column of one number per event; its length is checked with the others."""
    values = _numbers(archive, name, source, dtype)
    if values.ndim != 1:
        raise TrainingError(f"{source}: '{name}' has the shape {values.shape}, not (N,).")
    return values


def _view(archive, name, bins, source):
    if name not in archive:
        raise TrainingError(f"{source} has no array '{name}'.")
    values = _numbers(archive, name, source)
    if values.ndim != 2 or values.shape[1] != bins:
        raise TrainingError(f"{source}: '{name}' has the shape {values.shape}, not (N, {bins}).")
    if not np.isfinite(values).all():
        raise TrainingError(f"{source}: '{name}' has values that are not finite.")
    return values.astype(np.float32)


def _arrays(path):
    """All arrays of a .npz file by name; TrainingError if it is none."""
    source = Path(path).name
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise TrainingError(f"There is no file {path}.") from error
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, AttributeError) as error:
        raise TrainingError(f"{source} is not a .npz file of views, or is damaged.") from error


def read_views(path):
    """Read a file of folded views.

    Parameters
    ----------
    path : Path or str
        `.npz` with global_view (N, 201), local_view (N, 61), label (N,), and tic_id (TESS) or kic_id (Kepler); TESS
        files may also have period_d, duration_d, depth_ppm, snr, epoch_btjd.

    Returns
    -------
    ViewsFile

    Raises
    ------
    TrainingError
        The file is missing or malformed; the message names the file and the array.
    """
    source = Path(path).name
    arrays = _arrays(path)
    mission = next((m for m, column in STAR_COLUMNS.items() if column in arrays), None)
    if mission is None:
        raise TrainingError(f"{source} has neither 'tic_id' nor 'kic_id', so its stars cannot be identified.")
    views = {
        name: _view(arrays, name, bins, source)
        for name, bins in (("global_view", GLOBAL_BINS), ("local_view", LOCAL_BINS))
    }
    n = len(views["global_view"])
    columns = {
        name: _column(arrays, name, source) if name in arrays else np.full(n, np.nan)
        for name in (*SCALAR_NAMES, "epoch_btjd")
    }
    star_id = _column(arrays, STAR_COLUMNS[mission], source, np.int64)
    label = arrays.get("label")
    named = {**views, **columns, STAR_COLUMNS[mission]: star_id} | ({} if label is None else {"label": label})
    lengths = {name: len(values) for name, values in named.items()}
    if len(set(lengths.values())) != 1 or n == 0:
        raise TrainingError(f"{source}: its arrays differ in length or are empty: {lengths}.")
    if label is not None:
        label = label.astype(str)
        unknown = sorted(set(label) - set(LABELS[mission]))
        if unknown:
            raise TrainingError(
                f"{source}: unknown label {', '.join(unknown)}; known are {', '.join(LABELS[mission])}."
            )
    scalars = np.column_stack([columns[name] for name in SCALAR_NAMES])
    return ViewsFile(
        mission, star_id, views["global_view"], views["local_view"], scalars, columns["epoch_btjd"], label, source
    )


def find_views(folder):
    """Read all files of views in a folder, sorted by name.

    Raises
    ------
    TrainingError
        There is none.
    """
    paths = sorted(Path(folder).glob("*.npz"))
    if not paths:
        raise TrainingError(f"There is no .npz file of views in {folder}.")
    return [read_views(path) for path in paths]
