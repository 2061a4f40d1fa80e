"""Transits as an iCalendar file (RFC 5545): one event per transit, with a UID that outlives a new ephemeris."""

import datetime as dt

from app_tess.astro.observing.local_time import describe_zone, zone_of

NO_LOAD = dt.datetime(2018, 7, 25, tzinfo=dt.UTC)
"""The stamp of a calendar of an empty catalogue: the first day of TESS data."""


def write_calendar(transits, site, title, load, star_url, epoch_number, planet_name):
    """Return the bytes of the file.

    Parameters
    ----------
    transits : list of astro.observing.VisibleTransit
    site : astro.sites.Site
    title : str
    load : CatalogueLoad or None
        Whose ephemerides these are: the same catalogue gives the same file.
    star_url : callable
        A transit -> the address of its star's page.
    epoch_number : callable
        A transit -> the number of the transit at the epoch of its ephemeris (see `storage.transit_numbers`). With it
        the UID is the transit's own: a later catalogue with another epoch updates the event.
    planet_name : callable
        A transit -> the name of its planet, or None.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//TESS Planet Finder//Next transits//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("X-WR-CALNAME", f"{title} transits, {site.name}")
    for transit in transits:
        event = _event(transit, site, star_url(transit), epoch_number(transit) + transit.number, planet_name(transit))
        event.add("DTSTAMP", load.loaded_at.astimezone(dt.UTC) if load else NO_LOAD)
        event.add("SEQUENCE", load.id if load else 0)
        calendar.add_component(event)
    return calendar.to_ical(sorted=False)


def _event(transit, site, url, number, planet_name):
    from icalendar import Event

    start, end = transit.start or transit.middle, transit.end or transit.middle
    place = f"{site.latitude_deg:.4f}_{site.degrees_east:.4f}".replace("-", "m")
    event = Event()
    event.add("UID", f"{transit.target.name}-{number}-{place}@tess-planet-finder")
    event.add("DTSTART", start)
    if end > start:
        event.add("DTEND", end)
    event.add("SUMMARY", _summary(transit, planet_name))
    event.add("LOCATION", site.name)
    event.add("GEO", (site.latitude_deg, site.degrees_east))
    event.add("DESCRIPTION", _description(transit, site))
    event.add("URL", url)
    event.add("TRANSP", "TRANSPARENT")
    return event


def _summary(transit, planet_name):
    toi = transit.target.name
    name = f"{planet_name} ({toi})" if planet_name else toi
    notes = ["partial"] * (not transit.is_whole) + ["timing error not available"] * (transit.error_min is None)
    return f"{name} transit" + (f" ({', '.join(notes)})" if notes else "")


def _description(transit, site):
    error = "not available" if transit.error_min is None else f"{transit.error_min:.1f} min"
    altitudes = ", ".join(f"{altitude:.0f}" for altitude in transit.altitude_deg)
    watch = "full" if transit.is_whole else f"partial, {transit.watch_from:%H:%M} to {transit.watch_until:%H:%M} UTC"
    lines = [
        f"Mid-transit {transit.middle:%Y-%m-%d %H:%M:%S} UTC, 1-sigma timing error {error}.",
        f"Local: {transit.middle.astimezone(zone_of(site)):%Y-%m-%d %H:%M} ({describe_zone(site)}).",
        f"Altitude at start, mid-transit, end: {altitudes} deg. Observable: {watch}; {transit.sky}.",
        f"Moon: {100 * transit.moon_illumination:.0f} % lit, {transit.moon_separation_deg:.0f} deg away.",
    ]
    if transit.start is None:
        lines.append("The catalogue has no duration: only mid-transit is given.")
    return "\n".join(lines)
