"""The shape of the folded transit: a trapezoid's depth, length and ingress."""

from dataclasses import dataclass

import numpy as np

INGRESS_GRID = np.linspace(0.02, 0.5, 25)
"""Ingress over the whole duration: 0 is a box, 0.5 a V."""

LENGTH_GRID = np.linspace(0.4, 1.8, 57)
"""Whole duration in units of the catalogue's."""

REFINEMENTS, FINER = 3, np.linspace(-2, 2, 11)
"""After the grid: finer ones about its best point, each two steps of the one before to either side. Length and ingress trade off
against each other, so that on a coarse grid the best point is further from the truth than half a step."""

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
    """Fit a trapezoid to the fold by a grid over length and ingress, refined about its best; depth and level follow linearly.

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
    steps = LENGTH_GRID[1] - LENGTH_GRID[0], INGRESS_GRID[1] - INGRESS_GRID[0]
    tried = [_try_shapes(LENGTH_GRID, INGRESS_GRID, x, y, weight)]
    for _ in range(REFINEMENTS):
        found = np.concatenate(tried, axis=1)
        chi2, _, length, ingress = found[:, np.argmin(found[0])]
        if not np.isfinite(chi2):
            return None
        tried.append(
            _try_shapes(
                (length + FINER * steps[0]).clip(*LENGTH_GRID[[0, -1]]),
                (ingress + FINER * steps[1]).clip(*INGRESS_GRID[[0, -1]]),
                x,
                y,
                weight,
            )
        )
        steps = [step * (FINER[1] - FINER[0]) for step in steps]
    found = np.concatenate(tried, axis=1)
    chi2, depth, length, ingress = found[:, np.argmin(found[0])]
    reduced = float(chi2 / max(used.sum() - 4, 1))
    _, _, lengths, ingresses = found[:, found[0] <= chi2 + max(reduced, 1.0)]
    finest = 2 * half / duration / BINS / 4
    return Trapezoid(
        float(depth),
        float(ephemeris.duration_h * length),
        float(ephemeris.duration_h * _half_span(lengths, finest)),
        float(ingress),
        _half_span(ingresses, finest),
        reduced,
    )


def _try_shapes(lengths, ingresses, x, y, weight):
    """Least squares of y = level + depth * shape for all shapes at once: rows chi2 (infinite for a bump), depth, length, ingress."""
    length, ingress = (grid.ravel() for grid in np.meshgrid(lengths, ingresses, indexing="ij"))
    shape = np.clip((length[:, None] / 2 - x) / (length * ingress)[:, None], 0, 1)
    total = weight.sum()
    mean_shape, mean_y = shape @ weight / total, y @ weight / total
    covariance = shape @ (weight * y) / total - mean_shape * mean_y
    variance = np.square(shape) @ weight / total - mean_shape**2
    depth = covariance / np.maximum(variance, 1e-12)
    chi2 = total * (np.square(y) @ weight / total - mean_y**2 - depth * covariance)
    return np.stack([np.where(depth > 0, chi2, np.inf), depth, length, ingress])


def _half_span(values, finest):
    """Half the spread of the allowed values, never finer than a quarter of a bin, within which the shape is not seen."""
    return float(max((values.max() - values.min()) / 2, finest))
