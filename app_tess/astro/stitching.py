"""Flatten the sectors of a star and stitch them into one light curve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray, distinct
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.detrending import Detrending, find_trend
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.flatten import window_length_d
from app_tess.astro.light_curve import CadenceCount, FluxType, LightCurve, NoUsableData, star_name
from app_tess.astro.robust import quick_median, scatter, step_scatter
from app_tess.astro.sectors import BINNED_CADENCE_S, GatheredSectors, gather_sectors

GAP_D = 0.5
"""Gaps longer than this [d] split a light curve into segments: no trend is fitted across them."""

MASK_DURATIONS = 1.5
"""Full width excluded from the trend fit [transit durations], which allows for errors of epoch and duration."""


@dataclass(frozen=True, eq=False)
class StitchedLightCurve:
    """All sectors of a star, ascending in time, each divided by its median and by its trend.

    Attributes
    ----------
    time_btjd : ndarray, shape (N,)
        BTJD [d], TDB.
    flux, flux_err : ndarray, shape (N,)
        Relative: 1 is the star out of transit.
    normalised_flux : ndarray, shape (N,)
        Relative flux before flattening.
    trend : ndarray, shape (N,)
        The trend by which `normalised_flux` was divided.
    centroid1_px, centroid2_px : ndarray, shape (N,)
        Centroid minus the pointing offset and the median of its segment [pixel].
    sector, segment : ndarray of int, shape (N,)
        Number of the sector (-1 where unknown) and of the segment without gaps.
    scatter : float
        Standard deviation of one cadence, relative.
    cadence_d : float
        Usual time step [d].
    detrending : Detrending
        How the trend was found.
    flux_type : FluxType
        Of the first sector.
    left_out : tuple of str
        A sentence for each file that was not used.
    crowdsap : float or None
        Mean fraction of the light in the aperture that comes from the star.
    """

    tic_id: int
    time_btjd: FloatArray
    flux: FloatArray
    flux_err: FloatArray
    normalised_flux: FloatArray
    trend: FloatArray
    centroid1_px: FloatArray
    centroid2_px: FloatArray
    sector: IntArray
    segment: IntArray
    scatter: float
    cadence_d: float
    flux_type: FluxType
    mask: str
    detrending: Detrending
    counts: tuple[CadenceCount, ...]
    left_out: tuple[str, ...]
    crowdsap: float | None
    simulated: bool
    tmag: float | None
    teff_k: float | None
    logg: float | None
    stellar_radius_rsun: float | None

    @property
    def sectors(self) -> list[int]:
        """The sector numbers, ascending."""
        return [int(s) for s in distinct(self.sector) if s >= 0]

    @property
    def span_d(self) -> float:
        """Time from the first to the last cadence [d]."""
        return float(self.time_btjd[-1] - self.time_btjd[0])

    @property
    def window_d(self) -> float:
        """Full width of the biweight's window [d]."""
        return self.detrending.window_d

    @property
    def excess_scatter(self) -> float:
        """Scatter out of transit over that from successive differences: above 1 where slow variations remain."""
        return self.scatter / max(step_scatter(self.flux), 1e-12) if len(self.flux) > 1 else 1.0

    def where(self, chosen: BoolArray) -> "StitchedLightCurve":
        """Return a copy with the chosen cadences only; every array has one element per cadence."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays: dict[str, Any] = {
            name: value[chosen] for name, value in values.items() if isinstance(value, np.ndarray)
        }
        return replace(self, **arrays)

    def without_transits(
        self, ephemerides: Iterable[Ephemeris], durations: float = 1.2, spared: Ephemeris | None = None
    ) -> "StitchedLightCurve":
        """Return a copy without the cadences in transit of other objects.

        Parameters
        ----------
        ephemerides : iterable of Ephemeris
            Those of the other objects; one without a duration removes nothing.
        durations : float
            Full width that is removed [transit durations].
        spared : Ephemeris, optional
            Its cadences in transit are kept.

        Returns
        -------
        StitchedLightCurve
            The light curve itself where less than half of its cadences would remain.
        """
        keep = np.ones(len(self.time_btjd), bool)
        for ephemeris in ephemerides:
            if ephemeris.has_duration:
                keep &= ~ephemeris.in_transit(self.time_btjd, durations)
        if spared is not None:
            keep |= spared.in_transit(self.time_btjd, durations)
        if keep.all() or keep.sum() < len(keep) / 2:
            return self
        return self.where(keep)

    def flattened_again(self, ephemerides: Iterable[Ephemeris], window_d: float | None = None) -> "StitchedLightCurve":
        """Return a copy flattened by a new trend, fitted with the transits of these ephemerides masked.

        A dip that is not masked lowers the trend, and is measured too shallow. Another `window_d` replaces that of the
        biweight [d].
        """
        masked = transit_mask(self.time_btjd, ephemerides)
        how = self.detrending if window_d is None else replace(self.detrending, window_d=window_d)
        trend = how.trend(self.time_btjd, self.normalised_flux, self.segment, masked)
        with np.errstate(divide="ignore", invalid="ignore"):
            flux = np.where(trend > 0, self.normalised_flux / trend, self.flux)
        return replace(self, flux=flux, trend=np.where(trend > 0, trend, self.trend), detrending=how)


def transit_mask(time_btjd: FloatArray, ephemerides: Iterable[Ephemeris]) -> BoolArray:
    """Return which cadences lie in transit of any of these objects, MASK_DURATIONS wide.

    An ephemeris without a duration masks nothing. At least a quarter of each period is left for the trend fit.
    """
    masked = np.zeros(len(time_btjd), bool)
    for ephemeris in ephemerides:
        if ephemeris.has_duration:
            widest = np.inf if ephemeris.period_d is None else 0.75 * ephemeris.period_d / ephemeris.duration_d
            masked |= ephemeris.in_transit(time_btjd, min(MASK_DURATIONS, widest))
    return masked


def split_at_gaps(time_btjd: FloatArray, gap_d: float = GAP_D) -> IntArray:
    """Return the number of the segment without gaps of each time, shape (N,).

    Parameters
    ----------
    time_btjd : ndarray, shape (N,)
        Ascending [d].
    gap_d : float
        Shortest gap that splits [d].
    """
    return np.concatenate([[0], np.cumsum(np.diff(time_btjd) > gap_d)]) if len(time_btjd) else np.zeros(0, int)


def stitch(
    light_curves: Sequence[LightCurve],
    ephemerides: Sequence[Ephemeris] = (),
    mask: str = "default",
    flux: str | None = None,
    cadence_s: float = BINNED_CADENCE_S,
) -> StitchedLightCurve:
    """Mask, normalize, split at gaps, flatten with the transits masked, and stitch the sectors of one star.

    Parameters
    ----------
    light_curves : sequence of LightCurve
        Any number of sectors of one star; where a sector has two cadences, the slower one is used.
    ephemerides : sequence of Ephemeris
        Their transits (1.5 durations wide) are excluded from the trend fit. Without a duration they mask nothing.
    mask : str
        Name of a quality mask of each light curve.
    flux : str, optional
        Name of a flux of each light curve; each one's default flux if omitted.
    cadence_s : float
        To which faster cadences are averaged [s].

    Raises
    ------
    NoUsableData
        No sector has a usable cadence.
    InvalidInput
        The files belong to different stars, or a name is unknown.

    References
    ----------
    Hippke et al. 2019, AJ 158, 143: biweight with a window of three transit durations.
    """
    gathered = gather_sectors(light_curves, mask, flux, cadence_s)
    time, normalized = gathered.columns.time_btjd, gathered.columns.flux
    segment = _number_segments(time, gathered.columns.sector)
    masked = transit_mask(time, ephemerides)
    window_d = window_length_d([ephemeris.duration_d for ephemeris in ephemerides if ephemeris.has_duration])
    detrending, trend = find_trend(time, normalized, segment, masked, window_d)
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = normalized / trend
    good = np.isfinite(flat) & (trend > 0)
    if not good.any():
        raise NoUsableData(
            f"{star_name(gathered.light_curves[0].tic_id)}: no cadence is left after flattening:"
            " every stretch without a gap lies in transit."
        )
    outside = flat[good & ~masked] if (good & ~masked).any() else flat[good]
    flux_type = gathered.light_curves[0].flux(flux).type
    stitched = _assemble(gathered, segment, trend, flat, float(scatter(outside)), flux_type, mask, detrending)
    return stitched.where(good)


def _assemble(
    gathered: GatheredSectors,
    segment: IntArray,
    trend: FloatArray,
    flat: FloatArray,
    noise: float,
    flux_type: FluxType,
    mask: str,
    detrending: Detrending,
) -> StitchedLightCurve:
    """Return the light curve of every gathered cadence; `noise` is the scatter of `flat` out of transit."""
    columns, first = gathered.columns, gathered.light_curves[0]
    crowding = [light_curve.crowdsap for light_curve in gathered.light_curves if light_curve.crowdsap]
    return StitchedLightCurve(
        tic_id=first.tic_id,
        time_btjd=columns.time_btjd,
        flux=flat,
        flux_err=columns.flux_err / trend,
        normalised_flux=columns.flux,
        trend=trend,
        centroid1_px=_less_segment_median(columns.centroid1_px, segment),
        centroid2_px=_less_segment_median(columns.centroid2_px, segment),
        sector=columns.sector,
        segment=segment,
        scatter=noise,
        cadence_d=_cadence_d(columns.time_btjd),
        flux_type=flux_type,
        mask=mask,
        detrending=detrending,
        counts=tuple(gathered.counts),
        left_out=tuple(gathered.left_out),
        crowdsap=float(np.mean(crowding)) if crowding else None,
        simulated=any(light_curve.simulated for light_curve in gathered.light_curves),
        tmag=first.tmag,
        teff_k=first.teff_k,
        logg=first.logg,
        stellar_radius_rsun=first.stellar_radius_rsun,
    )


def _number_segments(time_btjd: FloatArray, sector: IntArray) -> IntArray:
    """Return the number of each cadence's segment, from 0, split at gaps and between sectors."""
    segment = split_at_gaps(time_btjd) + np.searchsorted(distinct(sector), sector)
    return np.searchsorted(distinct(segment), segment)


def _cadence_d(time: FloatArray) -> float:
    """Return the median time step [d]; steps of zero, from files with the same cadences twice, do not count."""
    steps = np.diff(time)
    return float(np.median(steps[steps > 0])) if (steps > 0).any() else BINNED_CADENCE_S / SECONDS_PER_DAY


def _less_segment_median(values: FloatArray, segment: IntArray) -> FloatArray:
    """Return values minus the median of their segment; NaN where a value is missing."""
    result = np.array(values, dtype=float)
    for number in distinct(segment):
        inside = segment == number
        present = inside & np.isfinite(result)
        if present.any():
            result[inside] -= quick_median(result[present])
    return result
