"""A sector's light curve as a value: its fluxes by name, and the cadences that a quality mask keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.quality import QualityMask
from app_tess.errors import AppTessError, InvalidInput

NO_TIC_ID = 0
"""Stands for the TIC id of a light curve whose star is not named: no star has this number."""


def star_name(tic_id: int) -> str:
    """Return the subject of a sentence on a star's light curve: "TIC 261136679", or "This light curve"."""
    return f"TIC {tic_id}" if tic_id != NO_TIC_ID else "This light curve"


class NoUsableData(AppTessError):
    """A light curve has no usable cadence where one is needed; the message says which and why."""

    code = "no_usable_data"


@dataclass(frozen=True)
class FluxType:
    """What a flux column of a product means.

    Attributes
    ----------
    name : str
        As in the `flux` parameter: "pdcsap".
    label : str
        For readers: "PDCSAP".
    long_name : str
        The label written out.
    description : str
        One clause on what has been done to it.
    unit : str
        "e-/s"; empty for a relative flux.
    crowding_corrected : bool
        The light of neighbors in the aperture has been subtracted.
    detrended : bool
        Slow variability has been removed.
    """

    name: str
    label: str
    long_name: str
    description: str
    unit: str = "e-/s"
    crowding_corrected: bool = False
    detrended: bool = False


@dataclass(frozen=True, eq=False)
class Flux:
    """A flux and its errors, arrays of shape (N,) in the unit of its type; NaN marks a missing value."""

    type: FluxType
    values: FloatArray
    errors: FloatArray


@dataclass(frozen=True, eq=False)
class LightCurve:
    """One sector of one star, as measured by a pipeline. Arrays have shape (N,); NaN marks a missing value.

    Attributes
    ----------
    time_btjd : ndarray
        Barycentric TESS Julian Date [d], TDB.
    fluxes : mapping of str to Flux
        By name, in order of display.
    default_flux : str
        Name of the flux that is used unless another is requested.
    quality : ndarray of int
        Quality bits.
    quality_masks : mapping of str to QualityMask
        The masks defined for these bits, by name.
    mom_centr1_px, mom_centr2_px, pos_corr1_px, pos_corr2_px : ndarray
        Flux-weighted centroid and pointing offset [pixel]; NaN throughout in a product without them.
    crowdsap : float or None
        Fraction of the light in the aperture that comes from the star.
    tic_id : int
        NO_TIC_ID where the star is not named.
    simulated : bool
        The header carries SIMULATD.
    source : str
        Name of the file.
    """

    tic_id: int
    sector: int | None
    camera: int | None
    ccd: int | None
    cadence_s: float | None
    time_btjd: FloatArray
    fluxes: Mapping[str, Flux]
    default_flux: str
    quality: IntArray
    quality_masks: Mapping[str, QualityMask]
    mom_centr1_px: FloatArray
    mom_centr2_px: FloatArray
    pos_corr1_px: FloatArray
    pos_corr2_px: FloatArray
    crowdsap: float | None
    tmag: float | None
    teff_k: float | None
    logg: float | None
    stellar_radius_rsun: float | None
    ra_deg: float | None
    dec_deg: float | None
    origin: str
    simulated: bool
    source: str

    def flux(self, name: str | None = None) -> Flux:
        """Return a flux by its name, or the default flux; raise InvalidInput with the names for any other."""
        chosen = self.default_flux if name is None else name
        if chosen not in self.fluxes:
            raise InvalidInput(f"'{chosen}' is not a flux: choose one of {', '.join(self.fluxes)}.", field="flux")
        return self.fluxes[chosen]

    def quality_mask(self, name: str) -> QualityMask:
        """Return a quality mask by its name; raise InvalidInput with the names for any other."""
        if name not in self.quality_masks:
            raise InvalidInput(
                f"'{name}' is not a quality mask: choose one of {', '.join(self.quality_masks)}.", field="mask"
            )
        return self.quality_masks[name]


@dataclass(frozen=True)
class CadenceCount:
    """Numbers of cadences in a sector: read, dropped by a quality bit, dropped for a NaN, kept.

    `mask_number` is the sum of the mask's bits, `mask_bits` what they flag, `mask_source` who defines it.
    """

    sector: int | None
    source: str
    mask: str
    mask_number: int
    mask_bits: tuple[str, ...]
    mask_source: str
    cadence_s: float | None
    read: int
    dropped_by_quality: int
    dropped_not_finite: int
    kept: int

    @property
    def dropped(self) -> int:
        """All dropped cadences."""
        return self.dropped_by_quality + self.dropped_not_finite


def select_cadences(
    light_curve: LightCurve, mask: str = "default", flux: str | None = None
) -> tuple[BoolArray, CadenceCount]:
    """Select the cadences of a sector that pass a quality mask and have a flux.

    Parameters
    ----------
    light_curve : LightCurve
    mask : str
        Name of one of its quality masks.
    flux : str, optional
        Name of one of its fluxes; its default flux if omitted.

    Returns
    -------
    keep : ndarray of bool, shape (N,)
    count : CadenceCount

    Raises
    ------
    NoUsableData
        No cadence is left.
    InvalidInput
        The light curve has no such mask or flux.
    """
    chosen = light_curve.flux(flux)
    bits = light_curve.quality_mask(mask)
    flagged = (light_curve.quality & bits.number) != 0
    timed = np.isfinite(light_curve.time_btjd)
    finite = timed & np.isfinite(chosen.values)
    keep = ~flagged & finite
    count = CadenceCount(
        light_curve.sector,
        light_curve.source,
        mask,
        bits.number,
        bits.meanings,
        bits.source,
        light_curve.cadence_s,
        len(keep),
        int(flagged.sum()),
        int((~flagged & ~finite).sum()),
        int(keep.sum()),
    )
    if not keep.any():
        others = {
            other.type.label: int((~flagged & timed & np.isfinite(other.values)).sum())
            for other in light_curve.fluxes.values()
            if other is not chosen
        }
        raise NoUsableData(
            f"{light_curve.source}: none of its {len(keep)} cadences can be used:"
            f" {count.dropped_by_quality} are flagged (quality mask '{mask}'),"
            f" {count.dropped_not_finite} have no {chosen.type.label} flux."
            + "".join(f" {n} have {label} flux, which can be chosen instead." for label, n in others.items() if n)
        )
    return keep, count


def median_level(light_curve: LightCurve, keep: BoolArray, flux: str | None = None) -> float:
    """Return the median flux of the kept cadences, for normalization; raise NoUsableData unless it is positive."""
    chosen = light_curve.flux(flux)
    level = float(np.median(chosen.values[keep]))
    if not level > 0:
        raise NoUsableData(
            f"{light_curve.source}: its median {chosen.type.label} flux is"
            f" {f'{level:.3g} {chosen.type.unit}'.strip()}; it cannot be normalized."
        )
    return level
