"""SPOC's light curves of one sector: 2-minute (`*_s_lc.fits`), 20-second (`*_a_fast-lc.fits`), and those of TESS-SPOC,
the same pipeline on the full-frame images (`hlsp_tess-spoc_*_lc.fits`).

References
----------
Jenkins et al. 2016, SPIE 9913, 99133E; TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014;
Caldwell et al. 2020, RNAAS 4, 201 (TESS-SPOC).
"""

import re

from app_tess.archives.products.fits_table import read_flags
from app_tess.archives.products.kinds import FileData, FluxColumn, LightCurveKind, full_frame_kind
from app_tess.archives.products.light_curve_table import make_light_curve, open_light_curve, read_fluxes
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.quality import TESS_MASKS

FLUXES = (
    FluxColumn(
        "pdcsap",
        "PDCSAP",
        "Pre-search Data Conditioning Simple Aperture Photometry",
        "corrected for instrumental systematics and for the light of neighbors",
        crowding_corrected=True,
        column="PDCSAP_FLUX",
        error_column="PDCSAP_FLUX_ERR",
    ),
    FluxColumn(
        "sap",
        "SAP",
        "Simple Aperture Photometry",
        "the background-subtracted sum of the pixels in the aperture",
        column="SAP_FLUX",
        error_column="SAP_FLUX_ERR",
    ),
)

REQUIRED_COLUMNS = ("TIME", *(flux.column for flux in FLUXES), "QUALITY")


def read_light_curve(data: FileData, source: str) -> LightCurve:
    """Read one sector's light curve.

    Parameters
    ----------
    data : bytes or Path
        A light-curve file with SPOC's columns, of any cadence.
    source : str
        The file's name, for messages and provenance.

    Returns
    -------
    LightCurve

    Raises
    ------
    FileFormatError
        Not FITS, truncated, not from TESS, without SPOC's columns, with times that cannot be converted to BTJD or
        do not increase, or without any finite flux.
    """
    hdus, hdu = open_light_curve(data, source, "SPOC", REQUIRED_COLUMNS)
    return make_light_curve(
        hdus,
        hdu,
        source,
        fluxes=read_fluxes(hdu.data, FLUXES, source),
        quality=read_flags(hdu.data, "QUALITY", source),
        masks=TESS_MASKS,
    )


def _pattern(ending: str) -> re.Pattern[str]:
    return re.compile(
        rf"tess(?P<stamp>\d{{13}})-s(?P<sector>\d{{4}})-(?P<tic_id>\d{{16}})-\d+(?:-[a-z])?_{ending}\.fits"
    )


TWO_MINUTE = LightCurveKind(
    name="lc",
    label="2-minute",
    description="A light curve of a preselected target, a point every two minutes, by the Science Processing"
    " Operations Center (SPOC) at NASA Ames.",
    collection="TESS",
    provenance="SPOC",
    pattern=_pattern("lc"),
    cadences_s=((1, 120),),
    fluxes=FLUXES,
    masks=TESS_MASKS,
    read=read_light_curve,
    lightkurve_author="SPOC",
    merit="resolved in time, and corrected for systematics and the light of neighbors",
)

TWENTY_SECOND = LightCurveKind(
    name="fast-lc",
    label="20-second",
    description="A light curve of a preselected target, a point every 20 seconds since sector 27, by the Science"
    " Processing Operations Center (SPOC) at NASA Ames.",
    collection="TESS",
    provenance="SPOC",
    pattern=_pattern("fast-lc"),
    cadences_s=((27, 20),),
    fluxes=FLUXES,
    masks=TESS_MASKS,
    read=read_light_curve,
    lightkurve_author="SPOC",
    merit="as corrected; its files are six times larger, and it is averaged to two minutes here",
)

TESS_SPOC = full_frame_kind(
    "tess-spoc",
    "TESS-SPOC",
    "by SPOC's pipeline, also of stars that were not preselected (Caldwell et al. 2020)",
    pattern=r"hlsp_tess-spoc_tess_phot_(?P<tic_id>\d{16})-s(?P<sector>\d{4})_tess_v\d+_lc\.fits",
    fluxes=FLUXES,
    masks=TESS_MASKS,
    read=read_light_curve,
    merit="the same corrections, at the slower cadence of the full-frame images",
)
