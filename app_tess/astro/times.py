"""Times: BTJD = BJD - 2457000, in Barycentric Dynamical Time (TDB)."""

from datetime import UTC, datetime

import erfa

from app_tess.astro.arrays import Values
from app_tess.astro.constants import SECONDS_PER_DAY

BTJD_OFFSET_D = 2457000.0
"""Days between BJD and BTJD (TESS Science Data Products Description Document, sec. 2)."""


BTJD_AT_UNIX_EPOCH = 2440587.5 - BTJD_OFFSET_D
"""BTJD of 1970-01-01 [d]; the minute between UTC and TDB is negligible for the date in a file name."""

EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD = -7000.0, 10_000.0
"""Transit epochs lie between BJD 2450000 (1995: 51 Peg b, before any transit was known) and BJD 2467000 (2042)."""

FIRST_LIGHT_BTJD = 1226.0
"""TESS was launched on 2018 April 18: none of its data are older."""

LAST_PREDICTION_BTJD = 31_000.0
"""Transits are predicted until 2099 [d], as far as the observing form reaches."""


def bjd_to_btjd(bjd: Values) -> Values:
    """Convert Barycentric Julian Date [d] to BTJD [d], for numbers and arrays; NaN stays NaN."""
    return bjd - BTJD_OFFSET_D


def btjd_to_bjd(btjd: Values) -> Values:
    """Convert BTJD [d] to Barycentric Julian Date [d]."""
    return btjd + BTJD_OFFSET_D


def btjd_to_iso_utc(btjd: float) -> str:
    """Format a BTJD [d] (TDB) as UTC to the minute, "2018-07-25 19:29".

    The barycentric light-travel time (up to 8.3 min) is not corrected for.
    """
    day, part = BTJD_OFFSET_D, float(btjd)
    utc = erfa.taiutc(*erfa.tttai(*erfa.tdbtt(day, part, _tdb_minus_tt_s(day, part))))
    year, month, of_month, clock = erfa.d2dtf("UTC", 0, *utc)
    return f"{year:04d}-{month:02d}-{of_month:02d} {clock['h']:02d}:{clock['m']:02d}"


def iso_utc_to_btjd(text: str) -> float:
    """Convert an ISO date in UTC ("2025-04-06" or "2025-04-06T12:00:00") to BTJD [d] (TDB)."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(f"Invalid isoformat string for a date in UTC, with a time zone: {text!r}")
    second = moment.second + moment.microsecond / 1e6
    utc = erfa.dtf2d("UTC", moment.year, moment.month, moment.day, moment.hour, moment.minute, second)
    tt = erfa.taitt(*erfa.utctai(*utc))
    day, part = erfa.tttdb(*tt, _tdb_minus_tt_s(*tt))
    return float(day - BTJD_OFFSET_D + part)


def _tdb_minus_tt_s(day: float, part: float) -> float:
    """TDB - TT at the center of the Earth [s], less than 2 ms; ERFA's routines, which astropy.time calls as well."""
    return float(erfa.dtdb(day, part, 0.0, 0.0, 0.0, 0.0))


def unix_to_btjd(seconds: float) -> float:
    """Convert seconds since 1970-01-01 UTC to BTJD [d], to about a minute (the difference between UTC and TDB)."""
    return seconds / SECONDS_PER_DAY + BTJD_AT_UNIX_EPOCH


def stamp_to_btjd(stamp: str) -> float:
    """Convert the date in the name of a TESS file to BTJD [d].

    Parameters
    ----------
    stamp : str
        Year, day of the year and time of day: "2018206045859".

    Raises
    ------
    ValueError
        The text has another form.
    """
    moment = datetime.strptime(stamp, "%Y%j%H%M%S").replace(tzinfo=UTC)
    return unix_to_btjd(moment.timestamp())
