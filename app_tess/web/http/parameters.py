"""URL parameters: one reader for each kind. An empty value, as an unused form field sends it, counts as not given.

Every reader raises InvalidInput, whose `field` is the parameter's name.
"""

import datetime as dt
import math
import re

from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter

from app_tess.archives.products import require_choice
from app_tess.errors import InvalidInput
from app_tess.plots.themes import LAYOUTS, THEMES, look_of

TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid)$")
"""Parameters that mail programs and search engines append to links; they are ignored."""
LARGEST_PAGE = 100_000
LARGEST_ID = 2**63 - 1
"""What a BigInteger column holds."""
MOST_STARS = 300
"""Of a watch list in an address, which then has 5,000 characters."""


class StoredNumber(IntegerConverter):
    """A number in an address, `<int:tic_id>`: one that no column holds leads to no page."""

    regex = r"[0-9]{1,19}"

    def __init__(self, url_map):
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app):
    """Let every `<int:...>` in an address be a StoredNumber; before the routes are registered."""
    app.url_map.converters["int"] = StoredNumber


def reject_unknown(args, known):
    """Raise for a parameter that is none of the known ones."""
    for name in args:
        if name not in known and not TRACKING.match(name):
            raise InvalidInput("unknown parameter.", field=name)


def reject_contradictions(args, names):
    """Raise for a parameter that is given more than once with different values."""
    for name in args:
        if name in names and len(set(read_texts(args, name))) > 1:
            raise InvalidInput("given more than once, with different values.", field=name)


def read_texts(args, name):
    """Return all values of a parameter, stripped, without the empty ones."""
    return [value.strip() for value in args.getlist(name) if value.strip()]


def read_text(args, name, default=None):
    """Return the first value of a parameter."""
    return next(iter(read_texts(args, name)), default)


def read_choice(args, name, choices, default=""):
    """Return a value that must be one of the choices."""
    value = read_text(args, name)
    if value is None:
        return default
    if value not in choices:
        raise InvalidInput(f"'{value}' is not one of {', '.join(choices)}.", field=name)
    return value


def read_yes_no(args, name):
    """Return True for yes, False for no, None when not given."""
    return {"yes": True, "no": False}.get(read_choice(args, name, ("yes", "no")))


LOOK_ARGS = ("theme", "layout")
"""The parameters that `read_look` reads."""


def read_look(args):
    """Return the name of the look of a plot, by its color scheme and layout: `light` and `wide` by default."""
    theme = read_choice(args, "theme", tuple(THEMES), "light")
    return look_of(theme, read_choice(args, "layout", tuple(LAYOUTS), "wide"))


def read_mask_and_flux(args):
    """Return the quality mask and the flux as keyword arguments; without a flux it is the default of each product."""
    mask, flux = read_text(args, "mask", "default"), read_text(args, "flux")
    require_choice(mask, flux)
    return {"mask": mask, "flux": flux}


def read_kind_and_flux(args):
    """Return the only kind of light curve to use and the flux, or None for the default, as keyword arguments."""
    kind, flux = read_text(args, "kind"), read_text(args, "flux")
    require_choice("default", flux, kind)
    return {"kind": kind, "flux": flux}


def read_data_choice(args):
    """Return quality mask, flux and kind of light curve as keyword arguments; see `read_mask_and_flux`."""
    return read_mask_and_flux(args) | read_kind_and_flux(args)


def read_measured_times(args):
    """Return whether a fold uses the transit times measured by vetting (`times=measured`), not the catalogue's."""
    return read_choice(args, "times", ("catalogue", "measured"), "catalogue") == "measured"


def read_number(args, name, low=-math.inf, high=math.inf, default=None, unit=""):
    """Return a finite number within [low, high]; `unit` completes the error message."""
    text = read_text(args, name)
    if text is None:
        return default
    try:
        value = float(text.replace("_", "x"))  # float() accepts 1_000
    except ValueError:
        raise InvalidInput(f"'{text}' is not a number.", field=name) from None
    if not math.isfinite(value):
        raise InvalidInput(f"'{text}' is not a finite number.", field=name)
    if not low <= value <= high:
        raise InvalidInput(f"{text} is {_beyond(low, high)}{' ' if unit else ''}{unit}.", field=name)
    return value


def _beyond(low, high):
    if math.isinf(high):
        return f"below {low:g}"
    return f"above {high:g}" if math.isinf(low) else f"outside {low:g} to {high:g}"


def read_whole_number(args, name, low, high, default=None):
    """Return an integer within [low, high]."""
    text = read_text(args, name)
    if text is None:
        return default
    if not re.fullmatch(r"[+-]?[0-9]{1,20}", text):
        raise InvalidInput(f"'{text}' is not a whole number.", field=name)
    if not low <= int(text) <= high:
        raise InvalidInput(f"{text} is outside {low} to {high}.", field=name)
    return int(text)


def read_whole_numbers(args, name, low, high, most):
    """Return all integers of a parameter that may be repeated, or hold several separated by commas; at most `most`."""
    texts = [part for value in args.getlist(name) for part in value.split(",") if part.strip()]
    if len(texts) > most:
        raise InvalidInput(f"{len(texts)} values; at most {most} are possible.", field=name)
    return list(dict.fromkeys(read_whole_number(MultiDict({name: text}), name, low, high) for text in texts))


def read_watch_list(args, *names):
    """Return the TIC ids of a watch list, which may have several names."""
    found = [read_whole_numbers(args, name, 1, LARGEST_ID, MOST_STARS) for name in names]
    tic_ids = list(dict.fromkeys(tic_id for some in found for tic_id in some))
    if len(tic_ids) > MOST_STARS:
        raise InvalidInput(f"{len(tic_ids)} stars; at most {MOST_STARS} are possible.", field=names[-1])
    return tic_ids


def read_page(args):
    """Return the page number, counted from 1."""
    return read_whole_number(args, "page", 1, LARGEST_PAGE, 1)


def read_date(args, name, earliest=dt.date.min, latest=dt.date.max):
    """Return a date within [earliest, latest], or None when not given."""
    text = read_text(args, name)
    if text is None:
        return None
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"'{text}' is not a date such as 2024-05-31.", field=name) from None
    if not earliest <= date <= latest:
        raise InvalidInput(f"{text} is outside {earliest} to {latest}.", field=name)
    return date
