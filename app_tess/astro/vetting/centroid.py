"""Does the star's image move during transit? It moves towards the light that stays: away from the source of the dip."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.folding import depth_windows
from app_tess.astro.robust import scatter, step_scatter


@dataclass(frozen=True)
class CentroidShift:
    """In-transit less out-of-transit centroid: columns, rows [pixel], their errors, length [pixel] and its sigma.

    `lever` turns the length into the distance [pixel] of the dip's source from the centre of the light in the aperture.
    """

    column_px: float
    column_err_px: float
    row_px: float
    row_err_px: float
    shift_px: float
    shift_err_px: float
    sigma: float
    lever: float


def _per_transit(values, inside, outside, number):
    """Mean difference in - out over transits, and its error from the transits' own scatter (or the cadences' if few)."""
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
        return float(np.mean(difference)), float(3 * white)  # too few transits to see the pointing's own slow noise
    spread = scatter(difference)
    return float(np.median(difference)), float(max(1.2533 * spread / np.sqrt(both.sum()), white))


def measure_centroid(stitched, ephemeris, depth):
    """The shift of the flux-weighted centroid (MOM_CENTR less POS_CORR) in transit; None without centroids.

    `depth`, relative, is that of the star's own light. A source at distance r from the centre of all light in the aperture, which
    loses the share d of that light, moves the centre by r d / (1 - d): hence lever = (1 - d) / d. PDCSAP has the neighbours'
    light taken out, the centroids have not: there d = depth * CROWDSAP.

    Source: Batalha et al. 2010, ApJ 713, L103; Bryson et al. 2013, PASP 125, 889; the moments of SPOC's light curve file.
    """
    inside, outside = depth_windows(
        ephemeris.from_transit(stitched.time_btjd), ephemeris.duration_d, ephemeris.period_d
    )
    number = ephemeris.transit_number(stitched.time_btjd)
    measured = [
        _per_transit(values, inside, outside, number) for values in (stitched.centroid1_px, stitched.centroid2_px)
    ]
    if None in measured:
        return None
    (dx, dx_err), (dy, dy_err) = measured
    if not all(np.isfinite([dx, dx_err, dy, dy_err])) or dx_err <= 0 or dy_err <= 0:
        return None
    shift = float(np.hypot(dx, dy))
    error = float(np.hypot(dx * dx_err, dy * dy_err) / shift) if shift > 0 else float(np.hypot(dx_err, dy_err))
    observed = depth * (stitched.crowdsap or 1.0) if stitched.flux_type.crowding_corrected else depth
    lever = (1 - observed) / observed if observed > 0 else float("inf")
    return CentroidShift(dx, dx_err, dy, dy_err, shift, error, float(np.hypot(dx / dx_err, dy / dy_err)), float(lever))
