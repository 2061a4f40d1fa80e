"""The columns of MAST's replies, with MAST's own type names, and the column configurations that astroquery asks for.

Source: the reply envelopes in astroquery's tests (tic.json, caom.json, columnsconfig.json).
"""

from typing import Any

_TIC_FLOATS_WITH_ERROR = [
    "Bmag",
    "Vmag",
    "umag",
    "gmag",
    "rmag",
    "imag",
    "zmag",
    "Jmag",
    "Hmag",
    "Kmag",
    "w1mag",
    "w2mag",
    "w3mag",
    "w4mag",
    "GAIAmag",
    "Tmag",
    "Teff",
    "logg",
    "MH",
    "rad",
    "mass",
    "rho",
    "lum",
    "d",
    "ebv",
]

TIC_FIELDS = (
    [("ID", "string"), ("version", "string"), ("HIP", "int")]
    + [(name, "string") for name in ["TYC", "UCAC", "TWOMASS", "SDSS", "ALLWISE", "GAIA", "APASS"]]
    + [("KIC", "int"), ("objType", "string"), ("typeSrc", "string"), ("ra", "float"), ("dec", "float")]
    + [("POSflag", "string"), ("pmRA", "float"), ("e_pmRA", "float"), ("pmDEC", "float"), ("e_pmDEC", "float")]
    + [("PMflag", "string"), ("plx", "float"), ("e_plx", "float"), ("PARflag", "string")]
    + [(name, "float") for name in ["gallong", "gallat", "eclong", "eclat", "prox"]]
    + [(prefix + name, "float") for name in _TIC_FLOATS_WITH_ERROR for prefix in ("", "e_")]
    + [(name, "string") for name in ["TWOMflag", "TESSflag", "SPFlag", "lumclass"]]
    + [("numcont", "int"), ("contratio", "float"), ("disposition", "string"), ("duplicate_id", "string")]
    + [("priority", "float"), ("objID", "string")]
)
"""Name and type of each TIC column, in order. ID is text, as MAST sends it."""

CAOM_FIELDS = [
    ("intentType", "string"),
    ("obs_collection", "string"),
    ("provenance_name", "string"),
    ("instrument_name", "string"),
    ("project", "string"),
    ("filters", "string"),
    ("wavelength_region", "string"),
    ("target_name", "string"),
    ("target_classification", "string"),
    ("obs_id", "string"),
    ("s_ra", "float"),
    ("s_dec", "float"),
    ("dataproduct_type", "string"),
    ("proposal_pi", "string"),
    ("calib_level", "int"),
    ("t_min", "float"),
    ("t_max", "float"),
    ("t_exptime", "float"),
    ("em_min", "float"),
    ("em_max", "float"),
    ("obs_title", "string"),
    ("t_obs_release", "float"),
    ("proposal_id", "string"),
    ("proposal_type", "string"),
    ("sequence_number", "int"),
    ("s_region", "string"),
    ("jpegURL", "string"),
    ("dataURL", "string"),
    ("dataRights", "string"),
    ("mtFlag", "boolean"),
    ("srcDen", "float"),
    ("obsid", "string"),
    ("objID", "string"),
]
"""Name and type of each observation column, in order."""

_VOT_TYPES = {"string": "char", "int": "int", "float": "double", "boolean": "boolean"}


def columns_config(config_id: str) -> dict[str, dict[str, str]]:
    """Return the column configuration of a service (a dict by column name), {} for an unknown one, as MAST does."""
    if "caom" in config_id.lower():
        config = {
            name: {"text": name, "vot.datatype": _VOT_TYPES[kind], "vot.name": name} for name, kind in CAOM_FIELDS
        }
        config["obs_collection"]["separator"] = ";"
        return config
    if "tess" in config_id.lower() or ".tic" in config_id.lower():
        return {name: {"text": name} for name, _ in TIC_FIELDS}
    return {}


def tic_histograms() -> dict[str, Any]:
    """Return the reply to Mast.Catalogs.All.Tic, from which astroquery learns which TIC columns are numbers.

    ID is not among the numbers: a list of ids must stay a list, not become a range.
    """
    numeric = {name: {"type": "numeric", "hist": {}} for name, kind in TIC_FIELDS if kind in ("float", "int")}
    properties = {"discreteHistogram": {}, "continuousHistogram": numeric}
    table = {"name": "Table", "ExtendedProperties": properties, "Columns": [], "Fields": [], "Rows": []}
    return {"status": "COMPLETE", "msg": "", "data": {"name": "NewDataSet", "Tables": [table]}}
