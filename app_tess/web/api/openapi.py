"""The OpenAPI 3.1 description of /api/v1, made from the columns and filters themselves, so that it cannot lag behind."""

import math

from app_tess.fields import SCHEMA_VERSION
from app_tess.storage.star_query import DISPOSITION_CHOICES, PAGE_SIZES, QUEUES, RANGES, SORTS
from app_tess.web.api.exports.columns import STAR_COLUMNS, TOI_COLUMNS
from app_tess.web.api.tables import FORMATS
from app_tess.web.http.star_query_args import ARCMIN_PER_DEG, LARGEST_PAGE, LARGEST_SECTOR, LONGEST_TEXT

JSON_TYPES = {
    "long": {"type": "integer", "format": "int64"},
    "int": {"type": "integer", "format": "int32"},
    "double": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
}
TOI_PATTERN = r"^(TOI[ _-]?)?[0-9]{1,9}\.[0-9]{1,4}(\.json)?$"
ERROR = {"$ref": "#/components/responses/Error"}


def build_openapi(server_url):
    """The document as a dict.

    Parameters
    ----------
    server_url : str
        Where this API answers.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TESS Planet Finder",
            "version": SCHEMA_VERSION,
            "description": "TESS Objects of Interest and their stars, each with the probability of being a planet. "
            "Units are spelled as astropy reads them; null means that the archive does not say.",
        },
        "servers": [{"url": server_url}],
        "paths": {
            "/api/v1/stars": _table("stars", "Star", "Stars with at least one TOI that passes the filters"),
            "/api/v1/tois": _table("tois", "Toi", "TOIs that pass the filters"),
            "/api/v1/stars/{tic_id}": _single(
                "star",
                "StarDetail",
                "tic_id",
                {"type": "integer", "format": "int64", "minimum": 1},
                "A star with its TOIs and data products",
                231663901,
            ),
            "/api/v1/tois/{toi}": _single(
                "toi",
                "ToiDetail",
                "toi",
                {"type": "string", "pattern": TOI_PATTERN},
                "A TOI with the reasons for its score",
                "101.01",
            ),
            "/api/v1/{table}.csv-metadata.json": _csv_metadata(),
            "/api/v1/cone": _cone(),
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This document",
                    "responses": {
                        "200": {
                            "description": "OpenAPI 3.1",
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        }
                    },
                }
            },
        },
        "components": {
            "schemas": _schemas(),
            "responses": {
                "Error": {
                    "description": "What was wrong, in the one error shape",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
            },
        },
    }


def _table(name, schema, summary):
    answer = {
        "type": "object",
        "required": ["about", "columns", "rows", "count"],
        "properties": {
            "about": {"$ref": "#/components/schemas/About"},
            "columns": {"$ref": "#/components/schemas/Columns"},
            "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}},
            "count": {"type": "integer"},
        },
    }
    content = {"application/json": {"schema": answer}} | {
        media_type.split(";")[0]: {"schema": {"type": "string"}} for media_type, _ in list(FORMATS.values())[1:]
    }
    return {
        "get": {
            "operationId": f"list_{name}",
            "summary": summary,
            "description": f"Also as /api/v1/{name}.json, .csv, .vot and .ecsv; or by the Accept header. All rows, unless page or "
            "page_size is given. Streams.",
            "parameters": filter_parameters(),
            "responses": {
                "200": {
                    "description": "The table",
                    "content": content,
                    "headers": {
                        "ETag": {
                            "description": "Changes with the catalogue and its scores",
                            "schema": {"type": "string"},
                        }
                    },
                },
                "304": {"description": "Not modified since the ETag of If-None-Match"},
                "400": ERROR,
                "406": ERROR,
            },
        }
    }


def filter_parameters():
    """The table's filters, as OpenAPI parameters; an empty value counts as not given."""

    def parameter(name, schema, description, **more):
        return {
            "name": name,
            "in": "query",
            "required": False,
            "allowEmptyValue": True,
            "schema": schema,
            "description": description,
        } | more

    number, text = {"type": "number"}, {"type": "string"}
    limits = [
        parameter(
            f"{name}_{end}",
            number | _bounds(limited),
            f"{'Lowest' if end == 'min' else 'Highest'} {name}, included",
        )
        for name, limited in RANGES.items()
        for end in ("min", "max")
    ]
    return [
        parameter(
            "q",
            text | {"maxLength": LONGEST_TEXT},
            "A TIC id, a TOI, part of a planet's name, or coordinates for a cone",
        ),
        parameter(
            "radius",
            number | {"minimum": 0, "maximum": 180 * ARCMIN_PER_DEG},
            "Radius of that cone, arc minutes (10 if not given)",
        ),
        parameter(
            "disposition",
            {"type": "array", "items": {"type": "string", "enum": list(DISPOSITION_CHOICES)}},
            "TFOPWG dispositions, comma-separated or repeated; none: without one",
            style="form",
            explode=False,
        ),
        *limits,
        parameter(
            "sector", {"type": "integer", "minimum": 1, "maximum": LARGEST_SECTOR}, "Observed in this TESS sector"
        ),
        parameter("light_curves", {"type": "string", "enum": ["yes", "no"]}, "Has light curves at MAST"),
        parameter("alerted_since", {"type": "string", "format": "date"}, "Announced on this day or later"),
        parameter("queue", {"type": "string", "enum": list(QUEUES)}, "A list worth working through"),
        parameter("sort", {"type": "string", "enum": list(SORTS)}, "Sorted by; missing values last"),
        parameter("direction", {"type": "string", "enum": ["asc", "desc"]}, "Rising or falling"),
        parameter("page", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}, "One page instead of all rows"),
        parameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": PAGE_SIZES[-1]},
            "Rows of a page (50 if not given)",
        ),
        parameter("columns", text, "Read and passed over, so that a page's address works here: all columns come"),
        parameter(
            "format", {"type": "string", "enum": list(FORMATS)}, "The format, if not told by suffix or Accept header"
        ),
    ]


