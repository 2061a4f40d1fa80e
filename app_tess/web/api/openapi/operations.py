"""The operations of the OpenAPI document: one function for each kind of address."""

from app_tess.fields import TOI_FIELDS
from app_tess.scoring.catalogue_model.hypothetical import INPUTS
from app_tess.web.api.openapi.schemas import reference
from app_tess.web.api.tables import FORMATS, TABLES

ERROR = {"$ref": "#/components/responses/Error"}
NOT_MODIFIED = {"description": "Not modified since the ETag of If-None-Match"}
JSON = "application/json"
LOADING = {
    "description": "The model is being loaded, as after a start of the site: ask again after Retry-After",
    "content": {JSON: {"schema": reference("Error")}},
}


def table(name, schema, summary, parameters):
    """Describe a table: all rows that pass the filters, in every format."""
    answer = {
        "type": "object",
        "required": ["about", "columns", "rows", "count"],
        "properties": {
            "about": reference("About"),
            "columns": reference("Columns"),
            "rows": {"type": "array", "items": reference(schema)},
            "count": {"type": "integer"},
        },
    }
    other_media_types = [media_type.split(";")[0] for media_type, _ in list(FORMATS.values())[1:]]
    content = {JSON: {"schema": answer}} | {name: {"schema": {"type": "string"}} for name in other_media_types}
    etag = {"ETag": {"description": "Changes with the catalogue and its scores", "schema": {"type": "string"}}}
    return {
        "get": {
            "operationId": f"list_{name.replace('-', '_')}",
            "summary": summary,
            "description": f"Also available as /api/v1/{name}.json, .csv, .vot and .ecsv, or by the Accept header. "
            "Returns all rows unless page or page_size is given. The response is streamed.",
            "parameters": parameters,
            "responses": {
                "200": {"description": "The table", "content": content, "headers": etag},
                "304": NOT_MODIFIED,
                "400": ERROR,
                "406": ERROR,
            },
        }
    }


def single(name, schema, key, key_schema, summary, example):
    """Describe one row, found by its key."""
    return {
        "get": {
            "operationId": f"get_{name}",
            "summary": summary,
            "parameters": [{"name": key, "in": "path", "required": True, "schema": key_schema, "example": example}],
            "responses": {
                "200": {"description": summary, "content": {JSON: {"schema": reference(schema)}}},
                "304": NOT_MODIFIED,
                "400": ERROR,
                "404": ERROR,
            },
        }
    }


def csv_metadata():
    """Describe the metadata of the CSV files."""
    which = {
        "name": "table",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(TABLES)},
        "description": "Which table",
    }
    return {
        "get": {
            "operationId": "csv_metadata",
            "summary": "Datatypes, units and meanings of the CSV's columns (W3C's CSV on the Web)",
            "description": "The Link header of the CSV response points to this address.",
            "parameters": [which],
            "responses": {
                "200": {
                    "description": "Metadata of the CSV",
                    "content": {"application/csvm+json": {"schema": {"type": "object"}}},
                },
                "404": ERROR,
            },
        }
    }


def cone():
    """Describe the cone search."""
    votable = {"application/x-votable+xml": {"schema": {"type": "string"}}}
    return {
        "get": {
            "operationId": "cone_search",
            "summary": "IVOA Simple Cone Search 1.03 of the stars, nearest first",
            "description": "Parameter names are case-insensitive. Errors are returned with status 200 as a VOTable "
            "INFO named Error, as the standard requires.",
            "parameters": [
                _degrees("RA", -360, 360, "Right ascension (ICRS)"),
                _degrees("DEC", -90, 90, "Declination (ICRS)"),
                _degrees("SR", 0, 180, "Search radius; 0 returns the columns only"),
                _query("VERB", {"type": "integer", "enum": [1, 2, 3]}, "Verbosity: how many columns"),
                _query("MAXREC", {"type": "integer", "minimum": 0}, "Maximum number of rows"),
            ],
            "responses": {"200": {"description": "A VOTable", "content": votable}},
        }
    }


