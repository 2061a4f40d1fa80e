"""SPOC's light curves, 2-minute (`*_s_lc.fits`) and 20-second (`*_a_fast-lc.fits`), one sector each.

References
----------
Jenkins et al. 2016, SPIE 9913, 99133E; TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014.
"""

import re

import numpy as np
from astropy.io import fits

from app_tess.archives.products.fits_table import (
    header_flag,
    header_int,
    header_number,
    header_text,
    open_tess_file,
    read_cadence_s,
    read_column,
    read_flags,
    read_optional,
    require_increasing,
)
from app_tess.archives.products.kinds import FileData, FluxColumn, LightCurveKind
from app_tess.archives.products.time_reference import read_reference, read_times
from app_tess.astro.light_curve import Flux, LightCurve
from app_tess.astro.quality import TESS_MASKS
from app_tess.errors import FileFormatError

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
    hdus = open_tess_file(data, source)
    primary = hdus[0].header
    if len(hdus) < 2 or not isinstance(hdus[1], fits.BinTableHDU):
        raise FileFormatError(f"{source} has no light-curve table in its first extension.")
    header, table = hdus[1].header, hdus[1].data
    missing = [name for name in REQUIRED_COLUMNS if name not in table.columns.names]
    if missing:
        raise FileFormatError(f"{source} is not a SPOC light curve: it has no column {', '.join(missing)}.")
    tic_id = header_int(primary, "TICID")
    if tic_id is None:
        raise FileFormatError(f"{source} does not say which star it is: its header has no TICID.")
    time = read_times(hdus, hdus[1], read_reference(hdus, hdus[1], source), source)
    require_increasing(time, source)
    return LightCurve(
        tic_id=tic_id,
        sector=header_int(primary, "SECTOR"),
        camera=header_int(primary, "CAMERA"),
        ccd=header_int(primary, "CCD"),
        cadence_s=read_cadence_s(header, time),
        time_btjd=time,
        fluxes=_read_fluxes(table, source),
        default_flux=FLUXES[0].name,
        quality=read_flags(table, "QUALITY", source),
        quality_masks={mask.name: mask for mask in TESS_MASKS},
        mom_centr1_px=read_optional(table, "MOM_CENTR1", source),
        mom_centr2_px=read_optional(table, "MOM_CENTR2", source),
        pos_corr1_px=read_optional(table, "POS_CORR1", source),
        pos_corr2_px=read_optional(table, "POS_CORR2", source),
        crowdsap=header_number(header, "CROWDSAP"),
        tmag=header_number(primary, "TESSMAG"),
        teff_k=header_number(primary, "TEFF"),
        logg=header_number(primary, "LOGG"),
        stellar_radius_rsun=header_number(primary, "RADIUS"),
        ra_deg=header_number(primary, "RA_OBJ"),
        dec_deg=header_number(primary, "DEC_OBJ"),
        origin=header_text(primary, "ORIGIN"),
        simulated=header_flag(primary, "SIMULATD"),
        source=source,
    )


def _read_fluxes(table: fits.FITS_rec, source: str) -> dict[str, Flux]:
    """Return the fluxes by name; FileFormatError where none has a finite value."""
    fluxes = {
        flux.name: Flux(flux, read_column(table, flux.column, source), read_optional(table, flux.error_column, source))
        for flux in FLUXES
    }
    if not any(np.isfinite(flux.values).any() for flux in fluxes.values()):
        raise FileFormatError(f"{source} has no finite flux among its {len(table)} cadences.")
    return fluxes


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
)