def _bounds(limited):
    """Return the limits of a filter that are finite, in JSON Schema's words."""
    return {
        word: limit for word, limit in (("minimum", limited.low), ("maximum", limited.high)) if math.isfinite(limit)
    }


def _single(name, schema, key, key_schema, summary, example):
    return {
        "get": {
            "operationId": f"get_{name}",
            "summary": summary,
            "parameters": [{"name": key, "in": "path", "required": True, "schema": key_schema, "example": example}],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
                },
                "304": {"description": "Not modified since the ETag of If-None-Match"},
                "400": ERROR,
                "404": ERROR,
            },
        }
    }


def _csv_metadata():
    return {
        "get": {
            "operationId": "csv_metadata",
            "summary": "Datatypes, units and meanings of the CSV's columns (W3C's CSV on the Web)",
            "description": "The CSV answer names this address in its Link header.",
            "parameters": [
                {
                    "name": "table",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "enum": ["stars", "tois"]},
                    "description": "Which table",
                }
            ],
            "responses": {
                "200": {
                    "description": "Metadata of the CSV",
                    "content": {"application/csvm+json": {"schema": {"type": "object"}}},
                },
                "404": ERROR,
            },
        }
    }


def _cone():
    def degrees(name, low, high, what):
        return {
            "name": name,
            "in": "query",
            "required": True,
            "schema": {"type": "number", "minimum": low, "maximum": high},
            "description": f"{what}, decimal degrees",
        }

    return {
        "get": {
            "operationId": "cone_search",
            "summary": "IVOA Simple Cone Search 1.03 of the stars, nearest first",
            "description": "Names in any case. Errors come with status 200 as a VOTable INFO named Error, as the standard says.",
            "parameters": [
                degrees("RA", -360, 360, "Right ascension (ICRS)"),
                degrees("DEC", -90, 90, "Declination (ICRS)"),
                degrees("SR", 0, 180, "Radius; 0 asks for the columns alone"),
                {
                    "name": "VERB",
                    "in": "query",
                    "schema": {"type": "integer", "enum": [1, 2, 3]},
                    "description": "How many columns",
                },
                {
                    "name": "MAXREC",
                    "in": "query",
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "At most so many rows",
                },
            ],
            "responses": {
                "200": {
                    "description": "A VOTable",
                    "content": {"application/x-votable+xml": {"schema": {"type": "string"}}},
                }
            },
        }
    }


