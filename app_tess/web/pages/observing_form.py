"""The observing form: a site by name or coordinates, the nights, the minimum altitude, and which candidates."""

import datetime as dt
import math
from dataclasses import dataclass, replace

from flask import request

from app_tess.astro.observing.local_time import describe_zone, find_zone, zone_of
from app_tess.astro.observing.sites import DEFAULT_SITE, Site, find_site
from app_tess.astro.probability_bands import UNCLEAR
from app_tess.errors import InvalidInput
from app_tess.web.http.parameters import (
    LOOK_ARGS,
    read_choice,
    read_date,
    read_number,
    read_text,
    read_watch_list,
    read_whole_number,
    read_yes_no,
    reject_unknown,
)

PLACE_AND_TIME = ("site", "lat", "lon", "elevation", "zone", "nights", "date", "min_altitude")
CONDITIONS = ("max_altitude", "max_airmass", "min_baseline", "min_moon")
TELESCOPE = ("aperture", "filter")
RANGES = ("min_depth", "max_tmag", "min_ra", "max_ra", "min_dec", "max_dec")
CANDIDATES = ("tic", "min_probability", "max_error", "unknown_error", "order", *RANGES)
PICTURE = (*LOOK_ARGS, "transit", "toi")
ORDERS = {
    "priority": "priority",
    "merit": "planet probability",
    "time": "time",
    "tmag": "brightness",
    "depth": "depth",
    "significance": "significance",
}
"""The orders of a list, and what the form calls them."""
DEFAULT_APERTURE_M, DEFAULT_FILTER = 0.3, "R"
LOWEST_PROBABILITY = UNCLEAR.lowest
"""An unlikely planet is not listed unless it is asked for."""
LARGEST_ERROR_MIN = 120.0
"""1-sigma timing error beyond which the transit may miss the predicted window [min]."""
SHARED_MIN = 10
"""For how long visitors get the same list of transits from now on [min]."""
WATCHED_NIGHTS = 14
"""The most nights of a watch list, whose few stars are seldom in transit."""
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
    max_altitude_deg: float
    least_baseline_h: float
    least_moon_deg: float
    aperture_m: float
    band: str
    ranges: tuple
    """RANGES in their order; None where not limited. A right ascension from 350 to 10 crosses 0."""
    tic_ids: tuple
    """A watch list: the TOIs of these stars, instead of all open candidates."""
    link: dict
    """The arguments with which the calendar and the plot show the same list."""

    @property
    def place_and_time(self):
        """What the transits of a target depend on, beside the target."""
        return self.site, self.start, self.nights, self.min_altitude_deg, self.demands

    def local(self, moment):
        """Return a UTC time as local time at the site."""
        return moment.astimezone(zone_of(self.site))

    @property
    def default_altitude_deg(self):
        """The minimum altitude where none is given."""
        from app_tess.astro.observing.visibility import LOWEST_ALTITUDE_DEG

        return LOWEST_ALTITUDE_DEG

    @property
    def zone_text(self):
        """What local time means at the site."""
        return describe_zone(self.site)

    @property
    def demands(self):
        """The further conditions for a transit."""
        from app_tess.astro.observing.conditions import Demands

        return Demands(self.least_baseline_h, self.least_moon_deg, self.max_altitude_deg)

    @property
    def place(self):
        """The arguments of the site and the telescope alone."""
        kept = ("site", "lat", "lon", "elevation", "zone", "min_altitude", "max_airmass", *TELESCOPE)
        return {name: value for name, value in self.link.items() if name in kept}

    @property
    def telescope(self):
        """The telescope whose precision is stated."""
        from app_tess.astro.observing.precision import BANDS, Telescope

        return Telescope(self.aperture_m, BANDS[self.band], self.site.elevation_m)

    def includes(self, row):
        """Whether a candidate is within the ranges; an unknown value is outside a limited one."""
        min_depth, max_tmag, min_ra, max_ra, min_dec, max_dec = self.ranges
        return (
            (min_depth is None or (row.depth_ppm is not None and row.depth_ppm >= min_depth))
            and (max_tmag is None or (row.tmag is not None and row.tmag <= max_tmag))
            and _is_between(row.ra_deg, min_ra, max_ra, around=True)
            and _is_between(row.dec_deg, min_dec, max_dec)
        )


