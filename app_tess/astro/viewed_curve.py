"""One sector as it is viewed: relative flux as its picture shows it, and the same flux without its trend."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import CadenceCount, FluxType, LightCurve, NoUsableData, median_level, select_cadences
from app_tess.astro.stitching import stitch

USUAL_CADENCE_S = 1800.0
"""Where a file does not state its cadence [s], that of the first full-frame images."""


@dataclass(frozen=True, eq=False)
class ViewedCurve:
    """The cadences of a sector that pass the quality mask, at full cadence.

    Attributes
    ----------
    time_btjd : ndarray, shape (N,)
        Ascending [d].
    flux : ndarray, shape (N,)
        Relative to the median.
    detrended_flux : ndarray, shape (N,)
        The same divided by its trend; NaN where there is none.
    detrending : str
        How the trend was found, or why there is none.
    """

    tic_id: int
    sector: int | None
    cadence_s: float
    flux_type: FluxType
    count: CadenceCount
    simulated: bool
    source: str
    time_btjd: FloatArray
    flux: FloatArray
    detrended_flux: FloatArray
    detrending: str


def view_curve(
    light_curve: LightCurve, ephemerides: Sequence[Ephemeris], mask: str = "default", flux: str | None = None
) -> ViewedCurve:
    """Return a sector's light curve as it is viewed.

    Parameters
    ----------
    light_curve : LightCurve
    ephemerides : sequence of Ephemeris
        Their transits are left out of the trend's fit (`stitching.stitch`).
    mask, flux : str
        Names of one of its quality masks and fluxes; by default its default ones.

    Raises
    ------
    NoUsableData
        No cadence passes the mask, or the median flux is not positive.
    """
    keep, count = select_cadences(light_curve, mask, flux)
    chosen = light_curve.flux(flux)
    relative = chosen.values[keep] / median_level(light_curve, keep, flux)
    order = np.argsort(light_curve.time_btjd[keep], kind="stable")
    time, relative = light_curve.time_btjd[keep][order], relative[order]
    cadence_s = light_curve.cadence_s or USUAL_CADENCE_S
    try:
        stitched = stitch([light_curve], ephemerides, mask, flux)
    except NoUsableData as error:
        detrended, detrending = np.full(len(time), np.nan), str(error)
    else:
        # the trend is found in averages where cadences are short, and is linear in between
        trend = np.interp(time, stitched.time_btjd, stitched.trend)
        reach_d = 1.5 * max(cadence_s / SECONDS_PER_DAY, stitched.cadence_d)
        detrended = np.where(_nearest(time, stitched.time_btjd) <= reach_d, relative / trend, np.nan)
        detrending = stitched.detrending.method
    return ViewedCurve(
        light_curve.tic_id,
        light_curve.sector,
        cadence_s,
        chosen.type,
        count,
        light_curve.simulated,
        light_curve.source,
        time,
        relative,
        detrended,
        detrending,
    )


def _nearest(time: FloatArray, others: FloatArray) -> FloatArray:
    """Return how far the nearest of some other times is from each time [d]; both ascending."""
    after = np.clip(np.searchsorted(others, time), 1, max(len(others) - 1, 1))
    return np.minimum(np.abs(time - others[after - 1]), np.abs(time - others[np.minimum(after, len(others) - 1)]))
