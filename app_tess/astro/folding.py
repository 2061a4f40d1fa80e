"""Bin a folded light curve, and measure its depth."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, distinct
from app_tess.astro.constants import PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData, star_name
from app_tess.astro.robust import scatter
from app_tess.astro.stitching import StitchedLightCurve

MEDIAN_ERROR = 1.2533
"""Ratio of the standard errors of median and mean for normal noise, sqrt(pi / 2)."""

OUTLIER_SIGMA = 5.0
"""Points brighter than this are outliers [sigma] (Yu et al. 2019, AJ 158, 25); faint ones may lie in transit."""


def bin_median(x: FloatArray, y: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the centers, medians and errors of y in the bins [edges[i], edges[i+1]).

    Parameters
    ----------
    x, y : ndarray, shape (N,)
    edges : ndarray, shape (B + 1,), ascending

    Returns
    -------
    centers, medians, errors : ndarray, shape (B,)
        `errors` is the standard error of the median, 1.2533 sigma / sqrt(n), with sigma from the median absolute
        deviation in the bin. NaN in empty bins.
    """
    order = np.argsort(x, kind="stable")
    x, y = np.asarray(x)[order], np.asarray(y)[order]
    bounds = np.searchsorted(x, edges)
    medians, errors = np.full(len(edges) - 1, np.nan), np.full(len(edges) - 1, np.nan)
    for i, (first, last) in enumerate(pairwise(bounds)):
        if last > first:
            inside = y[first:last]
            medians[i] = np.median(inside)
            errors[i] = MEDIAN_ERROR * scatter(inside, medians[i]) / np.sqrt(last - first)
    return (edges[:-1] + edges[1:]) / 2, medians, errors


@dataclass(frozen=True)
class FoldedDepth:
    """A transit depth and its error [ppm], with the numbers of cadences in and out of transit and of transits."""

    depth_ppm: float
    depth_err_ppm: float
    cadences_in: int
    cadences_out: int
    transits: int


IN_TRANSIT_DURATIONS = 0.3
"""Full width of the floor, where the depth is measured [durations], as for the depths in the catalogue."""

OUT_OF_TRANSIT_DURATIONS = (1.25, 4.0)
"""Full widths between which the level out of transit is measured, on both sides [durations]."""


IMPOSSIBLE_SIGMA = 5.0
"""Error [sigma] beyond which a depth above 100 % is not due to noise."""


def depth_windows(
    from_transit_d: FloatArray, duration_d: float, period_d: float | None = None
) -> tuple[BoolArray, BoolArray]:
    """Return which cadences lie on the floor of a transit, and which lie around the transit.

    The outer window ends at half the period at most.

    Parameters
    ----------
    from_transit_d : ndarray, shape (N,)
        Time from the nearest mid-transit [d].
    duration_d : float
        Transit duration, first to fourth contact [d].
    period_d : float, optional
        Orbital period [d]; None for a single transit.
    """
    distance = np.abs(from_transit_d)
    inner, outer = (width * duration_d / 2 for width in OUT_OF_TRANSIT_DURATIONS)
    if period_d:
        outer, inner = min(outer, period_d / 2), min(inner, period_d / 4)
    return distance <= IN_TRANSIT_DURATIONS * duration_d / 2, (distance > inner) & (distance <= outer)


LEAST_SCATTER = 1e-9
"""Smallest relative scatter of a real light curve; the brightest stars have 1e-5."""


def require_noise(stitched: StitchedLightCurve) -> None:
    """Check that the flux varies from cadence to cadence, because errors are estimated from its scatter.

    Raises
    ------
    NoUsableData
        The flux is constant.
    """
    if stitched.scatter < LEAST_SCATTER:
        raise NoUsableData(
            f"{star_name(stitched.tic_id)}: the flux is the same in cadence after cadence, so no errors can be"
            " estimated."
        )


def measure_depth(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> FoldedDepth:
    """Measure the depth of the folded transit: 1 - median on its floor / median around it.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        Must have a duration; a single transit is measured at its epoch.

    Returns
    -------
    FoldedDepth
        The error is that of two medians, 1.2533 sqrt(s_in^2/n_in + scatter^2/n_out), where s_in is the larger of the
        scatter out of transit and that on the floor, which is sloped in a V-shaped transit. It does not include red
        noise (see `astro.vetting`).

    Raises
    ------
    NoUsableData
        No cadence lies in transit or around it, the light curve has no noise, or its flux in transit is negative.
    """
    require_noise(stitched)
    distance = ephemeris.from_transit(stitched.time_btjd)
    inside, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    if not inside.any():
        raise NoUsableData(
            f"{star_name(stitched.tic_id)}: no cadence falls in transit: {_why_none(stitched, ephemeris)}"
        )
    if not outside.any():
        raise NoUsableData(
            f"{star_name(stitched.tic_id)}: no cadence lies around a transit, so its depth cannot be measured."
        )
    level = np.median(stitched.flux[outside])
    depth = 1 - np.median(stitched.flux[inside]) / level
    floor_scatter = max(stitched.scatter, scatter(stitched.flux[inside]))
    error = MEDIAN_ERROR * np.hypot(floor_scatter / np.sqrt(inside.sum()), stitched.scatter / np.sqrt(outside.sum()))
    if level <= 0 or depth > 1 + IMPOSSIBLE_SIGMA * error:
        raise NoUsableData(
            f"{star_name(stitched.tic_id)}: the flux in transit is below zero ({100 * (1 - depth):.0f} % of that"
            " around it), so too much background was subtracted; no depth can be measured."
        )
    transits = len(distinct(ephemeris.transit_number(stitched.time_btjd[inside])))
    return FoldedDepth(float(PPM * depth), float(PPM * error), int(inside.sum()), int(outside.sum()), transits)


def _nearest_transit(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float:
    """Return the mid-transit time [BTJD d] nearest to any cadence."""
    folded = ephemeris.fold(stitched.time_btjd)
    closest = np.argmin(np.abs(folded))
    return float(stitched.time_btjd[closest] - folded[closest])


def _why_none(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> str:
    """Return the reason why no cadence falls in transit, with the dates."""
    missed = f"the data (BTJD {stitched.time_btjd[0]:.2f} to {stitched.time_btjd[-1]:.2f}) miss every predicted transit"
    if ephemeris.is_single_transit:
        return f"{missed} (epoch {ephemeris.epoch_btjd:.3f})."
    nearest = _nearest_transit(stitched, ephemeris)
    return f"{missed} of the {ephemeris.period_d:.5g} d period; the nearest is at BTJD {nearest:.2f}."
