"""The register of catalogue fields: every name, unit, UCD, label and limit, once.

`position.py`, `star.py` and `entry.py` hold what the TESS Input Catalog gives for a star, `toi.py` and `signal.py`
what ExoFOP gives for a TOI; this module joins them. Parsers, the list of TOIs, filters, tables, exports, pages, change
records and the scoring frame read them here.

A new field is an entry there, a column of `storage.models` (and of `storage.listing`, if it is listed), a migration,
and its term in the glossary; `tests/test_fields.py` compares them. The register imports nothing: every floor reads it.
"""

from dataclasses import replace

from app_tess.fields import units
from app_tess.fields.entry import ENTRY_FIELDS
from app_tess.fields.field import TEXTS, Field, Kind, Recorded, with_errors
from app_tess.fields.position import POSITION_FIELDS
from app_tess.fields.signal import SIGNAL_FIELDS
from app_tess.fields.star import PARAMETER_FIELDS
from app_tess.fields.toi import IDENTITY_FIELDS, RECORD_FIELDS

__all__ = [
    "ENTRY_FIELDS",
    "EXOFOP_SIDE",
    "LISTED_FIELDS",
    "RECORDED_FIELDS",
    "SCHEMA_VERSION",
    "STAR_COLUMNS",
    "STAR_FIELDS",
    "TEXTS",
    "TOI_COLUMNS",
    "TOI_FIELDS",
    "Field",
    "Kind",
    "Recorded",
    "in_toi_table",
    "units",
]

SCHEMA_VERSION = "1.4"
"""Of the exported tables. Raise it when a column is added (1.2) or changes its meaning (2.0, under /api/v2)."""

STAR_FIELDS = tuple(replace(field, of_star=True) for field in (*POSITION_FIELDS, *PARAMETER_FIELDS))
_BY_NAME = {field.name: field for field in STAR_FIELDS}


def _exofop(
    tic_name: str,
    *spellings: str,
    exoplanet_archive: str = "",
    name: str = "",
    error: str | None = None,
    description: str = "",
) -> Field:
    """Return ExoFOP's side of a star's quantity; it stands in where the TIC has no value."""
    field = _BY_NAME[tic_name]
    return replace(
        field,
        name=name or tic_name,
        description=description or f"{field.description} of the star (ExoFOP)",
        exofop=spellings,
        exoplanet_archive=exoplanet_archive,
        tic="",
        tic_name=tic_name,
        error=field.error if error is None else error,
        parameter=name or tic_name,
        on_page=False,
        in_table=False,
        filterable=False,
        sortable=False,
    )


EXOFOP_STAR_FIELDS = (
    _exofop("tmag", "TESS Mag", exoplanet_archive="st_tmag"),
    _exofop("ra_deg", "RA", "RA (deg)", exoplanet_archive="ra", description="Right ascension, ICRS (ExoFOP)"),
    _exofop("dec_deg", "Dec", "Dec (deg)", exoplanet_archive="dec", description="Declination, ICRS (ExoFOP)"),
    _exofop("pm_ra_masyr", "PM RA (mas/yr)", error=""),
    _exofop("pm_dec_masyr", "PM Dec (mas/yr)", error=""),
    _exofop(
        "distance_pc",
        "Stellar Distance (pc)",
        exoplanet_archive="st_dist",
        name="stellar_distance_pc",
        error="stellar_distance_err_pc",
    ),
    _exofop("teff_k", "Stellar Eff Temp (K)", "Stellar Teff (K)", exoplanet_archive="st_teff"),
    _exofop("logg", "Stellar log(g) (cm/s^2)", "Stellar log(g) (cm/s2)", exoplanet_archive="st_logg"),
    _exofop("stellar_radius_rsun", "Stellar Radius (R_Sun)", exoplanet_archive="st_rad"),
    _exofop("metallicity_dex", "Stellar Metallicity"),
    _exofop("stellar_mass_msun", "Stellar Mass (M_Sun)"),
)
"""ExoFOP's side of the quantities that both catalogues have, in the order of its table."""
EXOFOP_SIDE = {field.tic_name: field for field in EXOFOP_STAR_FIELDS}
"""Our name of the TIC's quantity -> the same quantity in ExoFOP's table."""

TOI_FIELDS = (*IDENTITY_FIELDS, *SIGNAL_FIELDS, *EXOFOP_STAR_FIELDS, *RECORD_FIELDS)
TOI_COLUMNS = with_errors(TOI_FIELDS)
"""The fields of a TOI, each followed by its standard error."""
STAR_COLUMNS = (*with_errors(STAR_FIELDS), *ENTRY_FIELDS)
"""The numbers of a star, each followed by its standard error, then what its entry in the TIC says of itself."""

LISTED_FIELDS = tuple(field for field in (*TOI_FIELDS, *STAR_FIELDS) if field.is_listed)
"""What the list of TOIs holds: what belongs to the TOI, then what belongs to its star."""
RECORDED_FIELDS = tuple(field for field in TOI_FIELDS if field.recorded is not None)


def in_toi_table(name: str) -> str:
    """Return what a table of TOIs calls a star's column: tic_teff_k, because teff_k is ExoFOP's there."""
    return name if name.startswith("tic_") else f"tic_{name}"
