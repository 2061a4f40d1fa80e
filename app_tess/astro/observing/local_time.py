"""Local time at a site: civil time where its time zone is known, else local mean time, UTC plus longitude / 15 h."""

import datetime as dt
import zoneinfo
from functools import cache

from app_tess.astro.observing.sites import Site
from app_tess.errors import InvalidInput


@cache
def _zones() -> dict[str, str]:
    """Return the names in the IANA database, of the system or of the package tzdata, by their lower case."""
    return {name.lower(): name for name in zoneinfo.available_timezones() - {"Factory", "localtime"}}


def find_zone(name: str) -> str:
    """Return a time zone's name in the IANA database; case does not matter.

    Raises
    ------
    InvalidInput
        There is none of this name.
    """
    zone = _zones().get(name.lower())
    if zone is None:
        raise InvalidInput(
            f"'{name}' is not a time zone of the IANA database such as Europe/Berlin, America/Santiago or UTC.",
            field="zone",
        )
    return zone


def zone_of(site: Site) -> dt.tzinfo:
    """Return the time zone of a site; without a name, local mean time to the minute."""
    if site.zone:
        return zoneinfo.ZoneInfo(site.zone)
    return dt.timezone(dt.timedelta(minutes=round(site.degrees_east * 4)), "LMT")


def describe_zone(site: Site) -> str:
    """Return what local time means at a site, for a sentence."""
    if site.zone:
        return f"civil time, {site.zone}"
    sign, minutes = ("-" if site.degrees_east < 0 else "+"), abs(round(site.degrees_east * 4))
    return f"local mean time by longitude, UTC{sign}{minutes // 60:02}:{minutes % 60:02}; not civil time"
