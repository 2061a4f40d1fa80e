"""The schemas of a search for transits and of the signals detected in it."""

TEXT, NUMBER, INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}


def _or_null(schema):
    return schema | {"type": [schema["type"], "null"]}


def _number(unit, description, nullable=False):
    schema = NUMBER | {"description": description} | ({"x-unit": unit} if unit else {})
    return _or_null(schema) if nullable else schema


_SIGNAL = {
    "number": INTEGER | {"description": "In order of detection"},
    "period_d": _number("d", "Period; null for a single transit", True),
    "period_err_d": _number("d", "Its standard deviation", True),
    "epoch_btjd": _number("d", "A mid-transit time, BJD - 2457000 (TDB)"),
    "epoch_err_d": _number("d", "Its standard deviation"),
    "duration_h": _number("h", "First to fourth contact"),
    "duration_err_h": _number("h", "Its standard deviation"),
    "depth_ppm": _number("ppm", "Depth"),
    "depth_err_ppm": _number("ppm", "Its standard deviation, with red noise"),
    "snr": _number("", "Depth over its error, with red noise"),
    "sde": _number("", "Signal detection efficiency; null for a single transit", True),
    "transits_observed": INTEGER,
    "transits_expected": INTEGER | {"description": "Mid-times between the first and last cadence of each sector"},
    "aliases": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": TEXT | {"enum": ["P/2", "P", "2P"]}, "period_d": NUMBER, "snr": NUMBER},
        },
    },
    "notes": TEXTS,
    "same_as": _or_null(TEXT) | {"description": "The TOI with the same period and transit times"},
    "light_curve_class": _or_null(TEXT) | {"description": "Most probable class by the light-curve network"},
    "light_curve_pc": _number("", "Probability of a planet candidate by the network", True),
    "message": _or_null(TEXT) | {"description": "Why there is no report"},
    "report": {"type": ["object", "null"], "description": "The vetting report, as of a TOI"},
}
SIGNAL = {
    "type": "object",
    "description": "A signal detected here; it is not a TOI",
    "required": list(_SIGNAL),
    "properties": _SIGNAL,
}
_SEARCH = {
    "searched_at": TEXT | {"format": "date-time"},
    "what": TEXT,
    "simulated": {"type": "boolean"},
    "outdated": _or_null(TEXT) | {"description": "Why the search no longer matches the catalogue"},
    "masked_known": {"type": "boolean", "description": "The transits of the star's TOIs were removed before"},
    "signals": {"type": "array", "items": {"$ref": "#/components/schemas/DetectedSignal"}},
    "rejected": TEXTS | {"description": "Peaks above the thresholds that are no signals"},
    "notes": TEXTS,
    "provenance": {"type": "object"},
}
SEARCH = {"type": "object", "required": list(_SEARCH), "properties": _SEARCH}
