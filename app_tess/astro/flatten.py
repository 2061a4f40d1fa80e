"""Flatten a light curve: a sliding biweight location, numpy only.

The estimator is wotan's (Hippke et al. 2019, AJ 158, 143): Tukey's biweight with c = 5 median absolute deviations in a
time window. Here it is solved at knots a tenth of a window apart, all at once, and joined by straight lines: the trend of a
window cannot bend faster. It agrees with wotan to 1 % of one cadence's noise (25 ppm of 4,100 on WASP-46,
benchmarks/vetting_speed.py), takes a third of the time, and spares a fresh machine wotan's compiler (up to a minute).
"""

import numpy as np

MINIMUM_WINDOW_D = 0.6
"""Shortest window [d]: below it the trend follows the star's transits and the spacecraft's pointing alike."""

WINDOW_DURATIONS = 3.0
"""Window in transit durations: the length Hippke et al. 2019 found best."""

KNOTS_PER_WINDOW = 10
TUNING = 5.0
"""Cut-off in median absolute deviations: wotan's default for the biweight."""

MAX_ITERATIONS = 10
LARGEST_MATRIX = 2_000_000
"""Elements solved at once (16 MB); longer curves are taken in pieces."""


def window_length_d(durations_d):
    """The flattening window [d] for transits of these durations [d]: three of the longest, at least MINIMUM_WINDOW_D."""
    return max([MINIMUM_WINDOW_D, *(WINDOW_DURATIONS * d for d in durations_d)])


def _row_median(rows, count):
    """Median of each row's first `count` finite values; rows sorted ascending with NaN (or inf) at the end."""
    middle = np.arange(len(rows))
    return 0.5 * (rows[middle, (count - 1) // 2] + rows[middle, count // 2])


def _biweight_location(windows, present):
    """Biweight location of each row; `windows` shape (K, M), `present` False where a row has no value there."""
    count = present.sum(axis=1)
    location = _row_median(np.sort(np.where(present, windows, np.inf), axis=1), count)
    spread = _row_median(np.sort(np.where(present, np.abs(windows - location[:, None]), np.inf), axis=1), count)
    reach = np.maximum(TUNING * spread, 1e-12)[:, None]
    for _ in range(MAX_ITERATIONS):
        distance = (windows - location[:, None]) / reach
        weight = np.where(present, np.square(np.clip(1 - distance * distance, 0, None)), 0.0)
        total = weight.sum(axis=1)
        new = np.where(
            total > 0, (weight * np.where(present, windows, 0)).sum(axis=1) / np.maximum(total, 1e-300), location
        )
        moved = np.max(np.abs(new - location))
        location = new
        if moved < 1e-7:
            break
    return location


def _segment_trend(time, flux, usable, window_d):
    """Trend of one gapless stretch, shape (N,); NaN where no usable point lies within half a window."""
    source_time, source_flux = time[usable], flux[usable]
    if len(source_time) == 0:
        return np.full(len(time), np.nan)
    steps = max(int(np.ceil((time[-1] - time[0]) / (window_d / KNOTS_PER_WINDOW))), 1)
    knots = np.linspace(time[0], time[-1], steps + 1)
    first = np.searchsorted(source_time, knots - window_d / 2)
    last = np.searchsorted(source_time, knots + window_d / 2, side="right")
    filled = last > first
    if not filled.any():
        return np.full(len(time), np.nan)
    knots, first, last = knots[filled], first[filled], last[filled]
    width = int((last - first).max())
    location = np.empty(len(knots))
    rows = max(LARGEST_MATRIX // width, 1)
    for start in range(0, len(knots), rows):
        piece = slice(start, start + rows)
        index = first[piece, None] + np.arange(width)
        present = index < last[piece, None]
        location[piece] = _biweight_location(source_flux[np.minimum(index, len(source_flux) - 1)], present)
    return np.interp(time, knots, location)


def biweight_trend(time_btjd, flux, segment, window_d, masked=None):
    """The slow trend of a light curve.

    Parameters
    ----------
    time_btjd : ndarray, shape (N,)
        Ascending [d], finite.
    flux : ndarray, shape (N,)
        Relative flux, finite.
    segment : ndarray of int, shape (N,)
        Stretches that are fitted apart (light_curve.split_at_gaps).
    window_d : float
        Full width of the window [d].
    masked : ndarray of bool, shape (N,), optional
        True where a transit is: left out of the fit, the trend is drawn across.

    Returns
    -------
    ndarray, shape (N,)
        Trend in the unit of flux; NaN in a stretch without an unmasked point.
    """
    usable = np.ones(len(time_btjd), bool) if masked is None else ~masked
    trend = np.full(len(time_btjd), np.nan)
    for number in np.unique(segment):
        inside = segment == number
        trend[inside] = _segment_trend(time_btjd[inside], flux[inside], usable[inside], window_d)
    return trend
