"""The centroid shift in transit: it points away from the source of the dip, towards the light that remains."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import TESS_PIXEL_ARCSEC
from app_tess.astro.folding import MEDIAN_ERROR, depth_windows
from app_tess.astro.robust import scatter, step_scatter
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

CENTROID_SHIFT = Quantity(
    "centroid_shift",
    "Centroid shift in transit",
    "pixel",
    "MOM_CENTR - POS_CORR, in less out of transit",
    "Batalha et al. 2010, ApJ 713, L103; Bryson et al. 2013, PASP 125, 889",
)

SIGNIFICANT, FARTHEST_PX = 5.0, 1.0
"""Shift [sigma], and distance of the source that it implies [pixel], beyond which it is a red flag."""

FLOOR_ARCSEC = 2.5
"""However small the noise, a source is not located better than this [arcsec]: the light of neighbors biases the
photocenter."""


@dataclass(frozen=True)
class CentroidShift:
    """In-transit less out-of-transit centroid: columns, rows and length [pixel], their errors, and the significance.

    `lever` times the length is the distance [pixel] of the source of the dip from the photocenter of the aperture.
    """

    column_px: float
    column_err_px: float
    row_px: float
    row_err_px: float
    shift_px: float
    shift_err_px: float
    sigma: float
    lever: float


def _per_transit(
    values: FloatArray, inside: BoolArray, outside: BoolArray, number: IntArray
) -> tuple[float, float] | None:
    """Return the mean difference in - out over transits, and its error from their scatter (few: from the cadences)."""
    first = number.min()
    size = number.max() - first + 1
    finite = np.isfinite(values)
    counts, sums = [], []
    for window in (inside & finite, outside & finite):
        counts.append(np.bincount(number[window] - first, minlength=size))
        sums.append(np.bincount(number[window] - first, weights=values[window], minlength=size))
    both = (counts[0] >= 3) & (counts[1] >= 3)
    if not both.any():
        return None
    difference = sums[0][both] / counts[0][both] - sums[1][both] / counts[1][both]
    cadence = step_scatter(values[finite])
    white = cadence / np.sqrt(counts[0][both].sum())
    if both.sum() < 4:
        return float(np.mean(difference)), float(3 * white)  # too few transits to measure the slow pointing noise
    spread = scatter(difference)
    return float(np.median(difference)), float(max(MEDIAN_ERROR * spread / np.sqrt(both.sum()), white))


def measure_centroid(context: VettingContext) -> CentroidShift | None:
    """Measure the shift of the flux-weighted centroid (MOM_CENTR less POS_CORR) in transit; None without centroids.

    A source at distance r from the photocenter of the aperture that loses the share d of all light in it moves the
    photocenter by r d / (1 - d): hence lever = (1 - d) / d. The neighbors' light has been removed from PDCSAP, not from
    the centroids: there d = depth * CROWDSAP.

    References
    ----------
    Batalha et al. 2010, ApJ 713, L103; Bryson et al. 2013, PASP 125, 889; the moments of SPOC's light curve file.
    """
    stitched, ephemeris, depth = context.stitched, context.ephemeris, context.depth.depth_ppm * 1e-6
    inside, outside = depth_windows(
        ephemeris.from_transit(stitched.time_btjd), ephemeris.duration_d, ephemeris.period_d
    )
    number = ephemeris.transit_number(stitched.time_btjd)
    columns = _per_transit(stitched.centroid1_px, inside, outside, number)
    rows = _per_transit(stitched.centroid2_px, inside, outside, number)
    if columns is None or rows is None:
        return None
    (dx, dx_err), (dy, dy_err) = columns, rows
    if not all(np.isfinite([dx, dx_err, dy, dy_err])) or dx_err <= 0 or dy_err <= 0:
        return None
    shift = float(np.hypot(dx, dy))
    error = float(np.hypot(dx * dx_err, dy * dy_err) / shift) if shift > 0 else float(np.hypot(dx_err, dy_err))
    observed = depth * (stitched.crowdsap or 1.0) if stitched.flux_type.crowding_corrected else depth
    lever = (1 - observed) / observed if observed > 0 else float("inf")
    return CentroidShift(dx, dx_err, dy, dy_err, shift, error, float(np.hypot(dx / dx_err, dy / dy_err)), float(lever))


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the length of the centroid shift in transit."""
    shift = measure_centroid(context)
    if shift is None:
        return (CENTROID_SHIFT.not_measured("the files hold no usable centroids in and around transit"),)
    return (CENTROID_SHIFT.measured(shift.shift_px, shift.shift_err_px, _finding(shift)),)


def _finding(shift: CentroidShift) -> Finding:
    source_px, farthest_px = shift.shift_px * shift.lever, (shift.shift_px + 3 * shift.shift_err_px) * shift.lever
    moved = f"{1000 * shift.shift_px:.2f} ± {1000 * shift.shift_err_px:.2f} millipixels, {shift.sigma:.1f} sigma"
    if shift.sigma > SIGNIFICANT and source_px > FARTHEST_PX:
        away = f"about {TESS_PIXEL_ARCSEC * source_px:.0f} arcsec away"
        return Finding(f"The centroid shifts in transit ({moved}): the source may be a star {away}.", True)
    if farthest_px > FARTHEST_PX:
        where = f"within {TESS_PIXEL_ARCSEC * farthest_px:,.0f} arcsec" if farthest_px < 10 else "at any distance"
        return Finding(f"No conclusive centroid shift ({moved}): the source may be another star {where}.", None)
    nearest = max(TESS_PIXEL_ARCSEC * farthest_px, FLOOR_ARCSEC)
    return Finding(
        f"The source lies within {nearest:.1f} arcsec of the photocenter: the centroid shifts by {moved}.", False
    )
