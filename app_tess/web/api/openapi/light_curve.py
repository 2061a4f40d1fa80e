"""The operation that serves a light curve's points."""

from app_tess.archives.products import FLUXES, LIGHT_CURVE_KINDS, MASKS
from app_tess.web.api.openapi.operations import ERROR, JSON, NOT_MODIFIED
from app_tess.web.http.curve_view_args import LEAST_POINTS, LONGEST_WITHIN_H, MOST_POINTS, NUMBERS, USUAL_POINTS
from app_tess.web.http.parameters import LARGEST_ID
from app_tess.web.http.star_query_args import LARGEST_SECTOR

TEXT, NUMBER, INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}
NUMBER_OR_NULL = {"type": ["number", "null"]}

MEANINGS = {
    "btjd_min": "First time, inclusive",
    "btjd_max": "Last time, inclusive",
    "period_d": "Another period than the TOI's",
    "epoch_btjd": "Another mid-transit time than the TOI's",
    "duration_h": "Another duration than the TOI's",
}


def light_curve_points():
    """Describe the points of a sector's light curve."""
    fetched = {
        "description": "The file is being fetched from the archive: ask again after Retry-After",
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "properties": {"status": TEXT, "message": TEXT, "retry_after_s": INTEGER},
                    "required": ["status", "message", "retry_after_s"],
                }
            }
        },
    }
    return {
        "get": {
            "operationId": "get_light_curve",
            "summary": "Points of one sector's light curve in a range of time",
            "description": "Every cadence that passes the quality mask if there are at most max_points, else medians "
            "of equal bins, whose width is bin_min. `flux` is relative to the sector's median, as in its picture; "
            "`detrended_flux` is the same without its trend, found as for the folded picture with the transits of the "
            "star's TOIs, and of a given ephemeris, left out of the fit.",
            "parameters": _parameters(),
            "responses": {
                "200": {"description": "The points", "content": {JSON: {"schema": _schema()}}},
                "202": fetched,
                "304": NOT_MODIFIED,
                "400": ERROR,
                "404": ERROR,
                "502": ERROR,
            },
        }
    }


def _parameters():
    path = {
        "name": "tic_id",
        "in": "path",
        "required": True,
        "schema": INTEGER | {"format": "int64", "minimum": 1, "maximum": LARGEST_ID},
        "example": 231663901,
    }
    kinds = [kind.name for kind in LIGHT_CURVE_KINDS]
    numbers = [
        _query(name, NUMBER | {"minimum": low, "maximum": high}, f"{MEANINGS[name]} [{unit}]")
        for name, (low, high, unit) in NUMBERS.items()
    ]
    return [
        path,
        _query("sector", INTEGER | {"minimum": 1, "maximum": LARGEST_SECTOR}, "Which sector") | {"required": True},
        _query("kind", TEXT | {"enum": kinds}, "Which kind of light curve; default: the preferred one of the sector"),
        _query("flux", TEXT | {"enum": list(FLUXES)}, "Which flux, where the kind has it; default: the kind's own"),
        _query("mask", TEXT | {"enum": list(MASKS)}, "Which quality mask"),
        _query("toi", TEXT, "Whose transits `within_h` refers to: 101.01"),
        *numbers,
        _query(
            "within_h",
            NUMBER | {"minimum": 0, "maximum": LONGEST_WITHIN_H},
            "Only points this near to a mid-transit [h], by the TOI's ephemeris or the given one",
        ),
        _query(
            "max_points",
            INTEGER | {"minimum": LEAST_POINTS, "maximum": MOST_POINTS},
            f"Largest number of points (default: {USUAL_POINTS})",
        ),
    ]


def _query(name, schema, description):
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _schema():
    properties = {
        "tic_id": INTEGER,
        "sector": {"type": ["integer", "null"]},
        "kind": TEXT,
        "file": TEXT,
        "title": TEXT,
        "simulated": {"type": "boolean", "description": "Simulated, not measured"},
        "flux_type": TEXT | {"description": "PDCSAP, SAP, ..."},
        "mask": TEXT | {"description": "The quality mask"},
        "detrending": TEXT | {"description": "How the trend was found, or why there is none"},
        "cadence_s": NUMBER | {"x-unit": "s"},
        "bin_min": {"type": ["integer", "null"], "x-unit": "min", "description": "Width of the bins; null: no bins"},
        "cadences": INTEGER | {"description": "How many cadences the points were made from"},
        "start_btjd": NUMBER | {"x-unit": "d", "description": "First usable cadence of the file"},
        "stop_btjd": NUMBER | {"x-unit": "d", "description": "Last usable cadence of the file"},
        "transits": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": NUMBER},
            "description": "Mid-transit times in this range by the catalogue, by TOI",
        },
        "time_btjd": {"type": "array", "items": NUMBER, "x-unit": "d", "description": "Of a bin the mean time"},
        "flux": {"type": "array", "items": NUMBER_OR_NULL},
        "detrended_flux": {"type": "array", "items": NUMBER_OR_NULL},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}
