"""A periodogram thinned for a picture, with the window function of the observations.

References
----------
Roberts, Lehar & Dreher 1987, AJ 93, 968 (spectral window).
"""

from typing import Any

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.search.periodogram import Periodogram

POINTS = 1200
"""Points kept: the highest SDE in each of so many steps, equal in log period."""

WINDOW_CELL_D = 1 / 48
"""Cells in which the cadences are counted for the window function [d]."""


def thin(periodogram: Periodogram, time_btjd: FloatArray) -> dict[str, Any]:
    """Return the highest points of a periodogram, and the window function at their periods, as lists for JSON.

    Returns
    -------
    dict
        period_d, sde, snr, and window: the squared modulus of sum exp(2 pi i t / P) / N, from 0 to 1.
    """
    if len(periodogram) == 0:
        return {"period_d": [], "sde": [], "snr": [], "window": []}
    period = np.log(periodogram.period_d)
    step = ((period - period[0]) / max(period[-1] - period[0], 1e-9) * (POINTS - 1)).astype(int)
    order = np.lexsort((periodogram.sde, step))
    last = np.flatnonzero(np.append(np.diff(step[order]) > 0, True))
    kept = order[last]
    return {
        "period_d": [round(float(v), 6) for v in periodogram.period_d[kept]],
        "sde": [round(float(v), 3) for v in periodogram.sde[kept]],
        "snr": [round(float(v), 3) for v in periodogram.snr[kept]],
        "window": [round(float(v), 4) for v in window_function(time_btjd, periodogram.period_d[kept])],
    }


def window_function(time_btjd: FloatArray, period_d: FloatArray) -> FloatArray:
    """Return the spectral window of the cadences at some periods, shape (P,)."""
    count = np.bincount(((time_btjd - time_btjd[0]) / WINDOW_CELL_D).astype(int)).astype(float)
    middle, count = (np.flatnonzero(count) + 0.5) * WINDOW_CELL_D, count[count > 0]
    found = np.empty(len(period_d))
    for index, period in enumerate(period_d):
        angle = 2 * np.pi / period * middle
        found[index] = (np.cos(angle) @ count) ** 2 + (np.sin(angle) @ count) ** 2
    window: FloatArray = found / count.sum() ** 2
    return window
