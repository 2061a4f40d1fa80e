"""What the readers of light curves share: one table with one sector of one star, its times and its fluxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from app_tess.archives.products.fits_table import (
    Hdu,
    has_column,
    header_flag,
    header_int,
    header_number,
    header_text,
    open_tess_file,
    read_cadence_s,
    read_column,
    read_optional,
    require_increasing,
)
from app_tess.archives.products.kinds import FileData, FluxColumn
from app_tess.archives.products.time_reference import read_reference, read_times
from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.light_curve import Flux, LightCurve
from app_tess.astro.quality import QualityMask
from app_tess.errors import FileFormatError


def open_light_curve(data: FileData, source: str, pipeline: str, required: Iterable[str]) -> tuple[list[Hdu], Hdu]:
    """Return a file's HDUs and its light-curve table.

    Raises
    ------
    FileFormatError
        Not FITS, truncated, not from TESS, or without a table that has the required columns.
    """
    hdus = open_tess_file(data, source)
    if len(hdus) < 2 or not hdus[1].columns:
        raise FileFormatError(f"{source} has no light-curve table in its first extension.")
    missing = [name for name in required if not has_column(hdus[1].data, name)]
    if missing:
        raise FileFormatError(f"{source} is not a {pipeline} light curve: it has no column {', '.join(missing)}.")
    return hdus, hdus[1]


def read_fluxes(
    table: Any,
    columns: Iterable[FluxColumn],
    source: str,
    errors: Mapping[str, FloatArray] | None = None,
) -> dict[str, Flux]:
    """Return the fluxes by name; `errors` holds, by name, the errors that are not in the column named by the kind.

    Raises
    ------
    FileFormatError
        None of the fluxes has a finite value.
    """
    known = errors or {}
    fluxes = {
        flux.name: Flux(
            flux,
            read_column(table, flux.column, source),
            known[flux.name] if flux.name in known else read_optional(table, flux.error_column, source),
        )
        for flux in columns
    }
    if not any(np.isfinite(flux.values).any() for flux in fluxes.values()):
        raise FileFormatError(f"{source} has no finite flux among its {len(table)} cadences.")
    return fluxes


def make_light_curve(
    hdus: Sequence[Hdu],
    hdu: Hdu,
    source: str,
    *,
    fluxes: Mapping[str, Flux],
    quality: IntArray,
    masks: Sequence[QualityMask],
    cadence_s: float | None = None,
) -> LightCurve:
    """Return the light curve with what all pipelines write alike: times, centroids, and the headers on the star.

    Parameters
    ----------
    fluxes : mapping of str to Flux
        The default one first.
    quality : ndarray of int, shape (N,)
    masks : sequence of QualityMask
    cadence_s : float, optional
        Where the header's TIMEDEL is not the cadence [s].

    Raises
    ------
    FileFormatError
        The file does not name its star, or its times cannot be converted to BTJD or do not increase.
    """
    primary, header, table = hdus[0].header, hdu.header, hdu.data
    time = read_times(hdus, hdu, read_reference(hdus, hdu, source), source)
    require_increasing(time, source)
    return LightCurve(
        tic_id=_read_tic_id(primary, source),
        sector=header_int(primary, "SECTOR"),
        camera=header_int(primary, "CAMERA"),
        ccd=header_int(primary, "CCD"),
        cadence_s=cadence_s or read_cadence_s(header, time),
        time_btjd=time,
        fluxes=fluxes,
        default_flux=next(iter(fluxes)),
        quality=quality,
        quality_masks={mask.name: mask for mask in masks},
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


def _read_tic_id(primary: Any, source: str) -> int:
    """Return TICID, which TGLC writes as text."""
    number, text = header_int(primary, "TICID"), header_text(primary, "TICID")
    if number is None and not text.isdecimal():
        raise FileFormatError(f"{source} does not say which star it is: its header has no TICID.")
    return int(text) if number is None else number
