"""From the sectors of a star to one flat, stitched light curve."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.flatten import biweight_trend, window_length_d
from app_tess.astro.light_curve import FluxType, NoUsableData, median_level, select_cadences
from app_tess.astro.robust import scatter
from app_tess.errors import InvalidInput

GAP_D = 0.5
"""A pause longer than this [d] splits a light curve before flattening: no trend is drawn across it."""

MASK_DURATIONS = 1.5
"""Width of what is kept out of the trend [transit durations]: the catalogue's epoch and duration have errors."""

BINNED_CADENCE_S = 120.0
"""20-second cadences are averaged to this: no transit of a TOI needs finer, and it is six times quicker."""


@dataclass(frozen=True, eq=False)
class StitchedLightCurve:
    """All sectors of a star, ascending in time, each divided by its median and by its trend.

    Arrays have shape (N,). `flux` and `flux_err` relative (1 is the star out of transit); `normalised_flux` before
    flattening; `trend` what it was divided by; `centroid1_px`, `centroid2_px` less the spacecraft's pointing and each
    segment's median; `segment` counts stretches without a gap; `scatter` of one cadence, relative; `flux_type` what the flux is
    (of the first sector); `crowdsap` the star's mean share of the light in the aperture; `left_out` a sentence for each file that was not used.
    """

    tic_id: int
    time_btjd: np.ndarray
    flux: np.ndarray
    flux_err: np.ndarray
    normalised_flux: np.ndarray
    trend: np.ndarray
    centroid1_px: np.ndarray
    centroid2_px: np.ndarray
    sector: np.ndarray
    segment: np.ndarray
    scatter: float
    cadence_d: float
    flux_type: FluxType
    mask: str
    window_d: float
    counts: tuple
    left_out: tuple
    crowdsap: float | None
    simulated: bool
    tmag: float | None
    teff_k: float | None
    logg: float | None
    stellar_radius_rsun: float | None

    @property
    def sectors(self):
        """The sector numbers, ascending."""
        return [int(s) for s in np.unique(self.sector) if s >= 0]

    @property
    def span_d(self):
        """Time from the first to the last cadence [d]."""
        return float(self.time_btjd[-1] - self.time_btjd[0])

    def without_transits(self, ephemerides, durations=1.2, spared=None):
        """A copy without the cadences in transit of other objects; itself where that would leave fewer than half of them.

        Ephemerides without a duration cut nothing out; what lies in transit of `spared` stays.
        """
        keep = np.ones(len(self.time_btjd), bool)
        for ephemeris in ephemerides:
            if ephemeris.has_duration:
                keep &= ~ephemeris.in_transit(self.time_btjd, durations)
        if spared is not None:
            keep |= spared.in_transit(self.time_btjd, durations)
        if keep.all() or keep.sum() < len(keep) / 2:
            return self
        arrays = (
            "time_btjd",
            "flux",
            "flux_err",
            "normalised_flux",
            "trend",
            "centroid1_px",
            "centroid2_px",
            "sector",
            "segment",
        )
        return replace(self, **{name: getattr(self, name)[keep] for name in arrays})

    def flattened_again(self, ephemerides):
        """A copy with a trend drawn anew, across the transits of these: a dip that was not masked pulls the trend down with it."""
        masked = transit_mask(self.time_btjd, ephemerides)
        trend = biweight_trend(self.time_btjd, self.normalised_flux, self.segment, self.window_d, masked)
        with np.errstate(divide="ignore", invalid="ignore"):
            flux = np.where(trend > 0, self.normalised_flux / trend, self.flux)
        return replace(self, flux=flux, trend=np.where(trend > 0, trend, self.trend))


def transit_mask(time_btjd, ephemerides):
    """Boolean array: in transit of any of these objects, 1.5 durations wide; one without a duration masks nothing.

    Never so wide that under a quarter of each period is left to draw the trend from.
    """
    masked = np.zeros(len(time_btjd), bool)
    for ephemeris in ephemerides:
        if ephemeris.has_duration:
            widest = np.inf if ephemeris.is_single_transit else 0.75 * ephemeris.period_d / ephemeris.duration_d
            masked |= ephemeris.in_transit(time_btjd, min(MASK_DURATIONS, widest))
    return masked


def split_at_gaps(time_btjd, gap_d=GAP_D):
    """The number of the gapless stretch each time belongs to: int array, shape (N,); times ascending [d]."""
    return np.concatenate([[0], np.cumsum(np.diff(time_btjd) > gap_d)]) if len(time_btjd) else np.zeros(0, int)


def _average_cadences(time, columns, cadence_s):
    """Average 20-second cadences into BINNED_CADENCE_S; slower ones come back as they are."""
    if not cadence_s or cadence_s >= 0.75 * BINNED_CADENCE_S:
        return time, columns, 1.0
    slot = np.floor((time - time[0]) * SECONDS_PER_DAY / BINNED_CADENCE_S + 0.5).astype(int)
    _, slot, members = np.unique(slot, return_inverse=True, return_counts=True)
    averaged = [np.bincount(slot, weights=column) / members for column in columns]
    return np.bincount(slot, weights=time) / members, averaged, float(np.sqrt(np.median(members)))


def choose_sectors(light_curves):
    """One light curve a sector, ascending: where a sector has 120-second and 20-second data the 120-second one is taken.

    Stitching both would count every transit twice. Returns the chosen ones and a sentence for each of the others.
    """
    chosen, left_out = {}, []
    for light_curve in sorted(light_curves, key=lambda lc: -(lc.cadence_s or 0)):
        key = light_curve.source if light_curve.sector is None else light_curve.sector
        if key in chosen:
            left_out.append(f"{light_curve.source} was left out: {chosen[key].source} is of the same sector {key}.")
        else:
            chosen[key] = light_curve
    return sorted(chosen.values(), key=lambda lc: np.nanmin(lc.time_btjd)), left_out


