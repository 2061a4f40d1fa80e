"""SPOC's FITS products into astro values: `*_lc.fits` (one sector) and `*_dvt.fits` (data validation).

Column and keyword meanings: TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014.
"""

import contextlib
import io
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.io.fits.verify import VerifyWarning
from astropy.utils.exceptions import AstropyUserWarning

from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.validation import ValidationEvent
from app_tess.errors import FileFormatError

REQUIRED_COLUMNS = ("TIME", "SAP_FLUX", "PDCSAP_FLUX", "QUALITY")
FITS_BLOCK = 2880
"""A FITS file is whole blocks of this many bytes."""

FIRST_JD = 2_400_000
"""A time above this [d] is a Julian Date, not a BTJD."""

VALIDATION_COLUMNS = ("TIME", "PHASE", "LC_INIT", "MODEL_INIT")


def _content(data, source):
    """A file's bytes; FileFormatError says what it is instead of a FITS."""
    try:
        content = Path(data).read_bytes() if isinstance(data, (str, Path)) else bytes(data)
    except OSError as error:
        raise FileFormatError(f"{source} cannot be read: {error.strerror or error}.") from error
    if not content:
        raise FileFormatError(f"{source} is empty.")
    if not content.startswith(b"SIMPLE  ="):
        page = b"<html" in content[:1000].lower() or content.lstrip()[:1] == b"<"
        looks = "an HTML page" if page else "a gzip file" if content.startswith(b"\x1f\x8b") else "something else"
        raise FileFormatError(f"{source} is not a FITS file: it starts like {looks}.")
    return content


@contextlib.contextmanager
def _hdus(content, source):
    """The HDUs of a FITS while the context lasts; whatever astropy makes of a damaged one becomes a FileFormatError."""
    try:
        with warnings.catch_warnings():
            # astropy only warns of a truncated file, then fails later in some far-away place; here it is an error at once
            warnings.filterwarnings("error", message=".*truncated.*", category=AstropyUserWarning)
            warnings.simplefilter("ignore", VerifyWarning)
            with fits.open(io.BytesIO(content), memmap=False, lazy_load_hdus=False) as hdus:
                yield hdus
    except (AstropyUserWarning, OSError, TypeError, ValueError, IndexError, KeyError, EOFError) as error:
        if "truncated" in str(error) or len(content) % FITS_BLOCK:
            raise FileFormatError(
                f"{source} is truncated: it ends after {len(content)} bytes, before its tables do."
            ) from error
        raise FileFormatError(f"{source} is a damaged FITS file: {error}.") from error


def require_whole(data, source):
    """FileFormatError unless the bytes are a FITS file that reaches to the end of its last table, and has as many as it says (NEXTEND)."""
    content = _content(data, source)
    with _hdus(content, source) as hdus:
        last = hdus[-1].fileinfo()
        # a header cut within its first block is no HDU to astropy: it would pass for a file that ends before it
        if last["datLoc"] + last["datSpan"] > len(content) or len(content) % FITS_BLOCK:
            raise EOFError("truncated")
        if len(hdus) - 1 < (_whole(hdus[0].header, "NEXTEND") or 0):  # cut between two tables, where nothing else tells
            raise EOFError("truncated")


def _open(data, source):
    """All HDUs of a FITS given as bytes or a path, read; FileFormatError says what the file is instead."""
    with _hdus(_content(data, source), source) as hdus:
        for hdu in hdus:
            hdu.data  # reads it now, while a failure can still be named
        return fits.HDUList([hdu.copy() for hdu in hdus])


def _require_tess(primary, source):
    telescope = str(primary.get("TELESCOP", "")).strip()
    if telescope.upper() != "TESS":
        raise FileFormatError(f"{source} is not a TESS file: its header says TELESCOP = {telescope or 'nothing'}.")


def _number(header, key):
    """A header's number as float, or None where it is absent, blank or not finite."""
    value = header.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        return None
    return float(value)


def _whole(header, key):
    value = _number(header, key)
    return None if value is None else int(value)


def _column(table, name, source, dtype=float):
    """A column as an array of shape (N,); FileFormatError where it holds text, or more than one number a row."""
    try:
        values = np.asarray(table[name], dtype=dtype)
    except (TypeError, ValueError) as error:
        raise FileFormatError(f"{source}: its column {name} does not hold numbers.") from error
    if values.ndim != 1:
        raise FileFormatError(f"{source}: its column {name} holds {values.shape[1:]} values a row, not one.")
    return values


def _optional(table, name, source):
    return _column(table, name, source) if name in table.columns.names else np.full(len(table), np.nan)


def _require_times(time, source):
    """FileFormatError unless the times are BTJD that increase: SPOC's do, so in any other file time and flux have come apart."""
    finite = time[np.isfinite(time)]
    if len(finite) == 0:
        raise FileFormatError(f"{source} has no finite time among its {len(time)} cadences.")
    if finite.max() > FIRST_JD:
        raise FileFormatError(
            f"{source}: its TIME reaches {finite.max():.1f}, a Julian Date; SPOC's are BTJD, which is BJD - 2457000."
        )
    if (np.diff(finite) <= 0).any():
        where = finite[1:][np.diff(finite) <= 0][0]
        raise FileFormatError(f"{source}: its TIME does not increase (at BTJD {where:.5f}): the file is damaged.")


