"""Transits as an iCalendar file (RFC 5545): one event a transit, whose UID stays when the file is made again."""
import datetime as dt

LINE_OCTETS = 75
"""Longer lines are folded (sec. 3.1)."""


def write_calendar(transits, site, title, stamp):
    """The file's text, CRLF line ends.

    Parameters
    ----------
    transits : list of astro.observing.VisibleTransit
    site : astro.sites.Site
    title : str
    stamp : datetime, UTC
        When the ephemerides were loaded: the same catalogue gives the same file.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TESS Planet Finder//Next transits//EN", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_escaped(f'{title} transits, {site.name}')}"]
    for transit in transits:
        lines += _event(transit, site, stamp)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event(transit, site, stamp):
    start, end = transit.start or transit.middle, transit.end or transit.middle
    place = f"{site.latitude_deg:.4f}_{site.longitude_deg:.4f}".replace("-", "m")
    error = "unknown" if transit.error_min is None else f"{transit.error_min:.1f} min"
    altitudes = ", ".join(f"{altitude:.0f}" for altitude in transit.altitude_deg)
    about = (f"Mid-transit {transit.middle:%Y-%m-%d %H:%M:%S} UTC, 1-sigma error {error}.\n"
             f"Altitude at start, middle, end: {altitudes} deg. Observable: {transit.observable}; {transit.sky}.\n"
             f"Moon: {100 * transit.moon_illumination:.0f} % lit, {transit.moon_separation_deg:.0f} deg away.")
    if transit.start is None:
        about += "\nThe catalogue has no duration: only the middle is given."
    times = [f"DTSTART:{_utc(start)}", f"DTEND:{_utc(end)}"] if end > start else [f"DTSTART:{_utc(start)}"]
    return ["BEGIN:VEVENT", f"UID:{transit.target.name}-{transit.number}-{place}@tess-planet-finder", f"DTSTAMP:{_utc(stamp)}",
            *times, f"SUMMARY:{_escaped(f'{transit.target.name} transit')}", f"LOCATION:{_escaped(site.name)}",
            f"GEO:{site.latitude_deg:.6f};{_longitude(site):.6f}", f"DESCRIPTION:{_escaped(about)}", "TRANSP:TRANSPARENT", "END:VEVENT"]


def _longitude(site):
    return (site.longitude_deg + 180) % 360 - 180


def _utc(moment):
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text):
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line):
    """Cut after at most 75 octets, never inside a character; what follows begins with a space."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > LINE_OCTETS:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
