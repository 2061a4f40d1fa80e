"""The table's URL parameters <-> StarQuery, so that every view of the table has a URL."""

from app_tess.archives.products import KINDS
from app_tess.astro import identifiers
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.positions import parse_position, parse_radius_deg, plain_text
from app_tess.errors import InvalidInput, MissingData
from app_tess.storage import classifiers
from app_tess.storage.star_query import (
    DISPOSITION_CHOICES,
    PAGE_SIZES,
    QUEUES,
    RANGES,
    SORTS,
    TESS_DISPOSITIONS,
    TIC_DISPOSITIONS,
    StarQuery,
)
from app_tess.web.http.parameters import (
    read_choice,
    read_date,
    read_number,
    read_page,
    read_text,
    read_texts,
    read_watch_list,
    read_whole_number,
    read_yes_no,
    reject_contradictions,
    reject_unknown,
)

LARGEST_SECTOR = 1000
DEFAULT_PAGE_SIZE = 50
LONGEST_TEXT = 120
LONGEST_LIST = 1000
"""Characters of a search, and of one for several TIC ids."""
DEFAULT_RADIUS_DEG = 10 / 60
ARCMIN_PER_DEG = 60.0
OWN = {
    "q",
    "radius",
    "disposition",
    "light_curve_class",
    "product_kind",
    "sector",
    "light_curves",
    "alerted_since",
    "tic_disposition",
    "tess_disposition",
    "tic",
    "fold",
    "classifier",
    "queue",
    "sort",
    "direction",
    "page",
    "page_size",
}
SINGLE = OWN - {"disposition", "light_curve_class", "product_kind", "tess_disposition", "tic"}
KIND_NAMES = tuple(kind.name for kind in KINDS)


def parse_star_query(args, also_known=()):
    """Read a table's address.

    Parameters
    ----------
    args : werkzeug MultiDict
        An empty value counts as not given, which is what an unused form field sends.
    also_known : iterable of str
        Names that the caller reads itself (`format`, `columns`...).

    Returns
    -------
    StarQuery

    Raises
    ------
    InvalidInput
        `field` is the parameter's name.
    """
    limits = {f"{name}_{end}" for name in RANGES for end in ("min", "max")}
    reject_unknown(args, OWN | limits | set(also_known))
    reject_contradictions(args, SINGLE | limits)
    queue = read_choice(args, "queue", QUEUES)
    text, cone = _search(args)
    _, queue_sort, queue_descending = QUEUES[queue] if queue else (None, "alerted_on", True)
    sort = read_choice(args, "sort", SORTS) or queue_sort
    direction = read_choice(args, "direction", ("asc", "desc"))
    descending = direction == "desc" if direction else (queue_descending if sort == queue_sort else False)
    return StarQuery(
        text=text,
        cone=cone,
        dispositions=_codes(args, "disposition", DISPOSITION_CHOICES),
        light_curve_classes=_codes(args, "light_curve_class", LIGHT_CURVE_CLASSES),
        kinds=_codes(args, "product_kind", KIND_NAMES),
        ranges=_ranges(args),
        sector=read_whole_number(args, "sector", 1, LARGEST_SECTOR),
        has_light_curves=read_yes_no(args, "light_curves"),
        alerted_since=read_date(args, "alerted_since"),
        tic_disposition=read_choice(args, "tic_disposition", TIC_DISPOSITIONS),
        tess_dispositions=_codes(args, "tess_disposition", TESS_DISPOSITIONS),
        tic_ids=tuple(read_watch_list(args, "tic")),
        has_fold=read_yes_no(args, "fold"),
        classifier=_classifier(args),
        queue=queue,
        sort=sort,
        descending=descending,
        page=read_page(args),
        page_size=read_whole_number(args, "page_size", 1, PAGE_SIZES[-1], DEFAULT_PAGE_SIZE),
    )


def star_query_args(query, **changes):
    """Return the (name, value) pairs that `parse_star_query` reads as this query, without the defaults.

    `changes` replace a parameter (None drops it): `star_query_args(query, page=2)`.
    """
    return written_pairs(query_values(query) | changes)


