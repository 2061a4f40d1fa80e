"""TESS-Gaia Light Curves (TGLC): full-frame images, with the neighbors' light subtracted by Gaia's positions.

The files are named by a Gaia id; the star's TIC id is in the header. `cal_psf_flux` and `cal_aper_flux` are normalized
and detrended with a window of a day, so `aperture_flux` is the default: this site removes the trend itself, with the
transits masked. Older files have a column of errors for each flux, newer ones an error in the header.

References
----------
Han & Brandt 2023, AJ 165, 71.
"""

import numpy as np

from app_tess.archives.products.fits_table import has_column, header_int, header_number, read_flags
from app_tess.archives.products.kinds import FileData, FluxColumn, full_frame_kind
from app_tess.archives.products.light_curve_table import make_light_curve, open_light_curve, read_fluxes
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.quality import LIGHTKURVE, QualityBit, with_hard_bit

FLUXES = (
    FluxColumn(
        "aperture",
        "TGLC aperture",
        "aperture photometry",
        "the sum of 3 x 3 pixels from which the light of neighbors in Gaia's catalogue has been subtracted",
        crowding_corrected=True,
        column="aperture_flux",
        error_column="aperture_flux_err",
    ),
    FluxColumn(
        "psf",
        "TGLC PSF",
        "photometry with the effective point spread function",
        "fitted together with the neighbors in Gaia's catalogue",
        crowding_corrected=True,
        column="psf_flux",
        error_column="psf_flux_err",
    ),
    FluxColumn(
        "cal_aperture",
        "TGLC calibrated aperture",
        "aperture photometry, normalized and detrended",
        "detrended by TGLC with a biweight filter, which can weaken transits",
        unit="",
        crowding_corrected=True,
        detrended=True,
        column="cal_aper_flux",
        error_column="cal_aper_flux_err",
    ),
    FluxColumn(
        "cal_psf",
        "TGLC calibrated PSF",
        "photometry with the effective point spread function, normalized and detrended",
        "detrended by TGLC with a biweight filter, which can weaken transits",
        unit="",
        crowding_corrected=True,
        detrended=True,
        column="cal_psf_flux",
        error_column="cal_psf_flux_err",
    ),
)

ERROR_CARDS = {"aperture": "APER_ERR", "psf": "PSF_ERR", "cal_aperture": "CAPE_ERR", "cal_psf": "CPSF_ERR"}
"""Header cards with one error for the whole flux, in its unit."""

TGLC_BIT = 1 << 16
"""Where the bits of TGLC_flags begin in our quality; those of TESS_flags are below."""

MASKS = with_hard_bit(QualityBit(TGLC_BIT, "flagged by TGLC"), f"{LIGHTKURVE} but for the last")
"""TESS's masks; the hard one drops the cadences that TGLC flags, which lightkurve ignores."""

REQUIRED_COLUMNS = ("time", *(flux.column for flux in FLUXES), "TESS_flags", "TGLC_flags")


def read_tglc(data: FileData, source: str) -> LightCurve:
    """Read one sector's light curve; see `spoc_light_curve.read_light_curve`."""
    hdus, hdu = open_light_curve(data, source, "TGLC", REQUIRED_COLUMNS)
    flags = read_flags(hdu.data, "TESS_flags", source) | read_flags(hdu.data, "TGLC_flags", source) * TGLC_BIT
    errors = {
        flux.name: np.full(len(hdu.data), header_number(hdu.header, ERROR_CARDS[flux.name]) or np.nan)
        for flux in FLUXES
        if not has_column(hdu.data, flux.error_column)
    }
    return make_light_curve(
        hdus,
        hdu,
        source,
        fluxes=read_fluxes(hdu.data, FLUXES, source, errors),
        quality=flags,
        masks=MASKS,
        # TIMEDEL is the mean step in these files, which gaps lengthen
        cadence_s=float(TGLC.cadence_s(header_int(hdus[0].header, "SECTOR") or 1)),
    )


TGLC = full_frame_kind(
    "tglc",
    "TGLC",
    "with the light of neighbors subtracted (TESS-Gaia Light Curve, Han & Brandt 2023)",
    pattern=r"hlsp_tglc_tess_ffi_gaiaid-\d+-s(?P<sector>\d{4})-cam\d-ccd\d_tess_v\d+_llc\.fits",
    fluxes=FLUXES,
    masks=MASKS,
    read=read_tglc,
    merit="without the light of neighbors by Gaia's positions, but its raw flux is not corrected for systematics",
)
