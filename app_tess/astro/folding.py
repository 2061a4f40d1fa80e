"""Bin a folded light curve, and measure its depth."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray
from app_tess.astro.constants import PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.robust import scatter
from app_tess.astro.stitching import StitchedLightCurve

MEDIAN_ERROR = 1.2533
"""Standard error of a median over that of a mean, sqrt(pi / 2), for normal noise."""

OUTLIER_SIGMA = 5.0
"""Points brighter than this [sigma] are outliers (Yu et al. 2019, AJ 158, 25); faint ones never, they may be the transit."""


def bin_median(x: FloatArray, y: FloatArray, edges: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return centers, medians and errors of y in each bin [edges[i], edges[i+1]).

    Parameters
    ----------
    x, y : ndarray, shape (N,)
    edges : ndarray, shape (B + 1,), ascending

    Returns
    -------
    centers, medians, errors : ndarray, shape (B,)
        `errors` is the standard error of the median, 1.2533 sigma / sqrt(n), with sigma from the MAD in the bin. NaN in empty bins.
    """
    order = np.argsort(x, kind="stable")
    x, y = np.asarray(x)[order], np.asarray(y)[order]
    bounds = np.searchsorted(x, edges)
    medians, errors = np.full(len(edges) - 1, np.nan), np.full(len(edges) - 1, np.nan)
    for i, (first, last) in enumerate(zip(bounds[:-1], bounds[1:], strict=True)):
        if last > first:
            inside = y[first:last]
            medians[i] = np.median(inside)
            errors[i] = MEDIAN_ERROR * scatter(inside, medians[i]) / np.sqrt(last - first)
    return (edges[:-1] + edges[1:]) / 2, medians, errors


@dataclass(frozen=True)
class FoldedDepth:
    """A measured transit depth and its error [ppm], and the number of cadences in and out of transit, and of transits."""

    depth_ppm: float
    depth_err_ppm: float
    cadences_in: int
    cadences_out: int
    transits: int


IN_TRANSIT_DURATIONS = 0.3
"""Full width [durations] around mid-transit where the depth is read: the floor, as for the catalogue's depths."""

OUT_OF_TRANSIT_DURATIONS = (1.25, 4.0)
"""Full widths [durations] between which the level out of transit is read, on both sides."""


def depth_windows(
    from_transit_d: FloatArray, duration_d: float, period_d: float | None = None
) -> tuple[BoolArray, BoolArray]:
    """Return which cadences lie on the floor of a transit, and which around it.

    Where the duration leaves no room (more than half the period) the second window ends at half the period.

    Parameters
    ----------
    from_transit_d : ndarray, shape (N,)
        Time from the nearest mid-transit [d].
    """
    distance = np.abs(from_transit_d)
    inner, outer = (width * duration_d / 2 for width in OUT_OF_TRANSIT_DURATIONS)
    if period_d:
        outer, inner = min(outer, period_d / 2), min(inner, period_d / 4)
    return distance <= IN_TRANSIT_DURATIONS * duration_d / 2, (distance > inner) & (distance <= outer)


LEAST_SCATTER = 1e-9
"""Relative scatter below which a light curve is not a measurement: that of the brightest star is 1e-5."""


def require_noise(stitched: StitchedLightCurve) -> None:
    """Check that the flux varies from cadence to cadence, as errors are estimated from that.

    Raises
    ------
    NoUsableData
        It does not.
    """
    if stitched.scatter < LEAST_SCATTER:
        raise NoUsableData(
            f"TIC {stitched.tic_id}: the flux is the same in cadence after cadence, so no errors can be estimated."
        )


def measure_depth(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> FoldedDepth:
    """Measure the depth of the folded transit: 1 - median on its floor / median around it.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        With a duration; a single transit is measured at its epoch.

    Returns
    -------
    FoldedDepth
        The error is that of two medians, 1.2533 sqrt(s_in^2/n_in + scatter^2/n_out), with s_in the larger of the scatter and that of the
        floor, which is sloped in a V. It does not include red noise (see `astro.vetting`).

    Raises
    ------
    NoUsableData
        There is no cadence in transit or none around it, or the light curve has no noise.
    """
    require_noise(stitched)
    distance = ephemeris.from_transit(stitched.time_btjd)
    inside, outside = depth_windows(distance, ephemeris.duration_d, ephemeris.period_d)
    if not inside.any():
        raise NoUsableData(f"TIC {stitched.tic_id}: no cadence falls in transit: {_why_none(stitched, ephemeris)}")
    if not outside.any():
        raise NoUsableData(f"TIC {stitched.tic_id}: no cadence lies around a transit, so its depth cannot be measured.")
    level = np.median(stitched.flux[outside])
    depth = 1 - np.median(stitched.flux[inside]) / level
    floor_scatter = max(stitched.scatter, scatter(stitched.flux[inside]))
    error = MEDIAN_ERROR * np.hypot(floor_scatter / np.sqrt(inside.sum()), stitched.scatter / np.sqrt(outside.sum()))
    transits = len(np.unique(ephemeris.transit_number(stitched.time_btjd[inside])))
    return FoldedDepth(float(PPM * depth), float(PPM * error), int(inside.sum()), int(outside.sum()), transits)


def _nearest_transit(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float:
    """Return the mid-transit time [BTJD d] nearest to any cadence."""
    folded = ephemeris.fold(stitched.time_btjd)
    closest = np.argmin(np.abs(folded))
    return float(stitched.time_btjd[closest] - folded[closest])


def _why_none(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> str:
    missed = f"the data (BTJD {stitched.time_btjd[0]:.2f} to {stitched.time_btjd[-1]:.2f}) miss every predicted transit"
    if ephemeris.is_single_transit:
        return f"{missed} (epoch {ephemeris.epoch_btjd:.3f})."
    nearest = _nearest_transit(stitched, ephemeris)
    return f"{missed} of the {ephemeris.period_d:.5g} d period; the nearest is at BTJD {nearest:.2f}."