def query_values(query):
    """Return parameter -> its value or values in the address of a query, None for a default."""
    _, sort, descending = QUEUES[query.queue] if query.queue else (None, "alerted_on", True)
    pairs = {"q": query.text or None}
    if query.cone:
        ra_deg, dec_deg, radius_deg = query.cone
        pairs |= {"q": f"{ra_deg:.6f} {dec_deg:+.6f}", "radius": f"{radius_deg * ARCMIN_PER_DEG:.6g}"}
    pairs["disposition"] = list(query.dispositions)
    pairs["light_curve_class"] = list(query.light_curve_classes)
    pairs["product_kind"] = list(query.kinds)
    for name, (low, high) in query.ranges.items():
        pairs |= {f"{name}_min": _text(low), f"{name}_max": _text(high)}
    return pairs | {
        "sector": query.sector,
        "alerted_since": query.alerted_since,
        "tic_disposition": query.tic_disposition or None,
        "tess_disposition": list(query.tess_dispositions),
        "tic": ",".join(map(str, query.tic_ids)) or None,
        "fold": None if query.has_fold is None else "yes" if query.has_fold else "no",
        "classifier": query.classifier or None,
        "queue": query.queue or None,
        "light_curves": None if query.has_light_curves is None else "yes" if query.has_light_curves else "no",
        "sort": None if query.sort == sort else query.sort,
        "direction": None
        if query.descending == (descending if query.sort == sort else False)
        else "desc"
        if query.descending
        else "asc",
        "page": None if query.page == 1 else query.page,
        "page_size": None if query.page_size == DEFAULT_PAGE_SIZE else query.page_size,
    }


def written_pairs(values):
    """Return the (name, text) pairs of an address's parameters."""
    return [
        (name, str(value))
        for name, several in values.items()
        for value in (several if isinstance(several, (list, tuple)) else [several])
        if value is not None
    ]


def _text(value):
    return None if value is None else f"{value:.12g}"


def _search(args):
    """Return (text, cone): coordinates make a cone search, anything else a text search."""
    text = plain_text(read_text(args, "q", ""))
    radius = read_text(args, "radius")
    radius_deg = DEFAULT_RADIUS_DEG if radius is None else parse_radius_deg(radius)
    if identifiers.parse_tic_ids(text) and len(text) <= LONGEST_LIST:
        return text, None
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise InvalidInput(f"at most {LONGEST_TEXT} printable characters.", field="q")
    position = parse_position(text)
    if position is None:
        _require_searchable(text)
        return text, None
    if radius is None and identifiers.find_twomass(text):
        return text, None  # the star with this designation, or those near its position
    return "", (*position, radius_deg)


def _require_searchable(text):
    """InvalidInput for a text that can only be meant as an identifier or a position and is neither."""
    is_identifier = text[:3].upper() in ("TIC", "TOI") and not text[3:4].isalpha()
    is_identifier = is_identifier and not identifiers.is_planet_name(text)
    is_other = not text or (any(char.isalpha() for char in text) and not is_identifier)
    if not is_other and not identifiers.identify(text):
        raise InvalidInput(f"'{text}' was not understood. {ACCEPTED_FORMS}", field="q")


ACCEPTED_FORMS = (
    "Enter a TIC id (TIC 231663901), a TOI (TOI-101 or 101.01), a name (WASP-46 b), or a position: degrees "
    "(318.737 -55.872), hours and degrees (21:14:56.9 -55:52:18), Galactic (l=340.698 b=-42.074), or a 2MASS or Gaia "
    "name (2MASS J21145688-5552187, Gaia DR2 5707485527450614656)."
)
"""What the search box reads, with examples."""


def _codes(args, name, choices):
    """Return the chosen codes in the order of the choices; they are repeated or comma-separated, in either case."""
    by_upper = {choice.upper(): choice for choice in choices}
    given = [code.strip() for value in read_texts(args, name) for code in value.split(",")]
    codes = [by_upper.get(code.upper(), code.upper()) for code in given if code]
    for code in codes:
        if code not in choices:
            raise InvalidInput(f"'{code}' is not one of {', '.join(choices)}.", field=name)
    return tuple(code for code in choices if code in codes)


def _classifier(args):
    """Return the name of the classifier whose scores are meant, as it was loaded; empty where none is named."""
    name = read_text(args, "classifier", "")
    try:
        return classifiers.get_classifier(name).name if name else ""
    except MissingData as error:
        raise InvalidInput(str(error), field="classifier") from error


def _ranges(args):
    ranges = {}
    for name, limits in RANGES.items():
        low = read_number(args, f"{name}_min", limits.low, limits.high)
        high = read_number(args, f"{name}_max", limits.low, limits.high)
        if low is not None and high is not None and low > high:
            raise InvalidInput(f"{low:g} is greater than {name}_max, {high:g}.", field=f"{name}_min")
        if low is not None or high is not None:
            ranges[name] = (low, high)
    return ranges
