"""The rows that MAST's observation catalogue (CAOM) would hold for TESS product files."""

import zlib

from app_tess.archives.sample.sectors import SECTORS, parse_product_name
from app_tess.astro.times import BTJD_OFFSET_D
from app_tess.errors import MissingData

MJD_AT_BTJD_ZERO = BTJD_OFFSET_D - 2400000.5
"""Modified Julian Date of BTJD 0 [d]."""

TYPICAL_SECTOR_D = 26.5
"""Length of a sector whose dates are not listed [d]."""


def observation_row(target_name, data_url, position=(None, None)):
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
    try:
        name = parse_product_name(filename)
    except MissingData:
        name = None  # listed by the archive all the same; what it holds is the reader's affair
    identifier = zlib.crc32(data_url.encode())
    row = {
        "intentType": "science",
        "obs_collection": "TESS",
        "provenance_name": "SPOC",
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
    if name is not None:
        row.update(_dates(name))
    return row


def _dates(name):
    """Dates [MJD d], exposure time [s] and sector of a product."""
    first = SECTORS.get(name.first_sector)
    last = SECTORS.get(name.last_sector)
    start = first.start_btjd if first else name.start_btjd
    stop = last.stop_btjd if last else start + TYPICAL_SECTOR_D
    return {
        "t_min": start + MJD_AT_BTJD_ZERO,
        "t_max": stop + MJD_AT_BTJD_ZERO,
        "t_exptime": 20.0 if name.kind == "fast-lc" else 120.0,
        "sequence_number": name.first_sector,
    }