def _schemas():
    row = {
        "row": None,
        "about": {"$ref": "#/components/schemas/About"},
        "columns": {"$ref": "#/components/schemas/Columns"},
    }
    text_or_null = {"type": ["string", "null"]}
    return {
        "Toi": _row_schema(TOI_COLUMNS),
        "Star": _row_schema(STAR_COLUMNS),
        "ToiDetail": {
            "type": "object",
            "required": ["row"],
            "properties": row
            | {
                "row": {"$ref": "#/components/schemas/Toi"},
                "explanation": {
                    "type": ["object", "null"],
                    "description": "Contributions, missing inputs, nearest settled TOIs",
                },
            },
        },
        "StarDetail": {
            "type": "object",
            "required": ["row", "tois", "products", "same_signals"],
            "properties": row
            | {
                "row": {"$ref": "#/components/schemas/Star"},
                "tois": {"type": "array", "items": {"$ref": "#/components/schemas/Toi"}},
                "products": {"type": "array", "items": {"$ref": "#/components/schemas/Product"}},
                "same_signals": {"type": "array", "items": {"$ref": "#/components/schemas/SameSignal"}},
            },
        },
        "SameSignal": {
            "type": "object",
            "description": "A TOI of a neighbouring star that dips at the same times as `of_toi`",
            "properties": {
                "of_toi": {"type": "string"},
                "toi": {"type": "string"},
                "tic_id": {"type": "integer"},
                "separation_arcsec": {"type": "number", "x-unit": "arcsec"},
                "depth_ppm": {"type": ["number", "null"], "x-unit": "ppm"},
                "tfopwg_disposition": text_or_null,
            },
        },
        "Product": {
            "type": "object",
            "properties": {
                "filename": {"type": "string"},
                "kind": {"type": "string"},
                "sector": {"type": ["integer", "null"]},
                "last_sector": {"type": ["integer", "null"]},
                "data_url": {"type": "string", "description": "MAST's URI"},
            },
        },
        "Columns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "datatype": {"type": "string", "enum": list(JSON_TYPES)},
                    "unit": text_or_null,
                    "ucd": {"type": "string"},
                    "description": {"type": "string"},
                },
            },
        },
        "About": {
            "type": "object",
            "description": "What the answer was made from",
            "properties": {
                "table": {"type": "string"},
                "schema_version": {"type": "string"},
                "url": {"type": "string"},
                "load_id": {"type": ["integer", "null"]},
                "loaded_at": text_or_null,
                "catalogue_date": text_or_null,
                "simulated_light_curves": {"type": ["boolean", "null"]},
                "scoring_run_id": {"type": ["integer", "null"]},
                "model": text_or_null,
                "scored_at": text_or_null,
            },
        },
        "Error": {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["code", "status", "message"],
                    "properties": {
                        "code": {"type": "string"},
                        "status": {"type": "integer"},
                        "message": {"type": "string"},
                    },
                }
            },
        },
    }


def _row_schema(columns):
    return {
        "type": "object",
        "required": [column.name for column in columns],
        "properties": {column.name: _column_schema(column) for column in columns},
    }


def _column_schema(column):
    schema = dict(JSON_TYPES[column.datatype])
    if not column.required:
        schema["type"] = [schema["type"], "null"]
    schema["description"] = column.description
    return schema | ({"x-unit": column.unit} if column.unit else {}) | {"x-ucd": column.ucd}
