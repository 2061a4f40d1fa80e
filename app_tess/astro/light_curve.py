"""A sector's light curve as a value, and its quality masks."""

from dataclasses import dataclass

import numpy as np

from app_tess.errors import AppTessError, InvalidInput

QUALITY_MASKS = {"default": 175, "hard": 7407, "none": 0}
"""Bits of QUALITY that drop a cadence, by name, as lightkurve defines them: default is attitude tweak, safe mode, coarse
point, Earth point, desaturation, manual exclude; hard adds cosmic rays (64, 1024) and stray light (2048, 4096)."""

FLUX_KINDS = ("pdcsap", "sap")
"""PDCSAP: corrected for instrument and for light of neighbours. SAP: as measured in the aperture."""


class NoUsableData(AppTessError):
    """A light curve has no cadence where one is needed; the message says which and why."""

    code = "no_usable_data"


@dataclass(frozen=True, eq=False)
class LightCurve:
    """One sector of one star as SPOC measured it. Arrays have shape (N,); NaN marks a cadence without a value.

    `time_btjd` BTJD [d], TDB; fluxes and errors [e-/s]; `quality` bits; centroids and `pos_corr` [pixel];
    `crowdsap` the star's share of the light in the aperture; `simulated` True where the header says SIMULATD.
    """

    tic_id: int
    sector: int | None
    camera: int | None
    ccd: int | None
    cadence_s: float | None
    time_btjd: np.ndarray
    sap_flux: np.ndarray
    sap_flux_err: np.ndarray
    pdcsap_flux: np.ndarray
    pdcsap_flux_err: np.ndarray
    quality: np.ndarray
    mom_centr1_px: np.ndarray
    mom_centr2_px: np.ndarray
    pos_corr1_px: np.ndarray
    pos_corr2_px: np.ndarray
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

    def flux(self, kind="pdcsap"):
        """(flux, error) [e-/s] of a kind; InvalidInput names an unknown one."""
        _require_flux(kind)
        return (self.sap_flux, self.sap_flux_err) if kind == "sap" else (self.pdcsap_flux, self.pdcsap_flux_err)


@dataclass(frozen=True)
class CadenceCount:
    """What became of a sector's cadences: read, dropped for a quality bit, dropped for a NaN, kept."""

    sector: int | None
    source: str
    mask: str
    cadence_s: float | None
    read: int
    dropped_by_quality: int
    dropped_not_finite: int
    kept: int

    @property
    def dropped(self):
        """All dropped cadences."""
        return self.dropped_by_quality + self.dropped_not_finite


def _require_flux(kind):
    if kind not in FLUX_KINDS:
        raise InvalidInput(f"'{kind}' is not a flux: choose one of {', '.join(FLUX_KINDS)}.", field="flux")


def require_choice(mask, flux):
    """InvalidInput, naming the field, where there is no such quality mask or flux."""
    quality_mask_bits(mask)
    _require_flux(flux)


def quality_mask_bits(name):
    """The bits of a mask by name; InvalidInput lists the names."""
    if name not in QUALITY_MASKS:
        raise InvalidInput(f"'{name}' is not a quality mask: choose one of {', '.join(QUALITY_MASKS)}.", field="mask")
    return QUALITY_MASKS[name]


def select_cadences(light_curve, mask="default", flux="pdcsap"):
    """Which cadences of a sector are used.

    Returns
    -------
    keep : ndarray of bool, shape (N,)
    count : CadenceCount

    Raises
    ------
    NoUsableData
        Nothing is left.
    """
    values, _ = light_curve.flux(flux)
    flagged = (light_curve.quality & quality_mask_bits(mask)) != 0
    finite = np.isfinite(light_curve.time_btjd) & np.isfinite(values)
    keep = ~flagged & finite
    count = CadenceCount(
        light_curve.sector,
        light_curve.source,
        mask,
        light_curve.cadence_s,
        len(keep),
        int(flagged.sum()),
        int((~flagged & ~finite).sum()),
        int(keep.sum()),
    )
    if not keep.any():
        sap = (
            int((~flagged & np.isfinite(light_curve.time_btjd) & np.isfinite(light_curve.sap_flux)).sum())
            if flux == "pdcsap"
            else 0
        )
        raise NoUsableData(
            f"{light_curve.source}: none of its {len(keep)} cadences can be used: {count.dropped_by_quality} are flagged"
            f" (quality mask '{mask}'), {count.dropped_not_finite} have no {flux.upper()} flux."
            + (f" {sap} have a SAP flux, which can be chosen instead." if sap else "")
        )
    return keep, count


def median_level(light_curve, keep, flux="pdcsap"):
    """The median flux [e-/s] of the kept cadences, by which a sector is divided; NoUsableData unless it is above zero."""
    level = float(np.median(light_curve.flux(flux)[0][keep]))
    if not level > 0:
        raise NoUsableData(
            f"{light_curve.source}: its median {flux.upper()} flux is {level:.3g} e-/s; it cannot be normalised."
        )
    return level
