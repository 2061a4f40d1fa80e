"""Choose how the trend of a light curve is found: a sliding biweight, or a Gaussian process for fast variables."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.flatten import biweight_trend
from app_tess.astro.robust import box_noise, step_scatter
from app_tess.astro.rotation import RotationModel, fit_rotation

CHECKED_D = 1 / HOURS_PER_DAY
"""Timescale on which a trend is checked [d]."""

LEFT_OVER = 2.0
"""Scatter of hourly means, over that expected from the point-to-point noise, above which the biweight has failed. It is
0.9 to 1.3 for 34 quiet sectors and above 2.9 for pulsating and spotted stars (../shared/light_curves)."""


@dataclass(frozen=True)
class Detrending:
    """How a trend is found.

    Attributes
    ----------
    window_d : float
        Full width of the biweight's window [d].
    rotation : RotationModel or None
        The process that replaces the biweight where that has failed.
    """

    window_d: float
    rotation: RotationModel | None = None

    def trend(self, time_btjd: FloatArray, flux: FloatArray, segment: IntArray, masked: BoolArray) -> FloatArray:
        """Return the trend at every cadence, shape (N,), fitted without the masked ones; NaN where there is none."""
        if self.rotation is None:
            return biweight_trend(time_btjd, flux, segment, self.window_d, masked)
        return self.rotation.trend(time_btjd, flux, segment, masked)

    @property
    def method(self) -> str:
        """The method in words."""
        if self.rotation is None:
            return f"sliding biweight, window {self.window_d:.2f} d"
        return f"Gaussian process with a period of {self.rotation.period_d:.3g} d"


def find_trend(
    time_btjd: FloatArray, flux: FloatArray, segment: IntArray, masked: BoolArray, window_d: float
) -> tuple[Detrending, FloatArray]:
    """Return the detrending and its trend: the biweight or, where much is left over, the process if that leaves less.

    Parameters
    ----------
    time_btjd, flux : ndarray, shape (N,)
        Ascending time [d] and relative flux, finite.
    segment : ndarray of int, shape (N,)
        Number of the segment of each cadence, from 0.
    masked : ndarray of bool, shape (N,)
        Cadences in transit.
    window_d : float
        Width of the biweight's window [d].
    """
    plain = Detrending(window_d)
    trend = plain.trend(time_btjd, flux, segment, masked)
    left_over = left_over_noise(time_btjd, flux, trend, ~masked)
    if not left_over > LEFT_OVER:
        return plain, trend
    rotation = fit_rotation(time_btjd, flux, segment, masked)
    if rotation is None:
        return plain, trend
    flexible = Detrending(window_d, rotation)
    other = flexible.trend(time_btjd, flux, segment, masked)
    return (flexible, other) if left_over_noise(time_btjd, flux, other, ~masked) < left_over else (plain, trend)


def left_over_noise(time_btjd: FloatArray, flux: FloatArray, trend: FloatArray, used: BoolArray) -> float:
    """Return the scatter of hourly means of flux / trend, over that expected from the point-to-point noise.

    Returns
    -------
    float
        NaN with too few cadences.
    """
    once = np.append(True, np.diff(time_btjd) > 0)  # files with the same cadences twice
    good = used & once & (trend > 0)
    if good.sum() < 50:
        return float("nan")
    flat = flux[good] / trend[good]
    spread, members = box_noise(time_btjd[good], flat, CHECKED_D)
    return float(spread / max(step_scatter(flat) / np.sqrt(members), 1e-12))