def _is_between(value, low, high, around=False):
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    if around and low > high:
        return value >= low or value <= high
    return low <= value <= high


def read_form(most_nights, default_nights, also_known=()):
    """Read the request's parameters."""
    from app_tess.astro.observing.conditions import MOST_BASELINE_H
    from app_tess.astro.observing.precision import BANDS
    from app_tess.astro.observing.visibility import LOWEST_ALTITUDE_DEG

    known = (*PLACE_AND_TIME, *CONDITIONS, *TELESCOPE, *PICTURE, *also_known)
    args = request.args
    reject_unknown(args, known)
    site, date = _site(args), read_date(args, "date", EARLIEST, LATEST)
    tic_ids = tuple(read_watch_list(args, "tic"))
    if tic_ids:
        most_nights = max(most_nights, WATCHED_NIGHTS)
    return Wanted(
        site=site,
        nights=read_whole_number(args, "nights", 1, most_nights, default_nights),
        date=date,
        start=_start(date, site),
        order=read_choice(args, "order", tuple(ORDERS), "priority"),
        min_altitude_deg=_lowest_altitude(args, LOWEST_ALTITUDE_DEG),
        max_altitude_deg=read_number(args, "max_altitude", 1, 90, 90.0),
        least_baseline_h=read_number(args, "min_baseline", 0, MOST_BASELINE_H, 0.0),
        least_moon_deg=read_number(args, "min_moon", 0, 180, 0.0),
        aperture_m=read_number(args, "aperture", 0.02, 40, DEFAULT_APERTURE_M),
        band=read_choice(args, "filter", tuple(BANDS), DEFAULT_FILTER),
        ranges=_ranges(args),
        min_probability=read_number(args, "min_probability", 0, 1, 0.0 if tic_ids else LOWEST_PROBABILITY),
        max_error_min=read_number(args, "max_error", 0, 100_000, LARGEST_ERROR_MIN),
        unknown_errors=bool(read_yes_no(args, "unknown_error")),
        tic_ids=tic_ids,
        link=_link_args(known, date, tic_ids),
    )


def _lowest_altitude(args, default):
    """Return the higher of the minimum altitude and the altitude of the largest air mass [deg]."""
    from app_tess.astro.observing.airmass import HORIZON_AIRMASS, altitude_of

    lowest = read_number(args, "min_altitude", 0, 89, default)
    airmass = read_number(args, "max_airmass", 1, HORIZON_AIRMASS)
    return lowest if airmass is None else max(lowest, altitude_of(airmass))


def _ranges(args):
    ranges = (
        read_number(args, "min_depth", 0, 1e6),
        read_number(args, "max_tmag", -2, 25),
        read_number(args, "min_ra", 0, 360),
        read_number(args, "max_ra", 0, 360),
        read_number(args, "min_dec", -90, 90),
        read_number(args, "max_dec", -90, 90),
    )
    if None not in ranges[4:] and ranges[4] > ranges[5]:
        raise InvalidInput("above max_dec.", field="min_dec")
    return ranges


def _site(args):
    site, zone = _place(args), read_text(args, "zone")
    return replace(site, zone=find_zone(zone)) if zone else site


def _place(args):
    latitude, longitude = read_number(args, "lat"), read_number(args, "lon")
    elevation, name = read_number(args, "elevation"), read_text(args, "site")
    if latitude is None and longitude is None:
        if elevation is not None and not name:
            raise InvalidInput("needs lat and lon too.", field="elevation")
        return find_site(name or DEFAULT_SITE)
    if latitude is None or longitude is None:
        given, missing = ("lon", "lat") if latitude is None else ("lat", "lon")
        raise InvalidInput(f"needs {missing} too.", field=given)
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


def _link_args(known, date, tic_ids):
    own = {name: request.args[name] for name in known if name not in PICTURE and request.args.get(name, "").strip()}
    return (
        own | ({"date": date.isoformat()} if date else {}) | ({"tic": ",".join(map(str, tic_ids))} if tic_ids else {})
    )
