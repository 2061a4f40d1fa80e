"""The rows that MAST's observation catalogue (CAOM) would hold for TESS product files."""

import zlib
from typing import Any

from app_tess.archives.products import LightCurveKind, ProductName, parse_name
from app_tess.archives.sample.sectors import SECTORS
from app_tess.astro.times import BTJD_OFFSET_D

MJD_AT_BTJD_ZERO = BTJD_OFFSET_D - 2400000.5
"""Modified Julian Date of BTJD 0 [d]."""

TYPICAL_SECTOR_D = 26.5
"""Length of a sector whose dates are not listed [d]."""

RELEASE_DELAY_D = 60.0
"""Time from a sector's end to its release here [d]; at MAST it is one to three months."""


def observation_row(
    target_name: str, data_url: str, position: tuple[float | None, float | None] = (None, None)
) -> dict[str, Any]:
    """Describe one product file as MAST does.

    Parameters
    ----------
    target_name : str
        The bare TIC number.
    data_url : str
        `mast:TESS/product/<file>`.
    position : tuple of float or None
        Right ascension and declination of the star [deg], ICRS.
    """
    filename = data_url.rsplit("/", 1)[-1]
    named = parse_name(filename)  # None for a file of no known kind, which an archive may list as well
    identifier = zlib.crc32(data_url.encode())
    row = {
        "intentType": "science",
        "obs_collection": named.kind.collection if named else "TESS",
        "provenance_name": named.kind.provenance if named else "SPOC",
        "instrument_name": "Photometer",
        "project": "TESS",
        "filters": "TESS",
        "wavelength_region": "Optical",
        "target_name": target_name,
        "obs_id": filename.removesuffix(".fits").removesuffix("_lc").removesuffix("_dvt").removesuffix("-lc"),
        "s_ra": position[0],
        "s_dec": position[1],
        "dataproduct_type": "timeseries",
        "proposal_pi": "Ricker, George",
        "calib_level": 3,
        "em_min": 600.0,
        "em_max": 1000.0,
        "dataURL": data_url,
        "dataRights": "PUBLIC",
        "mtFlag": False,
        "obsid": str(60_000_000 + identifier % 40_000_000),
        "objID": str(100_000_000 + identifier % 900_000_000),
    }
    if named is not None:
        row.update(_dates(named))
    return row


def _dates(named: ProductName) -> dict[str, Any]:
    """Return dates [MJD d], exposure time [s] and sector of a product."""
    first = SECTORS.get(named.sector)
    last = SECTORS.get(named.last_sector)
    start = first.start_btjd if first else named.start_btjd
    stop = last.stop_btjd if last else start + TYPICAL_SECTOR_D if start else None
    return {
        "t_min": start + MJD_AT_BTJD_ZERO if start else None,
        "t_max": stop + MJD_AT_BTJD_ZERO if stop else None,
        "t_obs_release": stop + MJD_AT_BTJD_ZERO + RELEASE_DELAY_D if stop else None,
        "t_exptime": float(named.kind.cadence_s(named.sector)) if isinstance(named.kind, LightCurveKind) else 120.0,
        "sequence_number": named.sector,
    }
