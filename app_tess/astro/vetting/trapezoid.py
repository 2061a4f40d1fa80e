"""The best-fitting trapezoid of the folded transit: depth, duration and ingress."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.vetting.context import VettingContext

INGRESS_GRID = np.linspace(0.02, 0.5, 25)
"""Ingress over total duration: 0 for a box, 0.5 for a V."""

LENGTH_GRID = np.linspace(0.4, 1.8, 57)
"""Total duration over that in the catalogue."""

REFINEMENTS, FINER = 3, np.linspace(-2, 2, 11)
"""Number of finer grids around the best point, and their points in steps of the previous grid. Each spans two steps on
either side, because length and ingress are correlated: the best point of a coarse grid may be over half a step from
the minimum."""

BINS, LEAST_BINS = 101, 10
HALF_WIDTH_DURATIONS = 1.6


@dataclass(frozen=True)
class Trapezoid:
    """Best-fitting trapezoid.

    Parameters
    ----------
    depth : float
        Relative depth.
    duration_h, duration_err_h : float
        Duration from first to fourth contact and its error [h].
    ingress, ingress_err : float
        Ingress over duration (0 for a box, 0.5 for a V) and its error.
    reduced_chi2 : float
    at_limit : bool
        True where the best duration is the shortest or longest one tried: it is no measurement then.
    """

    depth: float
    duration_h: float
    duration_err_h: float
    ingress: float
    ingress_err: float
    reduced_chi2: float
    at_limit: bool = False


def fit_trapezoid(context: VettingContext) -> Trapezoid | None:
    """Fit a trapezoid to the folded light curve.

    Length and ingress are searched on a grid, refined around its best point; depth and level follow from a linear fit.
    Errors span the models within delta chi2 = 1 of the best, with chi2 scaled by the red noise squared and, where it
    exceeds one, by the reduced chi2.

    Returns
    -------
    Trapezoid or None
        None where fewer than LEAST_BINS bins near the transit contain cadences, or no model is a dip.
    """
    binned = _bin_fold(context)
    if binned is None:
        return None
    x, y, weight, finest = binned
    found = _search_grids(x, y, weight)
    if found is None:
        return None
    chi2, depth, length, ingress = found[:, np.argmin(found[0])]
    reduced = float(chi2 / max(len(x) - 4, 1))
    _, _, lengths, ingresses = found[:, found[0] <= chi2 + max(reduced, 1.0)]
    duration_h = context.duration_h
    return Trapezoid(
        float(depth),
        float(duration_h * length),
        float(duration_h * _half_span(lengths, finest)),
        float(ingress),
        _half_span(ingresses, finest),
        reduced,
        not LENGTH_GRID[0] + finest < length < LENGTH_GRID[-1] - finest,
    )


def _bin_fold(context: VettingContext) -> tuple[FloatArray, FloatArray, FloatArray, float] | None:
    """Return the time from mid-transit [durations], dip and weight of each bin, and the resolution [durations]."""
    ephemeris, stitched = context.ephemeris, context.stitched
    duration = ephemeris.duration_d
    distance = ephemeris.from_transit(stitched.time_btjd)
    half = HALF_WIDTH_DURATIONS * duration
    if ephemeris.period_d:
        half = min(half, ephemeris.period_d / 2)
    near = np.abs(distance) < half
    slot = ((distance[near] + half) / (2 * half) * BINS).astype(int).clip(0, BINS - 1)
    count = np.bincount(slot, minlength=BINS)
    used = count > 0
    if used.sum() < LEAST_BINS:
        return None
    x = (np.bincount(slot, weights=np.abs(distance[near]), minlength=BINS)[used] / count[used]) / duration
    y = 1 - np.bincount(slot, weights=stitched.flux[near], minlength=BINS)[used] / count[used]
    weight = count[used] / (stitched.scatter * context.red_noise) ** 2
    return x, y, weight, 2 * half / duration / BINS / 4


def _search_grids(x: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray | None:
    """Return chi2, depth, length and ingress of all trapezoids, shape (4, N); None where none of them is a dip."""
    steps = [LENGTH_GRID[1] - LENGTH_GRID[0], INGRESS_GRID[1] - INGRESS_GRID[0]]
    tried = [_try_shapes(LENGTH_GRID, INGRESS_GRID, x, y, weight)]
    for _ in range(REFINEMENTS):
        found = np.concatenate(tried, axis=1)
        chi2, _, length, ingress = found[:, np.argmin(found[0])]
        if not np.isfinite(chi2):
            return None
        lengths = (length + FINER * steps[0]).clip(*LENGTH_GRID[[0, -1]])
        ingresses = (ingress + FINER * steps[1]).clip(*INGRESS_GRID[[0, -1]])
        tried.append(_try_shapes(lengths, ingresses, x, y, weight))
        steps = [step * (FINER[1] - FINER[0]) for step in steps]
    return np.concatenate(tried, axis=1)


def _try_shapes(
    lengths: FloatArray, ingresses: FloatArray, x: FloatArray, y: FloatArray, weight: FloatArray
) -> FloatArray:
    """Fit y = level + depth * shape for all shapes at once.

    Returns
    -------
    ndarray, shape (4, N)
        chi2 (infinite for negative depths), depth, length and ingress of each shape.
    """
    length, ingress = (grid.ravel() for grid in np.meshgrid(lengths, ingresses, indexing="ij"))
    shape = np.clip((length[:, None] / 2 - x) / (length * ingress)[:, None], 0, 1)
    total = weight.sum()
    mean_shape, mean_y = shape @ weight / total, y @ weight / total
    covariance = shape @ (weight * y) / total - mean_shape * mean_y
    variance = np.square(shape) @ weight / total - mean_shape**2
    depth = covariance / np.maximum(variance, 1e-12)
    chi2 = total * (np.square(y) @ weight / total - mean_y**2 - depth * covariance)
    return np.stack([np.where(depth > 0, chi2, np.inf), depth, length, ingress])


def _half_span(values: FloatArray, finest: float) -> float:
    """Return half the range of the allowed values, at least the resolution `finest`, a quarter of a bin."""
    return float(max((values.max() - values.min()) / 2, finest))


def why_no_shape(context: VettingContext) -> str:
    """Return the reason why the trapezoid cannot be used; empty where it can."""
    fit = context.shared(fit_trapezoid)
    if fit is None:
        return "too few cadences near the transit"
    if fit.at_limit:
        return "the best duration is the limit of the range tried, so it is not determined"
    return "" if context.is_dip_significant else "the dip is not significant"
