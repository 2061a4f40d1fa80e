"""SPOC's data-validation time series (`*_dvt.fits`): one table for each threshold-crossing event (TCE).

References
----------
Twicken et al. 2018, PASP 130, 064502; TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014.
"""

import re

from app_tess.archives.products.fits_table import (
    header_flag,
    header_int,
    header_number,
    open_tess_file,
    read_column,
    read_optional,
)
from app_tess.archives.products.kinds import FileData, ValidationKind
from app_tess.archives.products.time_reference import read_reference, read_times
from app_tess.astro.validation import ValidationEvent
from app_tess.errors import FileFormatError

REQUIRED_COLUMNS = ("TIME", "PHASE", "LC_INIT", "MODEL_INIT")


def read_validation(data: FileData, source: str) -> list[ValidationEvent]:
    """Read every threshold-crossing event of a data-validation time series.

    Parameters
    ----------
    data : bytes or Path
        A `_dvt.fits` file.
    source : str
        The file's name, for messages.

    Returns
    -------
    list of ValidationEvent
        In the file's order. Match one to a TOI with `astro.validation.match_event`, never by its number.

    Raises
    ------
    FileFormatError
        Not FITS, truncated, not from TESS, without an event's table, or with times that cannot be converted to BTJD.
    """
    hdus = open_tess_file(data, source)
    primary = hdus[0].header
    events = []
    for hdu in hdus[1:]:
        if not hdu.name.startswith("TCE_"):
            continue
        missing = [name for name in REQUIRED_COLUMNS if name not in hdu.columns]
        if missing:
            raise FileFormatError(f"{source}, table {hdu.name}: it has no column {', '.join(missing)}.")
        reference = read_reference(hdus, hdu, source)
        epoch = header_number(hdu.header, "TEPOCH")
        events.append(
            ValidationEvent(
                tic_id=header_int(primary, "TICID"),
                name=hdu.name,
                pipeline=DATA_VALIDATION.provenance,
                period_d=header_number(hdu.header, "TPERIOD"),
                epoch_btjd=None if epoch is None else float(reference.to_btjd(epoch)),
                duration_h=header_number(hdu.header, "TDUR"),
                depth_ppm=header_number(hdu.header, "TDEPTH"),
                time_btjd=read_times(hdus, hdu, reference, source),
                phase_d=read_column(hdu.data, "PHASE", source),
                flux=read_column(hdu.data, "LC_INIT", source),
                model=read_column(hdu.data, "MODEL_INIT", source),
                flux_detrended=read_optional(hdu.data, "LC_DETREND", source),
                simulated=header_flag(primary, "SIMULATD"),
                source=source,
            )
        )
    if not events:
        raise FileFormatError(f"{source} is not a data-validation file: it has no table named TCE_1.")
    return events


DATA_VALIDATION = ValidationKind(
    name="dvt",
    label="data validation",
    description="The planet search of the Science Processing Operations Center (SPOC) in one or more sectors: the"
    " detrended light curve of each event, and the transit model fitted to it.",
    collection="TESS",
    provenance="SPOC",
    pattern=re.compile(
        r"tess(?P<stamp>\d{13})-s(?P<sector>\d{4})(?:-s(?P<last_sector>\d{4}))?-(?P<tic_id>\d{16})-\d+_dvt\.fits"
    ),
    read=read_validation,
)
