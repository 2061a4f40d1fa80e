"""Select the sectors of a star, and read their usable cadences as normalized columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.light_curve import CadenceCount, LightCurve, NoUsableData, median_level, select_cadences
from app_tess.astro.robust import step_scatter
from app_tess.errors import InvalidInput

BINNED_CADENCE_S = 120.0
"""Cadence to which 20-second data are averaged [s]: no TOI needs a finer one, and it is six times faster."""

LEAST_LEVEL = 2.0
"""Least median flux of a sector, in units of its noise in 120 s. It is 9 for the faintest TOI of ../shared, TOI-263."""


@dataclass(frozen=True, eq=False)
class SectorColumns:
    """The usable cadences of one or more sectors.

    Attributes
    ----------
    time_btjd : ndarray, shape (N,)
        BTJD [d], TDB.
    flux, flux_err : ndarray, shape (N,)
        Relative to the median of the sector.
    centroid1_px, centroid2_px : ndarray, shape (N,)
        Flux-weighted centroid minus the pointing offset [pixel].
    sector : ndarray of int, shape (N,)
        Number of the sector; -1 where unknown.
    """

    time_btjd: FloatArray
    flux: FloatArray
    flux_err: FloatArray
    centroid1_px: FloatArray
    centroid2_px: FloatArray
    sector: IntArray


@dataclass(frozen=True, eq=False)
class GatheredSectors:
    """The usable cadences of a star, ascending in time, and the files they come from.

    Attributes
    ----------
    columns : SectorColumns
    counts : list of CadenceCount
        One for each file used.
    light_curves : list of LightCurve
        The files used.
    left_out : list of str
        A sentence for each file not used.
    """

    columns: SectorColumns
    counts: list[CadenceCount]
    light_curves: list[LightCurve]
    left_out: list[str]


def choose_sectors(light_curves: Sequence[LightCurve]) -> tuple[list[LightCurve], list[str]]:
    """Choose one light curve per sector, the one with the slowest cadence.

    Stitching both the 120-second and the 20-second data of a sector would count each transit twice.

    Returns
    -------
    chosen : list of LightCurve
        Ascending in time.
    left_out : list of str
        A sentence for each of the others.
    """
    chosen: dict[int | str, LightCurve] = {}
    left_out = []
    for light_curve in sorted(light_curves, key=lambda lc: -(lc.cadence_s or 0)):
        key = light_curve.source if light_curve.sector is None else light_curve.sector
        if key in chosen:
            left_out.append(f"{light_curve.source} was left out: {chosen[key].source} is of the same sector {key}.")
        else:
            chosen[key] = light_curve
    return sorted(chosen.values(), key=lambda lc: float(np.nanmin(lc.time_btjd))), left_out


def gather_sectors(
    light_curves: Sequence[LightCurve], mask: str, flux_name: str | None, cadence_s: float = BINNED_CADENCE_S
) -> GatheredSectors:
    """Read the usable cadences of the chosen sectors of one star.

    Parameters
    ----------
    light_curves : sequence of LightCurve
    mask : str
        Name of a quality mask of each light curve.
    flux_name : str or None
        Name of a flux of each light curve; None for the default flux of each.
    cadence_s : float
        To which faster cadences are averaged [s].

    Raises
    ------
    NoUsableData
        No sector has a usable cadence.
    InvalidInput
        The light curves belong to different stars, or a name is unknown.
    """
    if not light_curves:
        raise NoUsableData("There is no light curve to stitch.")
    stars = sorted({f"TIC {light_curve.tic_id}" for light_curve in light_curves})
    if len(stars) > 1:
        raise InvalidInput(f"These light curves belong to different stars: {', '.join(stars)}.")
    offering = [light_curve for light_curve in light_curves if flux_name is None or flux_name in light_curve.fluxes]
    if not offering:
        light_curves[0].flux(flux_name)  # raises, naming the fluxes there are
    chosen, left_out = choose_sectors(offering)
    left_out = [
        *(f"{one.source} has no {flux_name} flux." for one in light_curves if one not in offering),
        *left_out,
    ]
    parts, counts, used, refusals = [], [], [], []
    for light_curve in chosen:
        try:
            columns, count = _read_sector(light_curve, mask, flux_name, max(cadence_s, BINNED_CADENCE_S))
        except NoUsableData as error:
            refusals.append(error)  # one dead sector must not hide the others
            continue
        parts.append(columns)
        counts.append(count)
        used.append(light_curve)
    if not parts:
        raise refusals[-1]
    return GatheredSectors(_join(parts), counts, used, [*left_out, *map(str, refusals)])


def _join(parts: list[SectorColumns]) -> SectorColumns:
    """Return the cadences of all parts, ascending in time."""
    order = np.argsort(np.concatenate([part.time_btjd for part in parts]), kind="stable")
    return SectorColumns(
        time_btjd=np.concatenate([part.time_btjd for part in parts])[order],
        flux=np.concatenate([part.flux for part in parts])[order],
        flux_err=np.concatenate([part.flux_err for part in parts])[order],
        centroid1_px=np.concatenate([part.centroid1_px for part in parts])[order],
        centroid2_px=np.concatenate([part.centroid2_px for part in parts])[order],
        sector=np.concatenate([part.sector for part in parts])[order],
    )


def _read_sector(
    light_curve: LightCurve, mask: str, flux_name: str | None, cadence_s: float
) -> tuple[SectorColumns, CadenceCount]:
    """Return the kept cadences of a sector, averaged to `cadence_s` where they are faster, and their count."""
    keep, count = select_cadences(light_curve, mask, flux_name)
    flux = light_curve.flux(flux_name)
    level = median_level(light_curve, keep, flux_name)
    _require_level(light_curve, level, flux.values[keep])
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
        cadence_s,
    )
    sector = np.full(len(time), -1 if light_curve.sector is None else light_curve.sector)
    return SectorColumns(time, columns[0], columns[1] / gain, columns[2], columns[3], sector), count


def _require_level(light_curve: LightCurve, level: float, values: FloatArray) -> None:
    """Raise NoUsableData unless the median flux exceeds the noise of 120 s; else relative depths have no meaning."""
    faster = min((light_curve.cadence_s or BINNED_CADENCE_S) / BINNED_CADENCE_S, 1.0)
    noise = step_scatter(values) * faster**0.5 if len(values) > 1 else 0.0
    if level < LEAST_LEVEL * noise:
        raise NoUsableData(
            f"{light_curve.source}: its median flux ({level:.3g}) is not above its noise ({noise:.3g} in 120 s), as for"
            " a star too faint or a background subtracted too much; relative depths cannot be measured."
        )


def _average_cadences(
    time: FloatArray, columns: list[FloatArray], cadence_s: float | None, slower_s: float
) -> tuple[FloatArray, list[FloatArray], float]:
    """Average cadences to `slower_s` [s]; return those about as slow unchanged.

    Returns
    -------
    time : ndarray, shape (M,)
    columns : list of ndarray, shape (M,)
    gain : float
        Factor by which averaging reduces white noise.
    """
    if not cadence_s or cadence_s >= 0.75 * slower_s:
        return time, columns, 1.0
    slot = np.floor((time - time[0]) * SECONDS_PER_DAY / slower_s + 0.5).astype(int)
    _, slot, members = np.unique(slot, return_inverse=True, return_counts=True)
    averaged = [np.bincount(slot, weights=column) / members for column in columns]
    return np.bincount(slot, weights=time) / members, averaged, float(np.sqrt(np.median(members)))
