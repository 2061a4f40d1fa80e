"""The schemas of the OpenAPI document; those of the tables' rows follow from the columns."""

from app_tess.web.api.exports.columns import LOOKED_UP_COLUMNS, PLANET_COLUMNS, STAR_COLUMNS, TOI_COLUMNS
from app_tess.web.api.exports.signal_columns import SIGNAL_COLUMNS
from app_tess.web.api.openapi import search_schemas

JSON_TYPES = {
    "long": {"type": "integer", "format": "int64"},
    "int": {"type": "integer", "format": "int32"},
    "double": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
}
TEXT, NUMBER, INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}


def all_schemas():
    """Return every named schema."""
    return {
        "Toi": row_schema(TOI_COLUMNS),
        "Star": row_schema(STAR_COLUMNS),
        "LookedUpStar": row_schema(LOOKED_UP_COLUMNS),
        "SignalRow": row_schema(SIGNAL_COLUMNS),
        "Planet": row_schema(PLANET_COLUMNS),
        "ToiDetail": _toi_detail(),
        "StarDetail": _star_detail(),
        "SameSignal": SAME_SIGNAL,
        "Match": MATCH,
        "WhatIf": WHAT_IF,
        "KnownSignal": KNOWN_SIGNAL,
        "Search": search_schemas.SEARCH,
        "DetectedSignal": search_schemas.SIGNAL,
        "Product": PRODUCT,
        "Columns": COLUMNS,
        "About": ABOUT,
        "Error": ERROR,
    }


