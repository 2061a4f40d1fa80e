"""Fold a light curve on an ephemeris, bin it, and make the views that the networks see."""
from dataclasses import dataclass

import numpy as np

from app_tess.astro.light_curve import NoUsableData


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
            errors[i] = 1.2533 * 1.4826 * np.median(np.abs(inside - medians[i])) / np.sqrt(last - first)
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


def measure_depth(stitched, ephemeris):
    """The depth of the folded transit: mean level beside it less the mean on its floor, relative to the level.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        With a duration; a single transit is measured at its epoch.

    Returns
    -------
    FoldedDepth
        The error is white noise: scatter * sqrt(1/n_in + 1/n_out); red noise is vetting's (astro.vetting).

    Raises
    ------
    NoUsableData
        No cadence in transit, or none beside it.
    """
    distance = ephemeris.from_transit(stitched.time_btjd)
    inside, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    if not inside.any():
        raise NoUsableData(
            f"TIC {stitched.tic_id}: no cadence falls in transit: the data (BTJD {stitched.time_btjd[0]:.2f} to"
            f" {stitched.time_btjd[-1]:.2f}) miss every predicted transit"
            + (f" of the {ephemeris.period_d:.5g} d period." if ephemeris.period_d else f" (epoch {ephemeris.epoch_btjd:.3f}).")
        )
    if not outside.any():
        raise NoUsableData(f"TIC {stitched.tic_id}: no cadence lies beside a transit, so its depth cannot be measured.")
    level = np.median(stitched.flux[outside])
    depth = 1 - np.median(stitched.flux[inside]) / level
    error = 1.2533 * stitched.scatter * np.sqrt(1 / inside.sum() + 1 / outside.sum())
    transits = len(np.unique(ephemeris.transit_number(stitched.time_btjd[inside])))
    return FoldedDepth(float(depth * 1e6), float(error * 1e6), int(inside.sum()), int(outside.sum()), transits)
