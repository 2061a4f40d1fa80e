"""Fold a light curve on an ephemeris, bin it, and make the views that the networks see."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.robust import scatter


def fold(time_btjd, ephemeris):
    """Fold observation times on a transit ephemeris.

    Parameters
    ----------
    time_btjd : ndarray, shape (N,)
        Barycentric TESS Julian Date [d], TDB. NaN stays NaN.
    ephemeris : Ephemeris
        period_d > 0; epoch_btjd is a mid-transit time.

    Returns
    -------
    ndarray, shape (N,)
        Time from the nearest mid-transit [d], in [-period_d/2, period_d/2).

    Raises
    ------
    EphemerisError
        The period is missing (a single transit).

    Source: Shallue & Vanderburg 2018, AJ 155, 94, sec. 3.3.
    """
    return ephemeris.fold(time_btjd)


def bin_median(x, y, edges):
    """Median of y in each bin [edges[i], edges[i+1]).

    Returns
    -------
    centres, medians, errors : ndarray, shape (B,)
        `errors` is the standard error of the median (1.2533 sigma / sqrt(n), sigma from the bin's own MAD).
        Empty bins are NaN in medians and errors.
    """
    order = np.argsort(x, kind="stable")
    x, y = np.asarray(x)[order], np.asarray(y)[order]
    bounds = np.searchsorted(x, edges)
    medians, errors = np.full(len(edges) - 1, np.nan), np.full(len(edges) - 1, np.nan)
    for i, (first, last) in enumerate(zip(bounds[:-1], bounds[1:])):
        if last > first:
            inside = y[first:last]
            medians[i] = np.median(inside)
            errors[i] = 1.2533 * scatter(inside, medians[i]) / np.sqrt(last - first)
    return (edges[:-1] + edges[1:]) / 2, medians, errors


@dataclass(frozen=True)
class FoldedDepth:
    """A measured transit depth: value and error [ppm], and the cadences in and out of transit it rests on."""

    depth_ppm: float
    depth_err_ppm: float
    cadences_in: int
    cadences_out: int
    transits: int


IN_TRANSIT_DURATIONS = 0.3
"""Full width [durations] around mid-transit where the depth is read: the bottom, as the catalogue's depths are."""

OUT_OF_TRANSIT_DURATIONS = (1.25, 4.0)
"""Full widths [durations] between which the level out of transit is read, on both sides."""


def depth_windows(from_transit_d, duration_d, period_d=None):
    """Boolean arrays (in, out): the cadences on the floor of a transit and those beside it.

    Where the catalogue's duration leaves no room (more than half the period) the out window ends at half the period.
    """
    distance = np.abs(from_transit_d)
    inner, outer = (width * duration_d / 2 for width in OUT_OF_TRANSIT_DURATIONS)
    if period_d:
        outer, inner = min(outer, period_d / 2), min(inner, period_d / 4)
    return distance <= IN_TRANSIT_DURATIONS * duration_d / 2, (distance > inner) & (distance <= outer)


LEAST_SCATTER = 1e-9
"""Below this relative scatter a curve is no measurement: the brightest star's is 1e-5."""


def require_noise(stitched):
    """NoUsableData for a curve whose flux does not vary from cadence to cadence: no error can be given of what is read from it."""
    if stitched.scatter < LEAST_SCATTER:
        raise NoUsableData(
            f"TIC {stitched.tic_id}: its flux is the same in cadence after cadence: no star's is, and no error can be given."
        )


def measure_depth(stitched, ephemeris):
    """The depth of the folded transit: median level beside it less the median on its floor, relative to the level.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        With a duration; a single transit is measured at its epoch.

    Returns
    -------
    FoldedDepth
        The error is that of two medians, 1.2533 sqrt(s_in^2/n_in + scatter^2/n_out), s_in the larger of the scatter and the floor's own:
        on a V's slopes a median wanders further. Red noise is vetting's (astro.vetting).

    Raises
    ------
    NoUsableData
        No cadence in transit, or none beside it; a curve without any noise.
    """
    require_noise(stitched)
    distance = ephemeris.from_transit(stitched.time_btjd)
    inside, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    if not inside.any():
        raise NoUsableData(
            f"TIC {stitched.tic_id}: no cadence falls in transit: the data (BTJD {stitched.time_btjd[0]:.2f} to"
            f" {stitched.time_btjd[-1]:.2f}) miss every predicted transit"
            + (
                f" of the {ephemeris.period_d:.5g} d period; the nearest is at BTJD {_nearest_transit(stitched, ephemeris):.2f}."
                if ephemeris.period_d
                else f" (epoch {ephemeris.epoch_btjd:.3f})."
            )
        )
    if not outside.any():
        raise NoUsableData(f"TIC {stitched.tic_id}: no cadence lies beside a transit, so its depth cannot be measured.")
    level = np.median(stitched.flux[outside])
    depth = 1 - np.median(stitched.flux[inside]) / level
    floor_scatter = max(stitched.scatter, scatter(stitched.flux[inside]))
    error = 1.2533 * np.hypot(floor_scatter / np.sqrt(inside.sum()), stitched.scatter / np.sqrt(outside.sum()))
    transits = len(np.unique(ephemeris.transit_number(stitched.time_btjd[inside])))
    return FoldedDepth(float(depth * 1e6), float(error * 1e6), int(inside.sum()), int(outside.sum()), transits)


def _nearest_transit(stitched, ephemeris):
    """The mid-transit [BTJD d] nearest to any cadence."""
    closest = np.argmin(np.abs(ephemeris.fold(stitched.time_btjd)))
    return stitched.time_btjd[closest] - ephemeris.fold(stitched.time_btjd[closest])


@dataclass(frozen=True)
class ViewRecipe:
    """How a paper makes its views: bins, width of a bin, half-width of the local view, what fills an empty bin."""

    global_bins: int
    global_width_periods: float
    local_bins: int
    local_width_durations: float
    local_half_durations: float
    fill: str


YU_2019 = ViewRecipe(201, 1.2 / 201, 61, 0.16, 2.0, "interpolate")
"""Yu et al. 2019, AJ 158, 25, sec. 3.2, as in its published code: overlapping bins, gaps joined by a straight line."""

SHALLUE_VANDERBURG_2018 = ViewRecipe(2001, 1 / 2001, 201, 0.16, 4.0, "median")
"""Shallue & Vanderburg 2018, AJ 155, 94, sec. 3.3: an empty bin takes the light curve's median."""

SHALLUE_VANDERBURG_SMALL = ViewRecipe(201, 1 / 201, 61, 0.16, 4.0, "median")
"""The same definition in 201 and 61 bins."""

OUTLIER_SIGMA = 5.0
"""Points brighter than this [sigma] are left out of a view (Yu et al. 2019); faint ones never, they may be the transit."""


@dataclass(frozen=True, eq=False)
class Views:
    """What the networks see, and its companions.

    `global_view` (201,) and `local_view` (61,): median 0, deepest point -1. `odd_view`, `even_view`, `secondary_view` (61,): median 0, in
    units of the local view's depth, so they can be compared with it; None where there is nothing to show.
    `secondary_phase` [0, 1) is where the secondary view is centred. `filled`: a view's name -> the numbers of its bins that hold no
    point and were filled in; `empty_global`, `empty_local` count them.
    """

    global_view: np.ndarray
    local_view: np.ndarray
    odd_view: np.ndarray | None
    even_view: np.ndarray | None
    secondary_view: np.ndarray | None
    secondary_phase: float
    filled: dict

    @property
    def empty_global(self):
        return len(self.filled["global_view"])

    @property
    def empty_local(self):
        return len(self.filled["local_view"])


def view_centres(ephemeris, recipe=YU_2019):
    """The middles of the bins of the global view and of the local ones, days from mid-transit: shapes (bins,)."""
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    half, width = _local_extent(period, duration, recipe)
    return tuple(
        np.linspace(-reach + bin_d / 2, reach - bin_d / 2, bins)
        for reach, bin_d, bins in (
            (period / 2, period * recipe.global_width_periods, recipe.global_bins),
            (half, width, recipe.local_bins),
        )
    )


def _local_extent(period, duration, recipe):
    """Half the extent of a local view and the width of its bins [d]."""
    half = min(recipe.local_half_durations * duration, period / 2)
    return half, min(recipe.local_width_durations * duration, half)


def view_medians(folded_d, flux, bins, width_d, start_d, stop_d):
    """Medians of `bins` intervals of `width_d`, evenly spaced over [start_d, stop_d); shape (bins,), NaN where empty.

    folded_d : ndarray, shape (N,), ascending. Intervals overlap where the width exceeds their spacing.
    """
    left = start_d + np.arange(bins) * (stop_d - start_d - width_d) / (bins - 1)
    first, last = np.searchsorted(folded_d, left), np.searchsorted(folded_d, left + width_d)
    return np.array([np.median(flux[a:b]) if b > a else np.nan for a, b in zip(first, last)])


def fill_empty_bins(view, fill, level):
    """A copy of a view without NaN: straight lines between the neighbours and their value beyond the ends, or `level`."""
    empty = np.isnan(view)
    if not empty.any():
        return view.copy()
    if fill == "median" or empty.all():
        return np.where(empty, level, view)
    position = np.arange(len(view))
    return np.interp(position, position[~empty], view[~empty])


def normalise_view(view):
    """Shift a view to median 0 and scale its deepest point to -1; a view without any dip is only shifted."""
    view = view - np.median(view)
    depth = -np.min(view)
    return view / depth if depth > 0 else view


def _local(folded_d, flux, ephemeris, recipe, centre_d=0.0):
    """Unnormalised local view around a folded time, and the numbers of its empty bins; (None, all) without any point."""
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    shifted = np.mod(folded_d - centre_d + period / 2, period) - period / 2
    order = np.argsort(shifted, kind="stable")
    half, width = _local_extent(period, duration, recipe)
    view = view_medians(shifted[order], flux[order], recipe.local_bins, width, -half, half)
    empty = np.flatnonzero(np.isnan(view)).tolist()
    return (None if len(empty) == len(view) else fill_empty_bins(view, recipe.fill, np.median(flux))), empty


def make_views(stitched, ephemeris, secondary_phase=0.5, recipe=YU_2019):
    """Make the global, local, odd, even and secondary views of a folded light curve.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        With period and duration.
    secondary_phase : float
        Phase of the secondary view's middle: 0.5 unless a secondary was found elsewhere.
    recipe : ViewRecipe

    Returns
    -------
    Views

    Raises
    ------
    EphemerisError
        A single transit, or no duration.
    NoUsableData
        No point near the transit: a view made of filled bins alone would look like data.
    """
    period, duration = ephemeris.require_period(), ephemeris.duration_d
    kept = stitched.flux <= 1 + OUTLIER_SIGMA * stitched.scatter
    time, flux = stitched.time_btjd[kept], stitched.flux[kept]
    folded = ephemeris.fold(time)
    if not (np.abs(folded) <= duration / 2).any():
        raise NoUsableData(
            f"TIC {stitched.tic_id}: no cadence falls in transit, so there is no view to show the network."
        )
    order = np.argsort(folded, kind="stable")
    whole = view_medians(
        folded[order], flux[order], recipe.global_bins, period * recipe.global_width_periods, -period / 2, period / 2
    )
    local, empty_local = _local(folded, flux, ephemeris, recipe)
    level = np.median(local)
    depth = level - np.min(local)

    def beside(values):
        return None if values is None else (values - np.median(values)) / (depth if depth > 0 else 1.0)

    odd = ephemeris.transit_number(time) % 2 == 1
    # half-way between two transits an odd one ends and an even one begins, so each keeps its own local stretch
    near = np.abs(folded) <= min(recipe.local_half_durations * duration, period / 2)
    halves = [
        _local(folded[near & side], flux[near & side], ephemeris, recipe)
        if (near & side & (np.abs(folded) <= duration / 2)).any()
        else (None, [])
        for side in (odd, ~odd)
    ]
    (odd_view, empty_odd), (even_view, empty_even) = halves
    secondary, empty_secondary = _local(folded, flux, ephemeris, recipe, secondary_phase * period)
    return Views(
        normalise_view(fill_empty_bins(whole, recipe.fill, np.median(flux))),
        normalise_view(local),
        beside(odd_view),
        beside(even_view),
        beside(secondary),
        float(secondary_phase % 1.0),
        {
            "global_view": np.flatnonzero(np.isnan(whole)).tolist(),
            "local_view": empty_local,
            "odd_view": empty_odd,
            "even_view": empty_even,
            "secondary_view": empty_secondary,
        },
    )
