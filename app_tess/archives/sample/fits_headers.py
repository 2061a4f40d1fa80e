"""Header cards of SPOC's files, as the real ones have them, and the mark of a simulation: SIMULATD = T.

Source: TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014 Rev F, and files of sector 1.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from astropy.io import fits

from app_tess.archives.sample.catalogue import Star
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.times import BTJD_OFFSET_D

Card = tuple[str, Any, str]
"""Keyword, value and comment of a header card."""

TableColumn = tuple[str, str, str | None, str, Any]
"""Name, format, unit, display format and values of a column."""

SIMULATED_CARD: Card = ("SIMULATD", True, "simulated by TESS Planet Finder")
TDB_AHEAD_OF_UTC_S = 69.184
BTJD_EPOCH = datetime(2014, 12, 8, 12, tzinfo=UTC)
"""BTJD 0, JD 2457000.0."""


def utc_text(time_btjd: float) -> str:
    """Return a BTJD [d] as an ISO date, in the form of DATE-OBS."""
    moment = BTJD_EPOCH + timedelta(days=time_btjd, seconds=-TDB_AHEAD_OF_UTC_S)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def file_date(stop_btjd: float) -> str:
    """Return the date on which a file claims to be created: a month after its data, so that its bytes never change."""
    return utc_text(stop_btjd + 30)[:10]


def star_cards(star: Star) -> list[Card]:
    """Return the cards that describe the star, the same in every file."""
    return [
        ("RADESYS", "ICRS", "reference frame of celestial coordinates"),
        ("RA_OBJ", star.ra_deg, "[deg] right ascension"),
        ("DEC_OBJ", star.dec_deg, "[deg] declination"),
        ("EQUINOX", 2000.0, "equinox of celestial coordinate system"),
        ("PMRA", star.pm_ra_masyr, "[mas/yr] RA proper motion"),
        ("PMDEC", star.pm_dec_masyr, "[mas/yr] Dec proper motion"),
        ("PMTOTAL", round((star.pm_ra_masyr**2 + star.pm_dec_masyr**2) ** 0.5, 4), "[mas/yr] total proper motion"),
        ("TESSMAG", star.tmag, "[mag] TESS magnitude"),
        ("TEFF", star.teff_k, "[K] Effective temperature"),
        ("LOGG", star.logg, "[cm/s2] log10 surface gravity"),
        ("MH", star.metallicity_dex, "[log10([M/H])] metallicity"),
        ("RADIUS", star.radius_rsun, "[solar radii] stellar radius"),
        ("TICVER", 8, "TICVER"),
    ]


def file_cards(star: Star, creator: str, n_extensions: int, start_btjd: float, stop_btjd: float) -> list[Card]:
    """Return the first cards of a primary header."""
    return [
        ("NEXTEND", n_extensions, "number of standard extensions"),
        ("EXTNAME", "PRIMARY", "name of extension"),
        ("EXTVER", 1, "extension version number (not format version)"),
        ("SIMDATA", True, "file is based on simulated data"),
        SIMULATED_CARD,
        ("ORIGIN", "TESS Planet Finder", "institution responsible for creating this file"),
        ("DATE", file_date(stop_btjd), "file creation date."),
        ("TSTART", start_btjd, "observation start time in TJD"),
        ("TSTOP", stop_btjd, "observation stop time in TJD"),
        ("DATE-OBS", utc_text(start_btjd), "TSTART as UTC calendar date"),
        ("DATE-END", utc_text(stop_btjd), "TSTOP as UTC calendar date"),
        ("CREATOR", creator, "program that wrote this file"),
        ("PROCVER", "bundled sample 1", "SW version"),
        ("FILEVER", "1.0", "file format version"),
        ("TIMVERSN", "OGIP/93-003", "OGIP memo number for file format"),
        ("TELESCOP", "TESS", "telescope"),
        ("INSTRUME", "TESS Photometer", "detector type"),
        ("DATA_REL", 1, "data release version number"),
        ("OBJECT", f"TIC {star.tic_id}", "string version of target id"),
        ("TICID", star.tic_id, "unique tess target identifier"),
    ]


def extension_cards(star: Star, name: str) -> list[Card]:
    """Return the first cards of an extension."""
    return [
        ("INHERIT", True, "inherit the primary header"),
        ("EXTNAME", name, "name of extension"),
        ("EXTVER", 1, "extension version number (not format version)"),
        ("SIMDATA", True, "file is based on simulated data"),
        SIMULATED_CARD,
        ("TELESCOP", "TESS", "telescope"),
        ("INSTRUME", "TESS Photometer", "detector type"),
        ("OBJECT", f"TIC {star.tic_id}", "string version of target id"),
        ("TICID", star.tic_id, "unique tess target identifier"),
        ("RADESYS", "ICRS", "reference frame of celestial coordinates"),
        ("RA_OBJ", star.ra_deg, "[deg] right ascension"),
        ("DEC_OBJ", star.dec_deg, "[deg] declination"),
        ("EQUINOX", 2000.0, "equinox of celestial coordinate system"),
    ]


def time_cards(start_btjd: float, stop_btjd: float, cadence_s: int) -> list[Card]:
    """Return the cards on the time system and the exposure; BTJD = BJD - 2457000, TDB."""
    elapsed = stop_btjd - start_btjd
    return [
        ("EXPOSURE", elapsed * 0.792, "[d] time on source"),
        ("TIMEREF", "SOLARSYSTEM", "barycentric correction applied to times"),
        ("TASSIGN", "SPACECRAFT", "where time is assigned"),
        ("TIMESYS", "TDB", "time system is Barycentric Dynamical Time (TDB)"),
        ("BJDREFI", int(BTJD_OFFSET_D), "integer part of BTJD reference date"),
        ("BJDREFF", 0.0, "fraction of the day in BTJD reference date"),
        ("TIMEUNIT", "d", "time unit for TIME, TSTART and TSTOP"),
        ("TELAPSE", elapsed, "[d] TSTOP - TSTART"),
        ("LIVETIME", elapsed * 0.792, "[d] TELAPSE multiplied by DEADC"),
        ("TSTART", start_btjd, "observation start time in BTJD"),
        ("TSTOP", stop_btjd, "observation stop time in BTJD"),
        ("DATE-OBS", utc_text(start_btjd), "TSTART as UTC calendar date"),
        ("DATE-END", utc_text(stop_btjd), "TSTOP as UTC calendar date"),
        ("DEADC", 0.792, "deadtime correction"),
        ("TIMEPIXR", 0.5, "bin time beginning=0 middle=0.5 end=1"),
        ("TIERRELA", 1.16e-5, "[d] relative time error"),
        ("INT_TIME", 1.98, "[s] photon accumulation time per frame"),
        ("READTIME", 0.02, "[s] readout time per frame"),
        ("FRAMETIM", 2.0, "[s] frame time (INT_TIME + READTIME)"),
        ("NUM_FRM", cadence_s // 2, "number of frames per time stamp"),
        ("TIMEDEL", cadence_s / SECONDS_PER_DAY, "[d] time resolution of data"),
    ]


def write_file(hdus: list[Any], stop_btjd: float) -> bytes:
    """Return the bytes of a FITS file with checksums that carry a fixed date."""
    stream = BytesIO()
    for hdu in hdus:
        hdu.add_checksum(when=f"HDU checksum updated {file_date(stop_btjd)}T00:00:00Z")
    fits.HDUList(hdus).writeto(stream)
    return stream.getvalue()


def table_hdu(columns: list[TableColumn], cards: list[Card]) -> Any:
    """Return a binary table; columns are (name, format, unit or None, display, values)."""
    hdu = fits.BinTableHDU.from_columns(
        [
            fits.Column(name=name, format=form, unit=unit, disp=display, array=values)
            for name, form, unit, display, values in columns
        ]
    )
    hdu.header.extend(cards, end=True)
    return hdu
