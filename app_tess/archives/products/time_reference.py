"""What the times in a FITS table count from: its header is read, and the times become BTJD or the file is refused.

References
----------
Rots et al. 2015, A&A 574, A36 (FITS paper IV); TESS Science Data Products Description Document, sec. 2; Kepler Archive
Manual, KDMC-10008-006, sec. 2.3 (BKJD = BJD - 2454833).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.archives.products.fits_table import Hdu, header_number, header_text, read_column
from app_tess.astro.arrays import FloatArray
from app_tess.astro.times import BTJD_OFFSET_D, FIRST_LIGHT_BTJD, LATEST_EPOCH_BTJD, iso_utc_to_btjd
from app_tess.errors import FileFormatError

REFERENCE_KEYS = (("BJDREF", 0.0), ("JDREF", 0.0), ("MJDREF", 2400000.5))
"""Keywords of the zero point, whole or split in I and F, and the Julian Date that they count from [d]."""
ZERO_POINTS_JD = {
    "BTJD": BTJD_OFFSET_D,
    "TBJD": BTJD_OFFSET_D,
    "TJD": BTJD_OFFSET_D,
    "BKJD": 2454833.0,
    "KBJD": 2454833.0,
    "MJD": 2400000.5,
    "BMJD": 2400000.5,
}
"""Names of time axes in TUNIT, and their zero points [d]."""
JULIAN_DATES = ("BJD", "JD")
TIME_SYSTEMS = ("TDB", "TT", "TAI", "UTC")
BARYCENTERS = ("SOLARSYSTEM", "BARYCENTER", "BARYCENT")
DAYS = ("d", "day", "days")
FIRST_JD = 2_400_000
"""A time above this [d] is a Julian Date, not a BTJD."""
MARGIN_D = 2.0
"""A first cadence further than this from DATE-OBS [d] counts from another zero point."""
_AXIS = re.compile(r"\b([A-Z]*JD)(?:_[A-Z]+)?\b(?:\s*-\s*([\d.]+))?", re.I)


@dataclass(frozen=True)
class TimeReference:
    """The zero point and the time scale of a table's times.

    Attributes
    ----------
    zero_jd : float or None
        Julian Date of time 0 [d]; None where the file does not say.
    system : str
        TDB, TT, TAI or UTC.
    """

    zero_jd: float | None
    system: str

    def to_btjd(self, times: Any) -> Any:
        """Return times [d] as BTJD [d], TDB; a file that does not give its zero point is taken to hold BTJD."""
        zero_jd = BTJD_OFFSET_D if self.zero_jd is None else self.zero_jd
        if self.system in ("TDB", "TT"):  # they differ by less than 2 ms
            return times + (zero_jd - BTJD_OFFSET_D) if zero_jd != BTJD_OFFSET_D else times
        from astropy.time import Time

        moments = Time(zero_jd, times, format="jd", scale=self.system.lower()).tdb
        return (moments.jd1 - BTJD_OFFSET_D) + moments.jd2


def read_reference(hdus: Sequence[Hdu], hdu: Hdu, source: str, column: str = "TIME") -> TimeReference:
    """Read what a table's times count from: BJDREFI and BJDREFF, TUNIT, TIMESYS, TIMEUNIT and TIMEREF.

    Raises
    ------
    FileFormatError
        Not barycentric, not in days, of an unknown time system or axis, or with two zero points that contradict.
    """
    headers = (hdu.header, hdus[0].header)
    system = _first_text(headers, "TIMESYS").upper() or "TDB"
    if system not in TIME_SYSTEMS:
        raise FileFormatError(f"{source}: its time system is TIMESYS = {system}, not TDB.")
    frame = _first_text(headers, "TIMEREF").upper()
    if frame and frame not in BARYCENTERS:
        raise FileFormatError(f"{source}: its times are not barycentric: its header says TIMEREF = {frame}.")
    column_unit = hdu.unit(column)
    unit = _first_text(headers, "TIMEUNIT") or (column_unit if not _AXIS.search(column_unit) else "")
    if unit and unit.lower() not in DAYS:
        raise FileFormatError(f"{source}: its times are in '{unit}', not in days.")
    stated, named = _stated_zero(headers), _named_zero(column_unit, source, column)
    if stated is not None and named is not None and abs(stated - named) > 1e-6:
        raise FileFormatError(
            f"{source}: its times count from JD {stated:.10g} by the header and from JD {named:.10g} by the unit of "
            f"{column} ('{column_unit}')."
        )
    if stated is None and named is None and _AXIS.search(column_unit):  # a bare BJD or JD
        named = 0.0
    return TimeReference(named if stated is None else stated, system)


def read_times(hdus: Sequence[Hdu], hdu: Hdu, reference: TimeReference, source: str) -> FloatArray:
    """Return the column TIME as BTJD [d], TDB, shape (N,); NaN stays NaN.

    Raises
    ------
    FileFormatError
        No finite time, or times at which TESS did not observe.
    """
    values = read_column(hdu.data, "TIME", source)
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        raise FileFormatError(f"{source} has no finite time among its {len(values)} cadences.")
    if reference.zero_jd is None and finite.max() > FIRST_JD:
        raise FileFormatError(
            f"{source}: its TIME reaches {finite.max():.1f}, a Julian Date, where BTJD (BJD - 2457000) is expected."
        )
    times: FloatArray = np.full_like(values, np.nan)
    times[np.isfinite(values)] = reference.to_btjd(finite)
    first, last = float(np.nanmin(times)), float(np.nanmax(times))
    if first < FIRST_LIGHT_BTJD or last > LATEST_EPOCH_BTJD:
        raise FileFormatError(
            f"{source}: its TIME runs from BTJD {first:.1f} to {last:.1f}, when TESS did not observe: it counts from "
            "another zero point than the header says."
        )
    if reference.zero_jd is None:
        _require_date(hdus, hdu, first, source)
    return times


def _require_date(hdus: Sequence[Hdu], hdu: Hdu, first_btjd: float, source: str) -> None:
    """Raise FileFormatError where times without a stated zero point do not begin at DATE-OBS."""
    date = _first_text((hdu.header, hdus[0].header), "DATE-OBS").removesuffix("Z")
    try:
        started_btjd = iso_utc_to_btjd(date) if date else first_btjd
    except ValueError:
        return
    if abs(first_btjd - started_btjd) > MARGIN_D:
        raise FileFormatError(
            f"{source}: its TIME begins at {first_btjd:.1f}, but its DATE-OBS is BTJD {started_btjd:.1f}: it does not "
            "hold BTJD, and its header does not say what it counts from (no BJDREFI)."
        )


def _first_text(headers: tuple[Any, ...], key: str) -> str:
    return next((text for header in headers if (text := header_text(header, key))), "")


def _stated_zero(headers: tuple[Any, ...]) -> float | None:
    """Return the Julian Date that the header's keywords give for time 0 [d]; None without such keywords."""
    for header in headers:
        for key, origin_jd in REFERENCE_KEYS:
            parts = [header_number(header, key + end) for end in ("", "I", "F")]
            if any(part is not None for part in parts):
                return origin_jd + sum(part or 0.0 for part in parts)
    return None


def _named_zero(unit: str, source: str, column: str) -> float | None:
    """Return the Julian Date of time 0 [d] by the column's unit, such as "BJD - 2457000, days"; None for plain days."""
    match = _AXIS.search(unit)
    if match is None:
        return None
    name, subtracted = match[1].upper(), match[2]
    if name in JULIAN_DATES:
        return float(subtracted.rstrip(".")) if subtracted else None
    if name not in ZERO_POINTS_JD or subtracted:
        raise FileFormatError(f"{source}: the unit of {column}, '{unit}', is no known time axis.")
    return ZERO_POINTS_JD[name]
