"""The OpenAPI document: its head, its paths, its components."""

from app_tess.fields import SCHEMA_VERSION
from app_tess.web.api.openapi import filters, operations, schemas
from app_tess.web.api.openapi.light_curve import light_curve_points

TOI_PATTERN = r"^(TOI[ _-]?)?[0-9]{1,9}\.[0-9]{1,4}(\.json)?$"


def build_openapi(server_url):
    """Return the document as a dict.

    Parameters
    ----------
    server_url : str
        Base URL of this API.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TESS Planet Finder",
            "version": SCHEMA_VERSION,
            "description": "TESS Objects of Interest and their host stars, with the planet probability of each TOI. "
            "Units follow astropy's spelling; null means that the archive gives no value.",
        },
        "servers": [{"url": server_url}],
        "paths": _paths(),
        "components": {
            "schemas": schemas.all_schemas(),
            "responses": {
                "Error": {
                    "description": "Every error has this shape",
                    "content": {"application/json": {"schema": schemas.reference("Error")}},
                }
            },
        },
    }


def _paths():
    return {
        "/api/v1/stars": operations.table(
            "stars", "Star", "Stars with at least one TOI that passes the filters", filters.filter_parameters()
        ),
        "/api/v1/tois": operations.table("tois", "Toi", "TOIs that pass the filters", filters.filter_parameters()),
        "/api/v1/looked-up": operations.table(
            "looked-up", "LookedUpStar", "Stars without a TOI that were looked up", filters.paging_parameters()
        ),
        "/api/v1/signals": operations.table(
            "signals", "SignalRow", "Signals detected here, none of which is a TOI", filters.signal_parameters()
        ),
        "/api/v1/stars/{tic_id}": operations.single(
            "star",
            "StarDetail",
            "tic_id",
            {"type": "integer", "format": "int64", "minimum": 1},
            "A star with its TOIs, data products and search for transits",
            231663901,
        ),
        "/api/v1/tois/{toi}": operations.single(
            "toi",
            "ToiDetail",
            "toi",
            {"type": "string", "pattern": TOI_PATTERN},
            "A TOI with the reasons for its score",
            "101.01",
        ),
        "/api/v1/tois/{toi}/what-if": operations.what_if({"type": "string", "pattern": TOI_PATTERN}),
        "/api/v1/stars/{tic_id}/light-curve": light_curve_points(),
        "/api/v1/{table}.csv-metadata.json": operations.csv_metadata(),
        "/api/v1/cone": operations.cone(),
        "/api/v1/match": operations.match(),
        "/api/v1/scoreboard": operations.scoreboard(),
        "/api/v1/openapi.json": operations.openapi(),
    }
