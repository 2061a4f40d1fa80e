"""Light curves of MIT's Quick-Look Pipeline (QLP) from the full-frame images, of one sector.

KSPSAP_FLUX (sectors 1-55) and DET_FLUX (later ones) are detrended with splines of 0.3 d, which weaken long transits, so
SAP_FLUX is the default: this site removes the trend itself, with the transits masked. All fluxes are relative. The one
column of errors belongs to the detrended flux. The reader follows the documented format; no real file was at hand.

References
----------
Huang et al. 2020, RNAAS 4, 204 and 206; Kunimoto et al. 2021, RNAAS 5, 234.
"""

from app_tess.archives.products.fits_table import has_column, read_flags, read_optional
from app_tess.archives.products.kinds import FileData, FluxColumn, full_frame_kind
from app_tess.archives.products.light_curve_table import make_light_curve, open_light_curve, read_fluxes
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.quality import QualityBit, with_hard_bit

FLUXES = (
    FluxColumn(
        "sap",
        "QLP SAP",
        "Simple Aperture Photometry, relative",
        "the background-subtracted sum of the pixels in the aperture, divided by its median",
        unit="",
        column="SAP_FLUX",
    ),
    FluxColumn(
        "sys_rm",
        "QLP systematics removed",
        "Simple Aperture Photometry with instrumental systematics removed",
        "corrected for instrumental systematics, not detrended (sector 56 and later)",
        unit="",
        column="SYS_RM_FLUX",
    ),
    FluxColumn(
        "kspsap",
        "QLP KSPSAP",
        "Kepler-spline Simple Aperture Photometry",
        "detrended by QLP with splines of 0.3 d, which weaken long transits (sectors 1-55)",
        unit="",
        detrended=True,
        column="KSPSAP_FLUX",
    ),
    FluxColumn(
        "det",
        "QLP detrended",
        "Simple Aperture Photometry, detrended",
        "detrended by QLP with splines, which weaken long transits (sector 56 and later)",
        unit="",
        detrended=True,
        column="DET_FLUX",
    ),
)

ERROR_COLUMNS = ("KSPSAP_FLUX_ERR", "DET_FLUX_ERR")
"""The only errors of a file, by vintage; they serve all its fluxes."""

MASKS = with_hard_bit(QualityBit(1 << 30, "low precision"))
"""TESS's masks; the hard one drops cadences of low precision: bit 2**30 since sector 56, and before it bit 4096, which
is among the mission's hard bits."""


def read_qlp(data: FileData, source: str) -> LightCurve:
    """Read one sector's light curve with the columns of either vintage; see `spoc_light_curve.read_light_curve`."""
    hdus, hdu = open_light_curve(data, source, "QLP", ("TIME", "SAP_FLUX", "QUALITY"))
    stored = [flux for flux in FLUXES if has_column(hdu.data, flux.column)]
    error_column = next((name for name in ERROR_COLUMNS if has_column(hdu.data, name)), ERROR_COLUMNS[0])
    errors = read_optional(hdu.data, error_column, source)
    return make_light_curve(
        hdus,
        hdu,
        source,
        fluxes=read_fluxes(hdu.data, stored, source, {flux.name: errors for flux in stored}),
        quality=read_flags(hdu.data, "QUALITY", source),
        masks=MASKS,
    )


QLP = full_frame_kind(
    "qlp",
    "QLP",
    "by the Quick-Look Pipeline (QLP) at MIT, which most TOIs of fainter stars come from",
    pattern=r"hlsp_qlp_tess_ffi_s(?P<sector>\d{4})-(?P<tic_id>\d{16})_tess_v\d+_llc\.fits",
    fluxes=FLUXES,
    masks=MASKS,
    read=read_qlp,
    merit="its raw flux contains the light of neighbors and systematics, but it covers the most stars",
)
