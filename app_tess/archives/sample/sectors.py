"""The start stamp, configuration and dates of sectors 1 to 42.

Source: the sectors' file names at MAST and their data release notes. Dates are BTJD [d], rounded to 0.01 d,
of the first and last 2-minute cadence; `gap` is the mid-sector data download at perigee [BTJD d].
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app_tess.astro.times import BTJD_AT_UNIX_EPOCH


@dataclass(frozen=True)
class Sector:
    """A sector: its start stamp and configuration in file names, and its first and last cadence [BTJD d]."""

    number: int
    stamp: str
    configuration: int
    start_btjd: float
    stop_btjd: float

    @property
    def gap_btjd(self) -> tuple[float, float]:
        """Start and end of the data download in the middle of the sector, about 1.1 d."""
        middle = (self.start_btjd + self.stop_btjd) / 2
        return middle - 0.35, middle + 0.75


_TABLE = """
 1 2018206045859 120 1325.30 1353.18   2 2018234235059 121 1354.11 1381.51   3 2018263035959 123 1385.95 1406.21
 4 2018292075959 124 1410.91 1436.85   5 2018319095959 125 1437.99 1464.29   6 2018349182459 126 1468.28 1490.05
 7 2019006130736 131 1491.64 1516.09   8 2019032160000 136 1517.40 1542.00   9 2019058134432 139 1543.22 1568.48
10 2019085135100 140 1571.23 1595.68  11 2019112060037 143 1599.96 1623.89  12 2019140104343 144 1624.96 1652.89
13 2019169103026 146 1653.93 1682.36  14 2019198215352 150 1683.36 1710.20  15 2019226182529 151 1711.37 1737.41
16 2019253231442 152 1738.66 1763.32  17 2019279210107 161 1764.69 1789.69  18 2019306063752 162 1790.66 1815.03
19 2019331140908 164 1816.09 1841.15  20 2019357164649 165 1842.51 1868.82  21 2020020091053 167 1870.44 1897.78
22 2020049080258 174 1899.90 1926.50  23 2020078014623 177 1930.11 1954.87  24 2020106103520 180 1955.80 1982.28
25 2020133194932 182 1983.64 2009.30  26 2020160202036 188 2010.27 2035.13  27 2020186164531 189 2036.28 2060.64
28 2020212050318 190 2061.85 2087.10  29 2020238165205 193 2088.25 2113.92  30 2020266004630 195 2115.89 2143.20
31 2020294194027 198 2144.51 2169.94  32 2020324010417 200 2174.23 2200.23  33 2020351194500 203 2201.74 2227.57
34 2021014023720 204 2229.10 2254.06  35 2021039152502 205 2254.99 2279.97  36 2021065132309 207 2280.91 2305.97
37 2021091135823 208 2307.30 2332.57  38 2021118034608 209 2333.85 2360.55  39 2021146024351 210 2361.78 2389.72
40 2021175071901 211 2390.66 2418.85  41 2021204101404 212 2419.99 2446.58  42 2021232031932 213 2447.69 2472.14
"""

_FIELDS = _TABLE.split()
SECTORS = {
    int(number): Sector(int(number), stamp, int(configuration), float(start), float(stop))
    for number, stamp, configuration, start, stop in zip(*(_FIELDS[i::5] for i in range(5)), strict=True)
}


def light_curve_name(tic_id: int, sector_number: int, fast: bool = False) -> str:
    """Return the file name of a star's 2-minute (or 20-second) SPOC light curve of a sector."""
    sector = SECTORS[sector_number]
    ending = "a_fast-lc" if fast else "s_lc"
    return f"tess{sector.stamp}-s{sector.number:04d}-{tic_id:016d}-{sector.configuration:04d}-{ending}.fits"


def full_frame_name(tic_id: int, sector_number: int) -> str:
    """Return the file name of a star's TESS-SPOC light curve of a sector, which has SPOC's columns."""
    return f"hlsp_tess-spoc_tess_phot_{tic_id:016d}-s{sector_number:04d}_tess_v1_lc.fits"


def validation_name(tic_id: int, first_sector: int, last_sector: int) -> str:
    """Return the file name of a star's data-validation time series; the pipeline's run number is made up."""
    start = datetime.fromtimestamp(0, UTC) + timedelta(
        days=round(SECTORS[first_sector].start_btjd - BTJD_AT_UNIX_EPOCH, 5)
    )
    run = 100 + first_sector + 2 * last_sector
    return f"tess{start:%Y%j%H%M%S}-s{first_sector:04d}-s{last_sector:04d}-{tic_id:016d}-{run:05d}_dvt.fits"