def reference(name):
    """Return the reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def row_schema(columns):
    """Return the schema of a row with these columns."""
    return {
        "type": "object",
        "required": [column.name for column in columns],
        "properties": {column.name: _column_schema(column) for column in columns},
    }


def _column_schema(column):
    schema = dict(JSON_TYPES[column.datatype])
    if not column.required:
        schema = _or_null(schema)
    schema["description"] = column.description
    return schema | ({"x-unit": column.unit} if column.unit else {}) | {"x-ucd": column.ucd}


def _or_null(schema):
    return schema | {"type": [schema["type"], "null"]}


def _object(properties, **more):
    return {"type": "object", "properties": properties} | more


def _list_of(name):
    return {"type": "array", "items": reference(name)}


def _toi_detail():
    explanation = {
        "type": ["object", "null"],
        "description": "Contributions, missing inputs, base rates near the values (`rates`: of n dispositioned TOIs "
        "with a value from low to high, how many are planets), most similar TOIs with a final disposition. "
        "`probability` is that of the model in use, `held_out_probability` that of models trained without the star",
    }
    return _object(
        {
            "row": reference("Toi"),
            "about": reference("About"),
            "columns": reference("Columns"),
            "explanation": explanation,
        },
        required=["row"],
    )


def _star_detail():
    lists = {"tois": "Toi", "planets": "Planet", "products": "Product", "same_signals": "SameSignal"}
    return _object(
        {"row": reference("Star"), "about": reference("About"), "columns": reference("Columns")}
        | {name: _list_of(schema) for name, schema in lists.items()}
        | {
            "look_up": LOOK_UP,
            "pipeline_tests": {
                "type": "object",
                "description": "TOI -> SPOC's own tests of the matching event, once the star is vetted",
            },
            "classifier_scores": CLASSIFIER_SCORES,
            "search": {"oneOf": [reference("Search"), {"type": "null"}]},
        },
        required=["row", *lists, "look_up", "pipeline_tests", "classifier_scores", "search"],
    )


CLASSIFIER_SCORES = {
    "type": "array",
    "description": "Scores of the star's TOIs by other classifiers; `scored_on` and `version` are null where not given",
    "items": {
        "type": "object",
        "properties": {
            "toi": {"type": "string"},
            "classifier": {"type": "string"},
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "scored_on": {"type": ["string", "null"], "format": "date"},
            "version": {"type": ["string", "null"]},
        },
        "required": ["toi", "classifier", "score", "scored_on", "version"],
    },
}

LOOK_UP = {
    "type": ["object", "null"],
    "description": "When the star was looked up at MAST, and how many TIC entries lie within 3 arcmin",
    "properties": {
        "looked_up_at": TEXT,
        "neighbour_count": _or_null(INTEGER),
        "notes": {"type": "array", "items": TEXT},
    },
}
SAME_SIGNAL = _object(
    {
        "of_toi": TEXT,
        "toi": TEXT,
        "tic_id": INTEGER,
        "separation_arcsec": NUMBER | {"x-unit": "arcsec"},
        "depth_ppm": _or_null(NUMBER) | {"x-unit": "ppm"},
        "tfopwg_disposition": _or_null(TEXT),
    },
    description="A TOI of a neighboring star whose transits coincide with those of `of_toi`",
)
KNOWN_SIGNAL = _object(
    {
        "kind": TEXT | {"enum": ["TOI", "planet", "eclipsing binary"]},
        "name": TEXT,
        "tic_id": INTEGER,
        "separation_arcsec": NUMBER | {"x-unit": "arcsec"},
        "period_d": _or_null(NUMBER) | {"x-unit": "d"},
        "period_err_d": _or_null(NUMBER) | {"x-unit": "d"},
        "epoch_btjd": _or_null(NUMBER) | {"x-unit": "d"},
        "epoch_err_d": _or_null(NUMBER) | {"x-unit": "d"},
        "duration_h": _or_null(NUMBER) | {"x-unit": "h"},
        "depth_ppm": _or_null(NUMBER) | {"x-unit": "ppm"},
        "note": TEXT,
        "observed_over_catalogued_period": NUMBER,
        "is_firm": {"type": "boolean", "description": "False: see `doubt`"},
        "doubt": _or_null(TEXT) | {"description": "Why the match is only a possible one"},
        "differences": {
            "type": "array",
            "items": _object(
                {
                    "time_btjd": NUMBER,
                    "predicted_btjd": NUMBER,
                    "difference_d": NUMBER,
                    "error_d": _or_null(NUMBER),
                    "sigma": _or_null(NUMBER),
                }
            ),
            "description": "Observed minus predicted times; null: the error is unknown",
        },
    },
    description="A catalogued signal; of one in `period_only` the transit times are unknown",
)
MATCH = _object(
    {
        "star": _object(
            {name: _or_null(NUMBER) for name in ("ra_deg", "dec_deg", "tmag")} | {"tic_id": _or_null(INTEGER)}
        ),
        "observed": {"type": "object", "description": "The parameters as they were read"},
        "compared_count": INTEGER,
        "explanations": _list_of("KnownSignal"),
        "period_only": _list_of("KnownSignal"),
        "bright_neighbours": {
            "type": ["array", "null"],
            "items": _object(
                {
                    "tic_id": INTEGER,
                    "separation_arcsec": NUMBER,
                    "tmag": NUMBER,
                    "flux_share": NUMBER,
                    "eclipse_depth": NUMBER,
                }
            ),
            "description": "TIC entries whose total eclipse would be deep enough; null: unknown, see `remarks`",
        },
        "remarks": {"type": "array", "items": TEXT},
    },
    required=["star", "explanations", "period_only", "bright_neighbours", "remarks"],
)
WHAT_IF = _object(
    {
        "toi": TEXT,
        "tic_id": INTEGER,
        "hypothetical": {"type": "boolean", "const": True},
        "present": _object({"planet_probability": _or_null(NUMBER), "band": _or_null(TEXT)}),
        "what_if": _object({"planet_probability": _or_null(NUMBER), "band": _or_null(TEXT)}),
        "not_scored_reason": _or_null(TEXT),
        "held_out_probability": _or_null(NUMBER),
        "changed": {
            "type": "array",
            "items": _object(
                {
                    "column": TEXT,
                    "present": _or_null(NUMBER),
                    "what_if": NUMBER,
                    "given": {"type": "boolean", "description": "false: it follows from what was given"},
                }
            ),
        },
        "derived": {"type": "array", "items": {"type": "object"}},
        "unusual": {"type": "array", "items": TEXT},
    },
    required=["toi", "tic_id", "hypothetical", "present", "what_if", "changed", "derived"],
)
PRODUCT = _object(
    {
        "filename": TEXT,
        "kind": TEXT,
        "provenance": _or_null(TEXT),
        "sector": _or_null(INTEGER),
        "last_sector": _or_null(INTEGER),
        "cadence_s": _or_null(NUMBER) | {"x-unit": "s"},
        "size_bytes": _or_null(INTEGER),
        "released_on": _or_null(TEXT | {"format": "date"}),
        "start_btjd": _or_null(NUMBER) | {"x-unit": "d"},
        "stop_btjd": _or_null(NUMBER) | {"x-unit": "d"},
        "data_url": TEXT | {"description": "MAST's URI"},
        "used": {"type": "boolean", "description": "This site's pages use it, by default or for the given `kind`"},
        "reports": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "Data-validation reports: address by label",
        },
    }
)
COLUMNS = {
    "type": "array",
    "items": _object(
        {
            "name": TEXT,
            "datatype": TEXT | {"enum": list(JSON_TYPES)},
            "unit": _or_null(TEXT),
            "ucd": TEXT,
            "description": TEXT,
        }
    ),
}
ABOUT = _object(
    {
        "table": TEXT,
        "schema_version": TEXT,
        "url": TEXT,
        "load_id": _or_null(INTEGER),
        "loaded_at": _or_null(TEXT),
        "catalogue_date": _or_null(TEXT),
        "simulated_light_curves": _or_null({"type": "boolean"}),
        "scoring_run_id": _or_null(INTEGER),
        "model": _or_null(TEXT),
        "scored_at": _or_null(TEXT),
    },
    description="Provenance of the response",
)
ERROR = _object(
    {
        "error": _object(
            {"code": TEXT, "status": INTEGER, "message": TEXT, "what_to_do": TEXT, "request_id": TEXT},
            required=["code", "status", "message"],
        )
    },
    required=["error"],
)
