"""Times: BTJD = BJD - 2457000, in Barycentric Dynamical Time (TDB)."""

from datetime import UTC, datetime

from astropy.time import Time

from app_tess.astro.arrays import Values
from app_tess.astro.constants import SECONDS_PER_DAY

BTJD_OFFSET_D = 2457000.0
"""Days between BJD and BTJD (TESS Science Data Products Description Document, sec. 2)."""


BTJD_AT_UNIX_EPOCH = 2440587.5 - BTJD_OFFSET_D
"""BTJD of 1970-01-01 [d]; the minute between UTC and TDB does not matter for the date in a file's name."""


def bjd_to_btjd(bjd: Values) -> Values:
    """Barycentric Julian Date [d] to BTJD [d]; works on numbers and arrays, NaN stays NaN."""
    return bjd - BTJD_OFFSET_D


def btjd_to_bjd(btjd: Values) -> Values:
    """BTJD [d] to Barycentric Julian Date [d]."""
    return btjd + BTJD_OFFSET_D


def btjd_to_iso_utc(btjd: float) -> str:
    """A BTJD (TDB) as "2018-07-25 19:29" in UTC, to the minute: what an observer reads off a clock.

    The light-travel time to the barycentre (up to 8.3 min) is not taken out.
    """
    time = Time(float(btjd), BTJD_OFFSET_D, format="jd", scale="tdb")
    time.precision = 0
    return str(time.utc.iso[:16])


def iso_utc_to_btjd(text: str) -> float:
    """An ISO date in UTC ("2025-04-06" or "2025-04-06T12:00:00") as BTJD [d] (TDB)."""
    return float((Time(text, scale="utc").tdb - Time(BTJD_OFFSET_D, format="jd", scale="tdb")).jd)


def stamp_to_btjd(stamp: str) -> float:
    """The date in a TESS file's name ("2018206045859": year, day of the year, time) as BTJD [d]; ValueError for any other text."""
    moment = datetime.strptime(stamp, "%Y%j%H%M%S").replace(tzinfo=UTC)
    return moment.timestamp() / SECONDS_PER_DAY + BTJD_AT_UNIX_EPOCH
