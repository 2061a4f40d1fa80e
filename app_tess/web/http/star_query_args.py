"""request.args -> StarQuery, or 400 naming the field; and back, so that every view of the table has an address of its own."""

import datetime as dt
import math
import re

from app_tess.astro.sky import parse_position, parse_radius_deg
from app_tess.errors import InvalidInput
from app_tess.storage.star_query import DISPOSITION_CHOICES, PAGE_SIZES, QUEUES, RANGES, SORTS, StarQuery

TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid)$")
"""What mail programs and search engines append to a link; it means nothing to us."""
LARGEST_PAGE = 100_000
LARGEST_SECTOR = 1000
LONGEST_TEXT = 120
DEFAULT_RADIUS_DEG = 10 / 60
ARCMIN_PER_DEG = 60.0
OWN = {
    "q",
    "radius",
    "disposition",
    "sector",
    "light_curves",
    "alerted_since",
    "queue",
    "sort",
    "direction",
    "page",
    "page_size",
}
SINGLE = OWN - {"disposition"}


def parse_star_query(args, also_known=()):
    """Read a table's address.

    Parameters
    ----------
    args : werkzeug MultiDict
        An empty value counts as not given: that is what an unused form field sends.
    also_known : iterable of str
        Names that the caller reads itself (`format`, `columns`...).

    Returns
    -------
    StarQuery

    Raises
    ------
    InvalidInput
        The message begins with the field's name.
    """
    limits = {f"{name}_{end}" for name in RANGES for end in ("min", "max")}
    for name in args:
        if name not in OWN and name not in limits and name not in also_known and not TRACKING.match(name):
            raise InvalidInput(f"{name}: there is no such filter.")
        if name in SINGLE | limits and len(set(_given(args, name))) > 1:
            raise InvalidInput(f"{name}: given more than once, with different values.")
    queue = _choice(args, "queue", QUEUES)
    text, cone = _search(args)
    _, queue_sort, queue_descending = QUEUES[queue] if queue else (None, "alerted_on", True)
    sort = _choice(args, "sort", SORTS) or queue_sort
    direction = _choice(args, "direction", ("asc", "desc"))
    descending = direction == "desc" if direction else (queue_descending if sort == queue_sort else False)
    return StarQuery(
        text=text,
        cone=cone,
        dispositions=_dispositions(args),
        ranges=_ranges(args),
        sector=_integer(args, "sector", 1, LARGEST_SECTOR),
        has_light_curves=_yes_no(args, "light_curves"),
        alerted_since=_date(args, "alerted_since"),
        queue=queue,
        sort=sort,
        descending=descending,
        page=_integer(args, "page", 1, LARGEST_PAGE) or 1,
        page_size=_page_size(args),
    )


def star_query_args(query, **changes):
    """The pairs of the address that `parse_star_query` reads as this query; defaults are left out.

    `changes` replace a parameter by its name in the address (None drops it): `star_query_args(query, page=2)`.
    """
    _, sort, descending = QUEUES[query.queue] if query.queue else (None, "alerted_on", True)
    pairs = {"q": query.text or None}
    if query.cone:
        ra_deg, dec_deg, radius_deg = query.cone
        pairs |= {"q": f"{ra_deg:.6f} {dec_deg:+.6f}", "radius": f"{radius_deg * ARCMIN_PER_DEG:.6g}"}
    pairs["disposition"] = list(query.dispositions)
    for name, (low, high) in query.ranges.items():
        pairs |= {f"{name}_min": _text(low), f"{name}_max": _text(high)}
    pairs |= {
        "sector": query.sector,
        "alerted_since": query.alerted_since,
        "queue": query.queue or None,
        "light_curves": None if query.has_light_curves is None else "yes" if query.has_light_curves else "no",
        "sort": None if query.sort == sort else query.sort,
        "direction": None
        if query.descending == (descending if query.sort == sort else False)
        else "desc"
        if query.descending
        else "asc",
        "page": None if query.page == 1 else query.page,
        "page_size": None if query.page_size == 50 else query.page_size,
    }
    pairs |= changes
    return [
        (name, str(value))
        for name, values in pairs.items()
        for value in (values if isinstance(values, (list, tuple)) else [values])
        if value is not None
    ]


def parse_number(args, name, low=-math.inf, high=math.inf):
    """A finite number within [low, high], or None when not given; InvalidInput names the field."""
    text = _one(args, name)
    if text is None:
        return None
    try:
        value = float(text.replace("_", "x"))
    except ValueError:
        raise InvalidInput(f"{name}: '{text}' is not a number.") from None
    if not math.isfinite(value):
        raise InvalidInput(f"{name}: '{text}' is not a finite number.")
    if not low <= value <= high:
        raise InvalidInput(f"{name}: {text} is {_beyond(low, high)}.")
    return value


def _beyond(low, high):
    if math.isinf(high):
        return f"below {low:g}"
    return f"above {high:g}" if math.isinf(low) else f"outside {low:g} to {high:g}"


def _given(args, name):
    return [value.strip() for value in args.getlist(name) if value.strip()]


def _one(args, name):
    return next(iter(_given(args, name)), None)


def _text(value):
    return None if value is None else f"{value:.12g}"


def _choice(args, name, choices):
    value = _one(args, name)
    if value is not None and value not in choices:
        raise InvalidInput(f"{name}: '{value}' is none of {', '.join(choices)}.")
    return value or ""


def _integer(args, name, low, high):
    text = _one(args, name)
    if text is None:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise InvalidInput(f"{name}: '{text}' is not a whole number.")
    if not low <= int(text) <= high:
        raise InvalidInput(f"{name}: {text} is outside {low} to {high}.")
    return int(text)


def _page_size(args):
    size = _integer(args, "page_size", 1, PAGE_SIZES[-1])
    return 50 if size is None else size


def _search(args):
    """(text, cone): coordinates are a cone, anything else is text."""
    text = _one(args, "q") or ""
    radius = _one(args, "radius")
    radius_deg = DEFAULT_RADIUS_DEG if radius is None else parse_radius_deg(radius)
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise InvalidInput(f"q: at most {LONGEST_TEXT} printable characters.")
    position = parse_position(text)
    if position is None:
        return text, None
    return "", (*position, radius_deg)


def _dispositions(args):
    codes = [code.strip() for value in _given(args, "disposition") for code in value.split(",")]
    codes = [code.lower() if code.lower() == "none" else code.upper() for code in codes if code]
    for code in codes:
        if code not in DISPOSITION_CHOICES:
            raise InvalidInput(f"disposition: '{code}' is none of {', '.join(DISPOSITION_CHOICES)}.")
    return tuple(code for code in DISPOSITION_CHOICES if code in codes)


def _ranges(args):
    ranges = {}
    for name, limits in RANGES.items():
        low = parse_number(args, f"{name}_min", limits.low, limits.high)
        high = parse_number(args, f"{name}_max", limits.low, limits.high)
        if low is not None and high is not None and low > high:
            raise InvalidInput(f"{name}_min: {low:g} is above {name}_max, {high:g}: no TOI can be in between.")
        if low is not None or high is not None:
            ranges[name] = (low, high)
    return ranges


def _yes_no(args, name):
    value = _choice(args, name, ("yes", "no"))
    return None if not value else value == "yes"


def _date(args, name):
    text = _one(args, name)
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{name}: '{text}' is not a date such as 2024-05-31.") from None
