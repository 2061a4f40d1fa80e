"""Light curves of the TESS Asteroseismic Science Operations Center (TASOC), of one sector.

FLUX_CORR is corrected for systematics with co-trending basis vectors (`_cbv-lc`) or an ensemble of stars (`_ens-lc`),
and is in parts per million around the median. Both corrections can weaken a transit, so FLUX_RAW, which a sector's two
files share, is the default. PIXEL_QUALITY has the mission's bits; QUALITY has TASOC's own, which lightkurve ignores.

References
----------
Handberg et al. 2021, AJ 162, 170 (photometry); Lund et al. 2021, ApJS 257, 53 (corrections).
"""

from app_tess.archives.products.fits_table import read_column, read_flags
from app_tess.archives.products.kinds import FileData, FluxColumn, full_frame_kind
from app_tess.archives.products.light_curve_table import make_light_curve, open_light_curve, read_fluxes
from app_tess.astro.constants import PPM
from app_tess.astro.light_curve import Flux, LightCurve
from app_tess.astro.quality import LIGHTKURVE, QualityBit, with_hard_bit

RAW = FluxColumn(
    "raw",
    "TASOC raw",
    "aperture photometry",
    "the background-subtracted sum of the pixels in the aperture",
    column="FLUX_RAW",
    error_column="FLUX_RAW_ERR",
)
CORRECTED = FluxColumn(
    "corr",
    "TASOC corrected",
    "aperture photometry with instrumental systematics removed",
    "corrected with basis vectors or an ensemble of stars, which can weaken transits",
    unit="",
    detrended=True,
    column="FLUX_CORR",
    error_column="FLUX_CORR_ERR",
)

TASOC_BIT = 1 << 16
"""Where QUALITY begins in our quality; the bits of PIXEL_QUALITY are below."""

MASKS = with_hard_bit(QualityBit(TASOC_BIT, "flagged by TASOC"), f"{LIGHTKURVE} but for the last")
"""TESS's masks; the hard one drops the cadences that TASOC flags."""

REQUIRED_COLUMNS = ("TIME", "FLUX_RAW", "FLUX_CORR", "QUALITY", "PIXEL_QUALITY")


def read_tasoc(data: FileData, source: str) -> LightCurve:
    """Read one sector's light curve; see `spoc_light_curve.read_light_curve`."""
    hdus, hdu = open_light_curve(data, source, "TASOC", REQUIRED_COLUMNS)
    fluxes = read_fluxes(hdu.data, (RAW,), source)
    ppm, errors_ppm = (read_column(hdu.data, name, source) for name in (CORRECTED.column, CORRECTED.error_column))
    fluxes[CORRECTED.name] = Flux(CORRECTED, 1 + ppm / PPM, errors_ppm / PPM)
    flagged = read_flags(hdu.data, "QUALITY", source) != 0
    return make_light_curve(
        hdus,
        hdu,
        source,
        fluxes=fluxes,
        quality=read_flags(hdu.data, "PIXEL_QUALITY", source) | flagged * TASOC_BIT,
        masks=MASKS,
    )


TASOC = full_frame_kind(
    "tasoc",
    "TASOC",
    "by the TESS Asteroseismic Science Operations Center at Aarhus (Handberg et al. 2021)",
    pattern=r"hlsp_tasoc_tess_ffi_tic(?P<tic_id>\d{11})-s(?P<sector>\d{4})(?:-cam\d-ccd\d)?-c\d{4}_tess_v\d+"
    r"_(?:cbv-|ens-)?lc\.fits",
    fluxes=(RAW, CORRECTED),
    masks=MASKS,
    read=read_tasoc,
    lightkurve_quality="pixel_quality",
    merit="its raw flux contains the light of neighbors and systematics; made for the early sectors",
)
