"""The trapezoid that fits the folded transit best: depth, duration and ingress."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.vetting.context import VettingContext

INGRESS_GRID = np.linspace(0.02, 0.5, 25)
"""Ingress over total duration: 0 is a box, 0.5 a V."""

LENGTH_GRID = np.linspace(0.4, 1.8, 57)
"""Total duration in units of the catalogue's."""

REFINEMENTS, FINER = 3, np.linspace(-2, 2, 11)
"""Finer grids about the best point, each spanning two steps of the one before on either side. Length and ingress are
correlated, so that on a coarse grid the best point is more than half a step from the minimum."""

BINS = 101
HALF_WIDTH_DURATIONS = 1.6


@dataclass(frozen=True)
class Trapezoid:
    """Best trapezoid: relative depth, duration from first to fourth contact [h], ingress over duration, with errors."""

    depth: float
    duration_h: float
    duration_err_h: float
    ingress: float
    ingress_err: float
    reduced_chi2: float


def fit_trapezoid(context: VettingContext) -> Trapezoid | None:
    """Fit a trapezoid to the fold, on a grid of length and ingress refined about its best point.

    Depth and level follow linearly.
    Errors span the models within delta chi2 = 1 of the best, chi2 scaled by the red noise squared (and by the reduced
    chi2 where it exceeds one). None where fewer than 20 bins near the transit hold a cadence.
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
    )


def _bin_fold(context: VettingContext) -> tuple[FloatArray, FloatArray, FloatArray, float] | None:
    """Return distance from mid-transit [durations], dip and weight of each bin, and the resolution [durations]."""
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
    if used.sum() < 20:
        return None
    x = (np.bincount(slot, weights=np.abs(distance[near]), minlength=BINS)[used] / count[used]) / duration
    y = 1 - np.bincount(slot, weights=stitched.flux[near], minlength=BINS)[used] / count[used]
    weight = count[used] / (stitched.scatter * context.red_noise) ** 2
    return x, y, weight, 2 * half / duration / BINS / 4


def _search_grids(x: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray | None:
    """Return rows chi2, depth, length, ingress of all trapezoids tried; None where every one is a bump."""
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
    """Fit y = level + depth * shape; return rows chi2 (infinite for a bump), depth, length, ingress of all shapes."""
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
    """Return half the range of the allowed values, at least `finest`: below a quarter of a bin no shape is resolved."""
    return float(max((values.max() - values.min()) / 2, finest))


def why_no_shape(context: VettingContext) -> str:
    """Return the reason why the trapezoid means nothing here; empty where it does."""
    if context.shared(fit_trapezoid) is None:
        return "too few cadences near the transit"
    return "" if context.is_dip_significant else "the dip is not significant"