def _sector_columns(light_curve, mask, flux_name):
    """A sector's kept cadences: time, [flux, flux_err, centroid1, centroid2] relative to its median, and the count."""
    keep, count = select_cadences(light_curve, mask, flux_name)
    flux = light_curve.flux(flux_name)
    level = median_level(light_curve, keep, flux_name)
    centroids = [
        centroid[keep] - np.nan_to_num(correction[keep])
        for centroid, correction in (
            (light_curve.mom_centr1_px, light_curve.pos_corr1_px),
            (light_curve.mom_centr2_px, light_curve.pos_corr2_px),
        )
    ]
    time, columns, gain = _average_cadences(
        light_curve.time_btjd[keep],
        [flux.values[keep] / level, flux.errors[keep] / level, *centroids],
        light_curve.cadence_s,
    )
    columns[1] = columns[1] / gain
    return time, columns, count


def _gather(light_curves, mask, flux_name):
    """The chosen sectors' columns in order of time, their counts and light curves, and a sentence for each file left out."""
    chosen, left_out = choose_sectors(light_curves)
    parts, counts, used, refusals = [], [], [], []
    for light_curve in chosen:
        try:
            time, columns, count = _sector_columns(light_curve, mask, flux_name)
        except NoUsableData as error:
            refusals.append(error)  # one dead sector must not hide the others
            continue
        parts.append((time, *columns, np.full(len(time), -1 if light_curve.sector is None else light_curve.sector)))
        counts.append(count)
        used.append(light_curve)
    if not parts:
        raise refusals[-1]
    columns = [np.concatenate(column) for column in zip(*parts)]
    order = np.argsort(columns[0], kind="stable")
    return [column[order] for column in columns], counts, used, [*left_out, *map(str, refusals)]


def stitch(light_curves, ephemerides=(), mask="default", flux=None):
    """Mask, normalize, split at gaps, flatten with the transits masked, and stitch the sectors of one star.

    Parameters
    ----------
    light_curves : sequence of LightCurve
        Any number of sectors of one star; of a sector in two cadences the slower is used.
    ephemerides : sequence of Ephemeris
        Their transits (1.5 durations wide) are kept out of the trend. Without a duration they mask nothing.
    mask : str
        Name of a quality mask of each light curve.
    flux : str, optional
        Name of a flux of each light curve; each one's default flux if omitted.

    Returns
    -------
    StitchedLightCurve

    Raises
    ------
    NoUsableData
        No sector has a usable cadence.
    InvalidInput
        The files belong to different stars, or a name is unknown.

    Source: Hippke et al. 2019, AJ 158, 143: biweight, window three transit durations.
    """
    if not light_curves:
        raise NoUsableData("There is no light curve to stitch.")
    if len({light_curve.tic_id for light_curve in light_curves}) > 1:
        raise InvalidInput(
            "These light curves belong to different stars: "
            + ", ".join(sorted({f"TIC {lc.tic_id}" for lc in light_curves}))
            + "."
        )
    (time, normalised, err, centroid1, centroid2, sector), counts, used, left_out = _gather(light_curves, mask, flux)
    segment = split_at_gaps(time) + np.searchsorted(np.unique(sector), sector)
    segment = np.unique(segment, return_inverse=True)[1]
    masked = transit_mask(time, ephemerides)
    window = window_length_d([ephemeris.duration_d for ephemeris in ephemerides if ephemeris.has_duration])
    trend = biweight_trend(time, normalised, segment, window, masked)
    with np.errstate(divide="ignore", invalid="ignore"):
        flat = normalised / trend
    good = np.isfinite(flat) & (trend > 0)
    if not good.any():
        raise NoUsableData(
            f"TIC {used[0].tic_id}: no cadence is left after flattening: every stretch without a gap lies in transit."
        )
    outside = flat[good & ~masked] if (good & ~masked).any() else flat[good]
    first, crowding = used[0], [lc.crowdsap for lc in used if lc.crowdsap]
    return StitchedLightCurve(
        tic_id=first.tic_id,
        time_btjd=time[good],
        flux=flat[good],
        flux_err=(err / trend)[good],
        normalised_flux=normalised[good],
        trend=trend[good],
        centroid1_px=_less_segment_median(centroid1, segment)[good],
        centroid2_px=_less_segment_median(centroid2, segment)[good],
        sector=sector[good],
        segment=segment[good],
        scatter=float(scatter(outside)),
        cadence_d=_cadence_d(time),
        flux_type=first.flux(flux).type,
        mask=mask,
        window_d=window,
        counts=tuple(counts),
        left_out=tuple(left_out),
        crowdsap=float(np.mean(crowding)) if crowding else None,
        simulated=any(lc.simulated for lc in used),
        tmag=first.tmag,
        teff_k=first.teff_k,
        logg=first.logg,
        stellar_radius_rsun=first.stellar_radius_rsun,
    )


def _cadence_d(time):
    """The usual step [d]; files that hold the same cadences twice have steps of nothing, which are no steps."""
    steps = np.diff(time)
    return float(np.median(steps[steps > 0])) if (steps > 0).any() else BINNED_CADENCE_S / SECONDS_PER_DAY


def _less_segment_median(values, segment):
    result = np.array(values, dtype=float)
    for number in np.unique(segment):
        inside = segment == number
        if np.isfinite(result[inside]).any():
            result[inside] -= np.nanmedian(result[inside])
    return result