def _cadence_s(header, time):
    """Seconds between cadences: TIMEDEL where given, else the median step of TIME."""
    timedel = _number(header, "TIMEDEL")
    if timedel:
        return timedel * SECONDS_PER_DAY
    steps = np.diff(time[np.isfinite(time)])
    return float(np.median(steps) * SECONDS_PER_DAY) if len(steps) else None


def read_light_curve(data, source):
    """Read one sector's light curve.

    Parameters
    ----------
    data : bytes or Path
        A SPOC `_lc.fits`, 120-second or 20-second (`_fast-lc.fits`).
    source : str
        The file's name, for messages and receipts.

    Returns
    -------
    LightCurve

    Raises
    ------
    FileFormatError
        Not FITS, truncated, not from TESS, without the SPOC columns, with times that are no increasing BTJD, or no finite flux at all.
    """
    hdus = _open(data, source)
    primary = hdus[0].header
    _require_tess(primary, source)
    if len(hdus) < 2 or not isinstance(hdus[1], fits.BinTableHDU):
        raise FileFormatError(f"{source} has no light-curve table in its first extension.")
    header, table = hdus[1].header, hdus[1].data
    missing = [name for name in REQUIRED_COLUMNS if name not in table.columns.names]
    if missing:
        raise FileFormatError(f"{source} is not a SPOC light curve: it has no column {', '.join(missing)}.")
    tic_id = _whole(primary, "TICID")
    if tic_id is None:
        raise FileFormatError(f"{source} does not say which star it is: its header has no TICID.")
    time, sap, pdcsap = (_column(table, name, source) for name in ("TIME", "SAP_FLUX", "PDCSAP_FLUX"))
    _require_times(time, source)
    if not np.any(np.isfinite(sap) | np.isfinite(pdcsap)):
        raise FileFormatError(f"{source} has no finite flux among its {len(table)} cadences.")
    return LightCurve(
        tic_id=tic_id,
        sector=_whole(primary, "SECTOR"),
        camera=_whole(primary, "CAMERA"),
        ccd=_whole(primary, "CCD"),
        cadence_s=_cadence_s(header, time),
        time_btjd=time,
        sap_flux=sap,
        sap_flux_err=_optional(table, "SAP_FLUX_ERR", source),
        pdcsap_flux=pdcsap,
        pdcsap_flux_err=_optional(table, "PDCSAP_FLUX_ERR", source),
        quality=_column(table, "QUALITY", source, np.int64),
        mom_centr1_px=_optional(table, "MOM_CENTR1", source),
        mom_centr2_px=_optional(table, "MOM_CENTR2", source),
        pos_corr1_px=_optional(table, "POS_CORR1", source),
        pos_corr2_px=_optional(table, "POS_CORR2", source),
        crowdsap=_number(header, "CROWDSAP"),
        tmag=_number(primary, "TESSMAG"),
        teff_k=_number(primary, "TEFF"),
        logg=_number(primary, "LOGG"),
        stellar_radius_rsun=_number(primary, "RADIUS"),
        ra_deg=_number(primary, "RA_OBJ"),
        dec_deg=_number(primary, "DEC_OBJ"),
        origin=str(primary.get("ORIGIN", "")).strip(),
        simulated=bool(primary.get("SIMULATD", False)),
        source=source,
    )


def read_validation(data, source):
    """Read every threshold-crossing event of a data-validation time series.

    Parameters
    ----------
    data : bytes or Path
        A SPOC `_dvt.fits`.
    source : str
        The file's name, for messages.

    Returns
    -------
    list of ValidationEvent
        In the file's order. Match one to a TOI by `astro.validation.match_event`, never by its number.

    Raises
    ------
    FileFormatError
        Not FITS, truncated, not from TESS, or without an event's table.
    """
    hdus = _open(data, source)
    primary = hdus[0].header
    _require_tess(primary, source)
    events = []
    for hdu in hdus[1:]:
        if not hdu.name.startswith("TCE_"):
            continue
        missing = [name for name in VALIDATION_COLUMNS if name not in hdu.columns.names]
        if missing:
            raise FileFormatError(f"{source}, table {hdu.name}: it has no column {', '.join(missing)}.")
        events.append(
            ValidationEvent(
                tic_id=_whole(primary, "TICID"),
                name=hdu.name,
                period_d=_number(hdu.header, "TPERIOD"),
                epoch_btjd=_number(hdu.header, "TEPOCH"),
                duration_h=_number(hdu.header, "TDUR"),
                depth_ppm=_number(hdu.header, "TDEPTH"),
                time_btjd=_column(hdu.data, "TIME", source),
                phase_d=_column(hdu.data, "PHASE", source),
                flux=_column(hdu.data, "LC_INIT", source),
                model=_column(hdu.data, "MODEL_INIT", source),
                flux_detrended=_optional(hdu.data, "LC_DETREND", source),
                simulated=bool(primary.get("SIMULATD", False)),
                source=source,
            )
        )
    if not events:
        raise FileFormatError(f"{source} is not a data-validation file: it has no table named TCE_1.")
    return events
