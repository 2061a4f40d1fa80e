"""The views of a folded light curve: the inputs of the network, and further views for comparison."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import OUTLIER_SIGMA
from app_tess.astro.light_curve import NoUsableData, star_name
from app_tess.astro.robust import quick_median
from app_tess.astro.stitching import StitchedLightCurve


@dataclass(frozen=True)
class ViewRecipe:
    """The views of a paper: number and width of the bins, half-width of the local view, and filling of empty bins."""

    global_bins: int
    global_width_periods: float
    local_bins: int
    local_width_durations: float
    local_half_durations: float
    fill: str


YU_2019 = ViewRecipe(201, 1.2 / 201, 61, 0.16, 2.0, "interpolate")
"""Yu et al. 2019, AJ 158, 25, sec. 3.2, as in their published code: overlapping bins, gaps interpolated linearly."""

SHALLUE_VANDERBURG_2018 = ViewRecipe(2001, 1 / 2001, 201, 0.16, 4.0, "median")
"""Shallue & Vanderburg 2018, AJ 155, 94, sec. 3.3: empty bins are set to the median of the light curve."""

SHALLUE_VANDERBURG_SMALL = ViewRecipe(201, 1 / 201, 61, 0.16, 4.0, "median")
"""The same definition in 201 and 61 bins."""


@dataclass(frozen=True, eq=False)
class Views:
    """The two views that are inputs of the network, and three for comparison.

    Attributes
    ----------
    global_view : ndarray, shape (201,)
        Median 0, deepest point -1.
    local_view : ndarray, shape (61,)
        Median 0, deepest point -1.
    odd_view, even_view, secondary_view : ndarray, shape (61,), or None
        Median 0, in units of the depth of the local view, so that they are comparable with it; None without data.
    secondary_phase : float
        Center of the secondary view, in [0, 1).
    filled : dict of str to list of int
        Name of a view -> indices of its empty bins, which were filled in.
    """

    global_view: FloatArray
    local_view: FloatArray
    odd_view: FloatArray | None
    even_view: FloatArray | None
    secondary_view: FloatArray | None
    secondary_phase: float
    filled: dict[str, list[int]]

    @property
    def empty_global(self) -> int:
        """Number of empty bins in the global view."""
        return len(self.filled["global_view"])

    @property
    def empty_local(self) -> int:
        """Number of empty bins in the local view."""
        return len(self.filled["local_view"])


def view_centers(ephemeris: Ephemeris, recipe: ViewRecipe = YU_2019) -> tuple[FloatArray, FloatArray]:
    """Return the bin centers of the global and of the local views [d from mid-transit], each of shape (bins,)."""
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    half, width = _local_extent(period, duration, recipe)
    return (
        _centers(period / 2, period * recipe.global_width_periods, recipe.global_bins),
        _centers(half, width, recipe.local_bins),
    )


def _centers(half_d: float, width_d: float, bins: int) -> FloatArray:
    return np.linspace(-half_d + width_d / 2, half_d - width_d / 2, bins)


def _local_extent(period_d: float, duration_d: float, recipe: ViewRecipe) -> tuple[float, float]:
    """Return the half-width of a local view and the width of its bins [d]."""
    half = min(recipe.local_half_durations * duration_d, period_d / 2)
    return half, min(recipe.local_width_durations * duration_d, half)


def view_medians(
    folded_d: FloatArray, flux: FloatArray, bins: int, width_d: float, start_d: float, stop_d: float
) -> FloatArray:
    """Return the medians in `bins` intervals of `width_d`, evenly spaced over [start_d, stop_d); NaN where empty.

    Parameters
    ----------
    folded_d, flux : ndarray, shape (N,)
        Folded time [d], ascending, and flux. Intervals overlap where the width exceeds their spacing.

    Returns
    -------
    ndarray, shape (bins,)
    """
    left = start_d + np.arange(bins) * (stop_d - start_d - width_d) / (bins - 1)
    first, last = np.searchsorted(folded_d, left), np.searchsorted(folded_d, left + width_d)
    return np.array([quick_median(flux[a:b]) if b > a else np.nan for a, b in zip(first, last, strict=True)])


def fill_empty_bins(view: FloatArray, fill: str, level: float) -> FloatArray:
    """Return a copy of a view with NaN filled by linear interpolation (constant beyond the ends), or by `level`."""
    empty = np.isnan(view)
    if not empty.any():
        return view.copy()
    if fill == "median" or empty.all():
        return np.where(empty, level, view)
    position = np.arange(len(view))
    return np.interp(position, position[~empty], view[~empty])


def normalize_view(view: FloatArray) -> FloatArray:
    """Return a view shifted to median 0 and scaled to -1 at its deepest point; a view without a dip is only shifted."""
    view = view - np.median(view)
    depth = -np.min(view)
    return view / depth if depth > 0 else view


def _local(
    folded_d: FloatArray, flux: FloatArray, ephemeris: Ephemeris, recipe: ViewRecipe, center_d: float = 0.0
) -> tuple[FloatArray | None, list[int]]:
    """Return the local view around a folded time, not normalized, and the indices of its empty bins.

    Without data the view is None, and every bin is empty.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    shifted = np.mod(folded_d - center_d + period / 2, period) - period / 2
    order = np.argsort(shifted, kind="stable")
    half, width = _local_extent(period, duration, recipe)
    view = view_medians(shifted[order], flux[order], recipe.local_bins, width, -half, half)
    empty = _empty_bins(view)
    return (None if len(empty) == len(view) else fill_empty_bins(view, recipe.fill, float(np.median(flux)))), empty


