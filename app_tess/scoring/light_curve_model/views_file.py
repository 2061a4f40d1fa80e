"""Read files of folded views (`.npz`)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.view_arrays import column, numbers, read_arrays, star_ids, text_column, view

GLOBAL_BINS, LOCAL_BINS = 201, 61
VIEW_BINS = {"global_view": GLOBAL_BINS, "local_view": LOCAL_BINS}
LEAST_SECONDARY_BINS = 4
SHOWN = 5
"""Unknown labels that a message names."""

EPHEMERIS_SCALARS = ("period_d", "duration_d", "depth_ppm", "snr")
SCALAR_NAMES = (*EPHEMERIS_SCALARS, "transits", "tmag", "stellar_radius_rsun", "density_solar", "odd_even_ratio")
"""The scalar inputs, each of which may be missing; the last is the depth of the odd transits over that of the even."""

CLASSES = tuple(LIGHT_CURVE_CLASSES)
"""PC, EB, V, IS, J."""

LABELS = {"tess": (*CLASSES, "O", ""), "kepler": ("PC", "NOT")}
"""O is none of the classes, and an empty label is unknown. NOT is everything but a planet candidate (Kepler DR24)."""

ANY_JUNK = "junk"
"""V, IS or J: what J means in a file that has neither V nor IS."""

JUNK_LABELS = ("V", "IS", "J", ANY_JUNK)

STAR_COLUMNS = {"tess": "tic_id", "kepler": "kic_id"}

POSITIONS = ("ra_deg", "dec_deg")


@dataclass(frozen=True, eq=False)
class ViewsFile:
    """N events of one mission.

    Attributes
    ----------
    mission : str
        "tess" or "kepler".
    star_id : ndarray of int, shape (N,)
    global_view, local_view : ndarray, shapes (N, 201), (N, 61)
    scalars : ndarray, shape (N, 9)
        In the order of SCALAR_NAMES; NaN where unknown.
    epoch_btjd : ndarray, shape (N,)
        A mid-transit time [BTJD d]; NaN where unknown.
    label : ndarray of str, shape (N,), or None
        See LABELS and ANY_JUNK.
    source : str
        Name of the file.
    secondary_view : ndarray, shape (N, 61), or None
        The local view half a period later, in units of the transit's depth; rows of NaN where unknown.
    position_deg : ndarray, shape (N, 2), or None
        Right ascension and declination [deg]; NaN where unknown.
    toi_disposition : ndarray of str, shape (N,), or None
        TFOPWG disposition of the signal, "" where it is not a TOI.
    eb_morphology : ndarray, shape (N,), or None
        Morphology of the signal in a catalogue of eclipsing binaries, NaN where it is not listed.
    """

    mission: str
    star_id: np.ndarray
    global_view: np.ndarray
    local_view: np.ndarray
    scalars: np.ndarray
    epoch_btjd: np.ndarray
    label: np.ndarray | None
    source: str
    secondary_view: np.ndarray | None = None
    position_deg: np.ndarray | None = None
    toi_disposition: np.ndarray | None = None
    eb_morphology: np.ndarray | None = None

    def __len__(self):
        return len(self.star_id)

    def scalar(self, name):
        """Return the column (N,) of a name in SCALAR_NAMES."""
        return self.scalars[:, SCALAR_NAMES.index(name)]

    @property
    def inputs(self):
        """What the network takes: global, local and secondary views and scalars."""
        return self.global_view, self.local_view, self.secondary_or_nan, self.scalars

    @property
    def lacks_classes(self):
        """True for a TESS file whose labels do not distinguish V, IS and J."""
        return self.mission == "tess" and (self.label is None or not np.isin(self.label, ["V", "IS"]).any())

    @property
    def ephemerides_known(self):
        """Number of events with period, duration, depth and SNR."""
        return int(np.isfinite(self.scalars[:, : len(EPHEMERIS_SCALARS)]).all(axis=1).sum())

    @property
    def secondary_or_nan(self):
        """The secondary views (N, 61), NaN where there are none."""
        return (
            np.full((len(self), LOCAL_BINS), np.nan, np.float32) if self.secondary_view is None else self.secondary_view
        )


def _secondary_view(arrays, source):
    """The first half of `odd_even_view`, resampled to 61 bins, or None.

    In the file of Rao et al. 2021 that half is not the fold of odd transits, as its name says: in binaries that were
    found at twice their period it shows the other eclipse at full depth, in those found at half their period it is
    flat. It is the fold half a period later, on the same scale as the transit.
    """
    if "odd_even_view" not in arrays:
        return None
    values = numbers(arrays, "odd_even_view", source)
    if values.ndim != 2 or values.shape[1] % 2 or values.shape[1] < LEAST_SECONDARY_BINS:
        raise TrainingError(f"{source}: 'odd_even_view' has the shape {values.shape}, not (N, 2 x bins).")
    bins = values.shape[1] // 2
    values = np.where(np.isfinite(values), values, np.nan)
    left = np.linspace(0, bins - 1, LOCAL_BINS)
    below = np.minimum(left.astype(int), bins - 2)
    part = left - below
    secondary = values[:, below] * (1 - part) + values[:, below + 1] * part
    return (secondary - np.median(secondary, axis=1, keepdims=True)).astype(np.float32)


def _scalars(arrays, n, source):
    """The (N, 9) scalar inputs; NaN where the file has none."""
    columns = {name: column(arrays, name, n, source) for name in SCALAR_NAMES}
    if {"depth_odd_ppm", "depth_even_ppm"} <= set(arrays):
        odd, even = (column(arrays, f"depth_{side}_ppm", n, source) for side in ("odd", "even"))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            columns["odd_even_ratio"] = np.where((odd > 0) & (even > 0), odd / even, np.nan)
    return np.column_stack([columns[name] for name in SCALAR_NAMES])


def _labels(arrays, mission, n, source):
    label = text_column(arrays, "label", n, source)
    if label is None:
        return None
    unknown = sorted(set(label) - set(LABELS[mission]))
    if unknown:
        known = ", ".join(name for name in LABELS[mission] if name)
        named = ", ".join(map(str, unknown[:SHOWN])) + (" ..." if len(unknown) > SHOWN else "")
        raise TrainingError(f"{source}: unknown label {named}; known are {known}.")
    return label if np.isin(label, ["V", "IS"]).any() else np.where(label == "J", ANY_JUNK, label)


def read_views(path):
    """Read a file of folded views.

    Parameters
    ----------
    path : Path or str
        `.npz` with global_view (N, 201), local_view (N, 61), and tic_id (TESS) or kic_id (Kepler). It may also have
        label (N,), the scalars in SCALAR_NAMES, depth_odd_ppm, depth_even_ppm, epoch_btjd, ra_deg, dec_deg,
        toi_disposition and eb_morphology (N,), and odd_even_view (N, 162).

    Returns
    -------
    ViewsFile

    Raises
    ------
    TrainingError
        The file is missing or malformed; the message names the file and the array.
    """
    source = Path(path).name
    arrays = read_arrays(path)
    mission = next((name for name, stars in STAR_COLUMNS.items() if stars in arrays), None)
    if mission is None:
        raise TrainingError(f"{source} has neither 'tic_id' nor 'kic_id', so its stars cannot be identified.")
    views = {name: view(arrays, name, bins, source) for name, bins in VIEW_BINS.items()}
    n = len(views["global_view"])
    secondary = _secondary_view(arrays, source)
    lengths = {"global_view": n, "local_view": len(views["local_view"])}
    lengths |= {} if secondary is None else {"odd_even_view": len(secondary)}
    if len(set(lengths.values())) != 1 or n == 0:
        raise TrainingError(f"{source}: its arrays differ in length or are empty: {lengths}.")
    has_position = set(POSITIONS) <= set(arrays)
    return ViewsFile(
        mission=mission,
        star_id=star_ids(arrays, STAR_COLUMNS[mission], n, source),
        scalars=_scalars(arrays, n, source),
        epoch_btjd=column(arrays, "epoch_btjd", n, source),
        label=_labels(arrays, mission, n, source),
        source=source,
        secondary_view=secondary,
        position_deg=np.column_stack([column(arrays, name, n, source) for name in POSITIONS]) if has_position else None,
        toi_disposition=text_column(arrays, "toi_disposition", n, source),
        eb_morphology=column(arrays, "eb_morphology", n, source) if "eb_morphology" in arrays else None,
        **views,
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
