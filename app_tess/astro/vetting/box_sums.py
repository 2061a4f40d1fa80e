"""The dip in a box of a given duration, around any time of a light curve."""

import math

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.robust import scatter
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.transit_depths import clip_flares

CELLS = 8
"""Cells per box; the transits are tried two cells apart."""


class BoxSums:
    """The summed dip and the number of cadences in a box of one duration around any time."""

    def __init__(self, stitched: StitchedLightCurve, duration_d: float) -> None:
        self.step_d = duration_d / CELLS
        self.start = float(stitched.time_btjd[0]) - duration_d
        cell = ((stitched.time_btjd - self.start) / self.step_d).astype(int)
        size = int(cell[-1]) + 2 * CELLS
        count = np.bincount(cell, minlength=size).astype(float)
        dip = np.bincount(cell, weights=1 - clip_flares(stitched), minlength=size)
        self.count, self.dip = (self._boxes(cells.astype(np.float64)) for cells in (count, dip))
        apart = slice(None, None, CELLS)
        typical = float(np.median(self.count[apart][self.count[apart] > 0]))
        full = self.count[apart] >= 0.5 * typical
        means = self.dip[apart][full] / self.count[apart][full]
        self.dip -= float(np.median(means)) * self.count
        red = scatter(means) * math.sqrt(typical) if full.sum() >= 8 else 0.0
        self.noise = max(red, stitched.scatter)

    @staticmethod
    def _boxes(cells: FloatArray) -> FloatArray:
        running = np.concatenate([[0.0], np.cumsum(cells)])
        boxes: FloatArray = running[CELLS:] - running[:-CELLS]
        return boxes

    def index(self, time_btjd: FloatArray) -> IntArray:
        """Return the index of the box centered on each time, clipped to the ends, where boxes are empty."""
        first = np.floor((time_btjd - self.start) / self.step_d + 0.5).astype(int) - CELLS // 2
        inside = (first >= 0) & (first < len(self.count))
        index: IntArray = np.where(inside, first, len(self.count) - 1)
        return index