def _empty_bins(view: FloatArray) -> list[int]:
    return [int(number) for number in np.flatnonzero(np.isnan(view))]


def make_views(
    stitched: StitchedLightCurve, ephemeris: Ephemeris, secondary_phase: float = 0.5, recipe: ViewRecipe = YU_2019
) -> Views:
    """Make the global, local, odd, even and secondary views of a folded light curve.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        Must have a period and a duration.
    secondary_phase : float
        Phase at the center of the secondary view: 0.5 unless a secondary was found elsewhere.
    recipe : ViewRecipe

    Returns
    -------
    Views

    Raises
    ------
    EphemerisError
        The object is a single transit or has no duration.
    NoUsableData
        No cadence lies in transit; a view of filled bins only would look like data.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    kept = stitched.flux <= 1 + OUTLIER_SIGMA * stitched.scatter
    time, flux = stitched.time_btjd[kept], stitched.flux[kept]
    folded = ephemeris.fold(time)
    order = np.argsort(folded, kind="stable")
    whole = view_medians(
        folded[order], flux[order], recipe.global_bins, period * recipe.global_width_periods, -period / 2, period / 2
    )
    local, empty_local = _local(folded, flux, ephemeris, recipe)
    if local is None or not (np.abs(folded) <= duration / 2).any():
        raise NoUsableData(f"{star_name(stitched.tic_id)}: no cadence falls in transit, so no views can be made.")
    odd = ephemeris.transit_number(time) % 2 == 1
    odd_view, empty_odd = _of_parity(folded, flux, odd, ephemeris, recipe)
    even_view, empty_even = _of_parity(folded, flux, ~odd, ephemeris, recipe)
    secondary, empty_secondary = _local(folded, flux, ephemeris, recipe, secondary_phase * period)
    depth = float(np.median(local) - np.min(local))
    return Views(
        normalize_view(fill_empty_bins(whole, recipe.fill, float(np.median(flux)))),
        normalize_view(local),
        _in_depths(odd_view, depth),
        _in_depths(even_view, depth),
        _in_depths(secondary, depth),
        float(secondary_phase % 1.0),
        {
            "global_view": _empty_bins(whole),
            "local_view": empty_local,
            "odd_view": empty_odd,
            "even_view": empty_even,
            "secondary_view": empty_secondary,
        },
    )


def _of_parity(
    folded_d: FloatArray, flux: FloatArray, chosen: BoolArray, ephemeris: Ephemeris, recipe: ViewRecipe
) -> tuple[FloatArray | None, list[int]]:
    """Return the local view of the chosen transits, and the indices of its empty bins.

    Without a cadence in transit, return (None, []).
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    # half-way between two transits an odd one ends and an even one begins, so each keeps its own local stretch
    near = chosen & (np.abs(folded_d) <= min(recipe.local_half_durations * duration, period / 2))
    if not (near & (np.abs(folded_d) <= duration / 2)).any():
        return None, []
    return _local(folded_d[near], flux[near], ephemeris, recipe)


def _in_depths(view: FloatArray | None, depth: float) -> FloatArray | None:
    """Return a view with median 0, in units of the transit's depth."""
    return None if view is None else (view - np.median(view)) / (depth if depth > 0 else 1.0)
