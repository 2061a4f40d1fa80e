"""The observing form: a site by name or coordinates, the nights, the minimum altitude, and which candidates."""

import datetime as dt
from dataclasses import dataclass, replace

from flask import request

from app_tess.astro.observing.sites import DEFAULT_SITE, Site, find_site
from app_tess.errors import InvalidInput
from app_tess.web.http.parameters import (
    read_choice,
    read_date,
    read_number,
    read_text,
    read_whole_number,
    read_yes_no,
    reject_unknown,
)

PLACE_AND_TIME = ("site", "lat", "lon", "elevation", "nights", "date", "min_altitude")
CANDIDATES = ("min_probability", "max_error", "unknown_error", "order")
PICTURE = ("theme", "transit", "toi")
ORDERS = ("merit", "time")
LOWEST_PROBABILITY = 0.3
"""Where the word for a probability changes from unlikely to unclear (see template_filters.py)."""
LARGEST_ERROR_MIN = 120.0
"""1-sigma timing error beyond which the transit may miss the predicted window [min]."""
SHARED_MIN = 10
"""For how long visitors get the same list of transits from now on [min]."""
EARLIEST, LATEST = dt.date(2018, 1, 1), dt.date(2099, 12, 31)


@dataclass(frozen=True)
class Wanted:
    """The validated form. `start` is UTC; with `date` None it is the current time, to ten minutes."""

    site: Site
    nights: int
    date: dt.date | None
    start: dt.datetime
    min_altitude_deg: float
    min_probability: float
    max_error_min: float
    unknown_errors: bool
    """Whether transits without a known timing error are listed as well."""
    order: str
    link: dict
    """The arguments with which the calendar and the plot show the same list."""

    @property
    def place_and_time(self):
        """What the transits of a target depend on, beside the target."""
        return self.site, self.start, self.nights, self.min_altitude_deg


def read_form(most_nights, default_nights, also_known=()):
    """Read the request's parameters."""
    from app_tess.astro.observing.visibility import LOWEST_ALTITUDE_DEG

    known = PLACE_AND_TIME + PICTURE + tuple(also_known)
    args = request.args
    reject_unknown(args, known)
    site, date = _site(args), read_date(args, "date", EARLIEST, LATEST)
    return Wanted(
        site=site,
        nights=read_whole_number(args, "nights", 1, most_nights, default_nights),
        date=date,
        start=_start(date, site),
        order=read_choice(args, "order", ORDERS, ORDERS[0]),
        min_altitude_deg=read_number(args, "min_altitude", 0, 89, LOWEST_ALTITUDE_DEG),
        min_probability=read_number(args, "min_probability", 0, 1, LOWEST_PROBABILITY),
        max_error_min=read_number(args, "max_error", 0, 100_000, LARGEST_ERROR_MIN),
        unknown_errors=bool(read_yes_no(args, "unknown_error")),
        link=_link_args(known, date),
    )


def _site(args):
    latitude, longitude = read_number(args, "lat"), read_number(args, "lon")
    elevation, name = read_number(args, "elevation"), read_text(args, "site")
    if latitude is None and longitude is None:
        if elevation is not None and not name:
            raise InvalidInput("needs lat and lon too.", field="elevation")
        return find_site(name or DEFAULT_SITE)
    if latitude is None or longitude is None:
        raise InvalidInput("missing; give both lat and lon.", field="lat" if latitude is None else "lon")
    place = Site("", latitude, longitude, elevation or 0.0)
    south, west = latitude < 0, place.degrees_east < 0
    name = f"{abs(latitude):.4f}° {'S' if south else 'N'}, {abs(place.degrees_east):.4f}° {'W' if west else 'E'}"
    return replace(place, name=name)


def _start(date, site):
    """Return the current time, to ten minutes so that many visitors share a list, or local noon of a date (UTC)."""
    if date is None:
        now = dt.datetime.now(dt.UTC)
        return now.replace(minute=now.minute - now.minute % SHARED_MIN, second=0, microsecond=0)
    return dt.datetime(date.year, date.month, date.day, 12, tzinfo=dt.UTC) - dt.timedelta(hours=site.degrees_east / 15)


def _link_args(known, date):
    own = {name: request.args[name] for name in known if name not in PICTURE and request.args.get(name, "").strip()}
    return own | ({"date": date.isoformat()} if date else {})
