"""A light curve as weighted dips below its level: what every box of the search sums."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.folding import OUTLIER_SIGMA
from app_tess.astro.robust import step_scatter
from app_tess.astro.search.fast_folding import FoldArray
from app_tess.astro.stitching import StitchedLightCurve


@dataclass(frozen=True, eq=False)
class WeightedDips:
    """Dips and their weights; arrays of shape (N,).

    Attributes
    ----------
    time_btjd : ndarray
        Ascending [d].
    dip : ndarray
        1 - flux, less its weighted mean, with flares clipped.
    weight : ndarray
        1 / sigma^2, with the point-to-point noise of the segment.
    """

    time_btjd: FloatArray
    dip: FloatArray
    weight: FloatArray

    @property
    def start_btjd(self) -> float:
        """Time of the first cadence [BTJD d]."""
        return float(self.time_btjd[0])

    @property
    def span_d(self) -> float:
        """Time from the first to the last cadence [d]."""
        return float(self.time_btjd[-1] - self.time_btjd[0])

    def in_cells(self, cell_d: float) -> FoldArray:
        """Return the weighted dips and the weights summed in cells of a length [d], shape (2, n)."""
        cell = ((self.time_btjd - self.start_btjd) / cell_d).astype(np.int64)
        sums = [np.bincount(cell, weights=values) for values in (self.weight * self.dip, self.weight)]
        return np.stack(sums).astype(np.float32)

    def where(self, kept: BoolArray) -> "WeightedDips":
        """Return a copy with some cadences only."""
        return replace(self, time_btjd=self.time_btjd[kept], dip=self.dip[kept], weight=self.weight[kept])


def weigh(stitched: StitchedLightCurve) -> WeightedDips:
    """Return the weighted dips of a flattened light curve.

    Cadences more than five sigma above the level are lowered to that, so that the level around a flare is no dip. Each
    segment is weighted by the noise in it.
    """
    sigma = np.empty(len(stitched.flux))
    for number in np.unique(stitched.segment):
        inside = stitched.segment == number
        noise = step_scatter(stitched.flux[inside]) if inside.sum() > 2 else 0.0
        sigma[inside] = noise or stitched.scatter
    sigma = np.maximum(sigma, 0.3 * np.median(sigma))
    weight = 1 / np.square(sigma)
    dip = 1 - np.minimum(stitched.flux, 1 + OUTLIER_SIGMA * sigma)
    dip = dip - np.median(dip)
    return WeightedDips(stitched.time_btjd, dip, weight)