def match():
    """Describe the comparison of observed transits with catalogued signals."""
    number, text = {"type": "number"}, {"type": "string"}
    meanings = {
        "time_err_d": "Standard error of the times [d]; without it, half of the last digit that is given",
        "period_d": "Period [d]",
        "period_err_d": "Standard error of the period [d]",
        "duration_h": "Duration [h]",
        "depth_ppm": "Depth [ppm]",
    }
    return {
        "get": {
            "operationId": "match",
            "summary": "Catalogued signals of a star and its neighbors that explain observed transits",
            "description": "TOIs, published planets and eclipsing binaries within 3 arcmin, at the catalogued period, "
            "half of it and twice it; and the TIC entries bright enough to cause the depth.",
            "parameters": [
                _query("star", text | {"maxLength": 120}, "TIC id or position") | {"required": True},
                _query("time_btjd", text, "Mid-transit times [BTJD d], comma-separated or repeated; at most 50")
                | {"required": True},
                *(_query(name, number, meaning) for name, meaning in meanings.items()),
            ],
            "responses": {
                "200": {"description": "The comparison", "content": {JSON: {"schema": reference("Match")}}},
                "400": ERROR,
            },
        }
    }


def what_if(toi_schema):
    """Describe the score of a hypothetical TOI."""
    toi = {"name": "toi", "in": "path", "required": True, "schema": toi_schema, "example": "101.01"}
    return {
        "get": {
            "operationId": "what_if",
            "summary": "The planet probability of a TOI with other values than the catalogue's; hypothetical",
            "description": "Listed quantities that follow from the given ones (depth from radius, insolation from the "
            "star, ...) are carried along unless they are given too. Both probabilities are those of the model in use; "
            "`held_out_probability` is the one that the tables list for a TOI of its training data.",
            "parameters": [
                toi,
                *(
                    _query(field.name, {"type": "number"}, f"{field.description} [{field.unit.symbol}]")
                    for field in TOI_FIELDS
                    if field.name in INPUTS
                ),
            ],
            "responses": {
                "200": {"description": "The comparison", "content": {JSON: {"schema": reference("WhatIf")}}},
                "202": LOADING,
                "304": NOT_MODIFIED,
                "400": ERROR,
                "404": ERROR,
            },
        }
    }


def scoreboard():
    """Describe the grading of classifiers."""
    entry = {
        "type": "object",
        "description": "A classifier's dated scores, or its undated ones: `figures` on all graded TOIs, and by "
        "kind; each metric as value, low and high (95 % interval), absent where there are too few TOIs",
        "required": ["name", "undated", "figures", "not_later", "kinds"],
    }
    pair = {
        "type": "object",
        "description": "Two entries on the TOIs that both are graded on; `difference` is AUC of the first minus second",
        "required": ["first", "second", "undated", "n", "base_rate"],
    }
    difference = {"type": "object", "required": ["toi", "tic_id", "scores", "url"]}
    classifier = {"type": "object", "required": ["name", "rows", "matched_tois", "unmatched"]}
    lists = {"entries": entry, "pairs": pair, "differences": difference, "classifiers": classifier}
    schema = {
        "type": "object",
        "properties": {"finding": {"type": "string"}, "dispositions": {"type": "integer"}}
        | {name: {"type": "array", "items": items} for name, items in lists.items()},
        "required": ["finding", "dispositions", *lists],
    }
    return {
        "get": {
            "operationId": "scoreboard",
            "summary": "Every classifier, graded on the dispositions that followed its scores",
            "parameters": [],
            "responses": {"200": {"description": "The scoreboard", "content": {JSON: {"schema": schema}}}},
        }
    }


def openapi():
    """Describe the document itself."""
    return {
        "get": {
            "operationId": "openapi",
            "summary": "This document",
            "responses": {
                "200": {"description": "OpenAPI 3.1", "content": {JSON: {"schema": {"type": "object"}}}},
            },
        }
    }


def _degrees(name, low, high, meaning):
    schema = {"type": "number", "minimum": low, "maximum": high}
    return _query(name, schema, f"{meaning}, decimal degrees") | {"required": True}


def _query(name, schema, description):
    return {"name": name, "in": "query", "schema": schema, "description": description}
