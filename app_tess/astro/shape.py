"""The shape of the folded transit: a trapezoid's depth, length and ingress."""
from dataclasses import dataclass

import numpy as np

INGRESS_GRID = np.linspace(0.02, 0.5, 25)
"""Ingress over the whole duration: 0 is a box, 0.5 a V."""

LENGTH_GRID = np.linspace(0.4, 1.8, 57)
"""Whole duration in units of the catalogue's."""

BINS = 101
HALF_WIDTH_DURATIONS = 1.6


@dataclass(frozen=True)
class Trapezoid:
    """Best trapezoid: relative depth, first-to-fourth-contact duration [h], ingress over duration (0 box, 0.5 V), with errors."""

    depth: float
    duration_h: float
    duration_err_h: float
    ingress: float
    ingress_err: float
    reduced_chi2: float


def fit_trapezoid(stitched, ephemeris, red_noise=1.0):
    """Fit a trapezoid to the fold by a grid over length and ingress; depth and level follow linearly.

    Errors span the models within delta chi2 = 1 of the best, chi2 scaled by the red noise squared (and by the misfit where
    it is more than one). None where fewer than 20 bins near the transit hold a point.
    """
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
    weight = count[used] / (stitched.scatter * red_noise) ** 2
    length, ingress = (grid.ravel() for grid in np.meshgrid(LENGTH_GRID, INGRESS_GRID, indexing="ij"))
    shape = np.clip((length[:, None] / 2 - x) / (length * ingress)[:, None], 0, 1)
    # least squares of y = level + depth * shape, for all shapes at once
    total = weight.sum()
    mean_shape, mean_y = shape @ weight / total, y @ weight / total
    covariance = shape @ (weight * y) / total - mean_shape * mean_y
    variance = np.square(shape) @ weight / total - mean_shape**2
    depth = covariance / np.maximum(variance, 1e-12)
    chi2 = total * (np.square(y) @ weight / total - mean_y**2 - depth * covariance)
    chi2 = np.where(depth > 0, chi2, np.inf)
    best = int(np.argmin(chi2))
    if not np.isfinite(chi2[best]):
        return None
    reduced = float(chi2[best] / max(used.sum() - 4, 1))
    allowed = chi2 <= chi2[best] + max(reduced, 1.0)
    duration_h = ephemeris.duration_h * length[best]
    return Trapezoid(
        float(depth[best]), float(duration_h), _half_span(length[allowed] * ephemeris.duration_h, LENGTH_GRID[1] - LENGTH_GRID[0]),
        float(ingress[best]), _half_span(ingress[allowed], INGRESS_GRID[1] - INGRESS_GRID[0]), reduced)


def _half_span(values, step):
    """Half the spread of the allowed values, never finer than half a step of the grid."""
    return float(max((values.max() - values.min()) / 2, step / 2))
