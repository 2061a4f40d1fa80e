"""The table's filters as OpenAPI parameters; an empty value counts as not given."""

import math

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.storage.star_query import (
    DISPOSITION_CHOICES,
    PAGE_SIZES,
    QUEUES,
    RANGES,
    SORTS,
    TESS_DISPOSITIONS,
    TIC_DISPOSITIONS,
)
from app_tess.storage.survey_lists import KINDS
from app_tess.web.api.tables import FORMATS
from app_tess.web.http.parameters import LARGEST_ID, LARGEST_PAGE, MOST_STARS
from app_tess.web.http.signal_query_args import CLASSES, LARGEST_PAGE_SIZE
from app_tess.web.http.star_query_args import ARCMIN_PER_DEG, KIND_NAMES, LARGEST_SECTOR, LONGEST_TEXT

NUMBER, TEXT = {"type": "number"}, {"type": "string"}


def filter_parameters():
    """Return the parameters of a table's address."""
    return [*_search(), *_ranges(), *_other_filters(), *_order_and_paging(), *_output()]


def paging_parameters():
    """Return the parameters of a table without filters."""
    return [*_paging(), *_output()]


def signal_parameters():
    """Return the parameters of the table of detected signals."""
    return [
        _codes("light_curve_class", CLASSES, "Most probable class, comma-separated or repeated; none: without one"),
        _parameter("new", _one_of(("yes", "no")), "yes: no TOI; no: a TOI found again"),
        _parameter("kind", _one_of(KINDS), "Periodic signals, or single transits"),
        _parameter("sde_min", NUMBER | {"minimum": 0}, "Minimum signal detection efficiency, inclusive"),
        _parameter("survey", _whole(1, LARGEST_ID), "Only stars of this survey"),
        _parameter("page", _whole(1, LARGEST_PAGE), "One page instead of all rows"),
        _parameter("page_size", _whole(1, LARGEST_PAGE_SIZE), "Rows per page (default: 50)"),
        *_output(),
    ]


def _parameter(name, schema, description, **more):
    return {
        "name": name,
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "schema": schema,
        "description": description,
    } | more


def _one_of(choices):
    return TEXT | {"enum": list(choices)}


def _whole(low, high):
    return {"type": "integer", "minimum": low, "maximum": high}


def _codes(name, choices, description):
    schema = {"type": "array", "items": _one_of(choices)}
    return _parameter(name, schema, description, style="form", explode=False)


def _search():
    yield _parameter(
        "q",
        TEXT | {"maxLength": LONGEST_TEXT},
        "A TIC id, a TOI, a Gaia source, part of a planet's name, or coordinates for a cone search",
    )
    yield _parameter(
        "radius",
        NUMBER | {"minimum": 0, "maximum": 180 * ARCMIN_PER_DEG},
        "Radius of the cone in arcminutes (default: 10)",
    )
    yield _codes(
        "disposition", DISPOSITION_CHOICES, "TFOPWG dispositions, comma-separated or repeated; none: TOIs without one"
    )


def _ranges():
    for name, limits in RANGES.items():
        bounds = {"minimum": limits.low, "maximum": limits.high}
        schema = NUMBER | {word: limit for word, limit in bounds.items() if math.isfinite(limit)}
        yield _parameter(f"{name}_min", schema, f"Minimum {name}, inclusive")
        yield _parameter(f"{name}_max", schema, f"Maximum {name}, inclusive")


def _other_filters():
    yield _codes(
        "light_curve_class",
        LIGHT_CURVE_CLASSES,
        "Most probable class by the light curve, comma-separated or repeated; only vetted TOIs have one",
    )
    yield _codes("product_kind", KIND_NAMES, "Kinds of data products of the star, comma-separated or repeated")
    yield _parameter("sector", _whole(1, LARGEST_SECTOR), "Observed in this TESS sector")
    yield _parameter("light_curves", _one_of(("yes", "no")), "Whether MAST has light curves")
    yield _parameter("alerted_since", TEXT | {"format": "date"}, "Alerted on or after this day")
    yield _parameter("tic_disposition", _one_of(TIC_DISPOSITIONS), "What the TIC says of its entry for the star")
    yield _codes(
        "tess_disposition",
        TESS_DISPOSITIONS,
        "Dispositions by the TESS project's own vetting, comma-separated or repeated",
    )
    watched = {"type": "array", "maxItems": MOST_STARS, "items": _whole(1, LARGEST_ID)}
    yield _parameter("tic", watched, "A watch list: TIC ids, comma-separated or repeated", style="form", explode=False)
    yield _parameter("fold", _one_of(("yes", "no")), "Whether a TOI has been vetted and has a folded light curve")
    yield _parameter(
        "classifier",
        TEXT,
        "Name of the other classifier whose scores are shown, sorted and limited (classifier_score); default: the one "
        "that was loaded first",
    )
    yield _parameter("queue", _one_of(QUEUES), "A predefined list")


def _order_and_paging():
    yield _parameter("sort", _one_of(SORTS), "Sort key; missing values last")
    yield _parameter("direction", _one_of(("asc", "desc")), "Ascending or descending")
    yield from _paging()


def _paging():
    yield _parameter("page", _whole(1, LARGEST_PAGE), "One page instead of all rows")
    yield _parameter("page_size", _whole(1, PAGE_SIZES[-1]), "Rows per page (default: 50)")


def _output():
    yield _parameter(
        "columns", TEXT, "Ignored, so that the address of a table page works here: all columns are returned"
    )
    yield _parameter("format", _one_of(FORMATS), "The format, unless given by the suffix or the Accept header")
