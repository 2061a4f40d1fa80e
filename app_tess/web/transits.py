"""Next transits: of a star (`/stars/<tic_id>/transits`) and of the best open candidates (`/tonight`), from a chosen site."""
import datetime as dt
import hashlib
import math

from flask import Blueprint, make_response, render_template, request

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import toi_name
from app_tess.astro.observing import LOWEST_ALTITUDE_DEG, Target, find_visible_transits, night_tracks
from app_tess.astro.sites import DEFAULT_SITE, SITES, Site, find_site
from app_tess.errors import BadRequest, EphemerisError, NotFound
from app_tess.plots.altitude import render_altitudes
from app_tess.storage import catalogue, stars
from app_tess.storage.ephemerides import open_candidates
from app_tess.web.calendar import write_calendar
from app_tess.web.query import TRACKING, parse_number

pages = Blueprint("transits", __name__)

KNOWN = {"site", "lat", "lon", "elevation", "nights", "date", "min_altitude", "min_probability", "theme", "transit", "toi"}
DEFAULT_NIGHTS, MOST_NIGHTS, MOST_NIGHTS_TONIGHT = 14, 90, 3
TRANSITS_LOOKED_AT = 120
"""Transits looked at closely for /tonight, those of the most probable candidates first; nearly all of them pass."""
LISTED_TONIGHT = 50
LOWEST_PROBABILITY = 0.3
"""Where the score's word turns from unlikely to unclear (see web/filters.py): below, a night at the telescope is better spent."""
DRAWN_TONIGHT = 6
"""More curves cannot be told apart."""
EARLIEST, LATEST = dt.date(2018, 1, 1), dt.date(2099, 12, 31)


@pages.get("/stars/<int:tic_id>/transits")
def show(tic_id):
    star, wanted = stars.get_star(tic_id), _wanted(MOST_NIGHTS, DEFAULT_NIGHTS)
    targets, sentences = _targets_of(star)
    transits = _find(wanted, targets)
    return render_template("transits/show.html", star=star.star, wanted=wanted, transits=transits, sentences=sentences, sites=SITES,
                           verdicts={toi_name(toi.toi): toi.tfopwg_disposition for toi in star.tois},
                           link=_link_args(wanted), most_nights=MOST_NIGHTS)


@pages.get("/stars/<int:tic_id>/transits.ics")
def calendar(tic_id):
    wanted = _wanted(MOST_NIGHTS, DEFAULT_NIGHTS)
    transits = _find(wanted, _targets_of(stars.get_star(tic_id))[0])
    return _calendar(transits, wanted["site"], f"TIC {tic_id}", f"tic{tic_id}_transits.ics")


@pages.get("/stars/<int:tic_id>/altitude.png")
def altitude(tic_id):
    """The night of one transit (`toi` and `transit`, its number), by default the next that can be watched."""
    wanted = _wanted(MOST_NIGHTS, DEFAULT_NIGHTS)
    transits = _find(wanted, _targets_of(stars.get_star(tic_id))[0])
    toi, number = request.args.get("toi", "").strip(), request.args.get("transit", "").strip()
    chosen = [transit for transit in transits if toi in ("", transit.target.name.removeprefix("TOI-"))
              and number in ("", str(transit.number))]
    return _altitude_png(chosen[:1], wanted)


@pages.get("/tonight")
def tonight():
    wanted = _wanted(MOST_NIGHTS_TONIGHT, 1)
    transits, candidates = _tonight(wanted)
    return render_template("transits/tonight.html", wanted=wanted, transits=transits, candidates=candidates, sites=SITES,
                           link=_link_args(wanted), most_nights=MOST_NIGHTS_TONIGHT, drawn=DRAWN_TONIGHT)


@pages.get("/tonight.ics")
def tonight_calendar():
    wanted = _wanted(MOST_NIGHTS_TONIGHT, 1)
    return _calendar(_tonight(wanted)[0], wanted["site"], "Best open candidates", "tonight.ics")


@pages.get("/tonight.png")
def tonight_altitude():
    wanted = _wanted(MOST_NIGHTS_TONIGHT, 1)
    transits, candidates = _tonight(wanted)
    first_night = [transit for transit in transits if transit.night == transits[0].night]
    best = sorted(first_night, key=lambda transit: -candidates[transit.target.name].planet_probability)[:DRAWN_TONIGHT]
    return _altitude_png(sorted(best, key=lambda transit: transit.middle), wanted)


def _wanted(most_nights, default_nights):
    """The form's fields, checked; BadRequest names the field."""
    for name in request.args:
        if name not in KNOWN and not TRACKING.match(name):
            raise BadRequest(f"{name}: there is no such field.")
    nights = parse_number(request.args, "nights", 1, most_nights)
    if nights is not None and nights != int(nights):
        raise BadRequest(f"nights: {nights:g} is not a whole number.")
    lowest = parse_number(request.args, "min_altitude", 0, 89)
    probability = parse_number(request.args, "min_probability", 0, 1)
    site = _site()
    date = _date()
    return {"site": site, "nights": int(nights or default_nights), "date": date, "start": _start(date, site),
            "min_altitude": LOWEST_ALTITUDE_DEG if lowest is None else lowest,
            "min_probability": LOWEST_PROBABILITY if probability is None else probability}


def _site():
    latitude, longitude = parse_number(request.args, "lat"), parse_number(request.args, "lon")
    elevation, name = parse_number(request.args, "elevation"), request.args.get("site", "").strip()
    if latitude is None and longitude is None:
        if elevation is not None and not name:
            raise BadRequest("elevation: means nothing without lat and lon.")
        return find_site(name or DEFAULT_SITE)
    if latitude is None or longitude is None:
        raise BadRequest(f"{'lat' if latitude is None else 'lon'}: missing; a place needs both lat and lon.")
    return Site(f"{abs(latitude):.4f}° {'S' if latitude < 0 else 'N'}, {abs(longitude):.4f}° {'W' if longitude < 0 else 'E'}",
                latitude, longitude, elevation or 0.0)


def _date():
    text = request.args.get("date", "").strip()
    if not text:
        return None
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"date: '{text}' is not a date such as 2026-08-01.") from None
    if not EARLIEST <= date <= LATEST:
        raise BadRequest(f"date: {text} is outside {EARLIEST} to {LATEST}.")
    return date


def _start(date, site):
    """Now, or the local noon of a date."""
    if date is None:
        return dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    return dt.datetime(date.year, date.month, date.day, 12, tzinfo=dt.UTC) - dt.timedelta(hours=_hours_east(site))


def _hours_east(site):
    return (site.longitude_deg + 180) % 360 / 15 - 12


def _targets_of(star):
    """(Targets of a star's TOIs, sentences about those that have none)."""
    targets, sentences = [], []
    position = star.star.ra_deg, star.star.dec_deg
    for toi in star.tois:
        name = toi_name(toi.toi)
        try:
            ephemeris = _ephemeris(toi)
            if None in position:
                sentences.append(f"{name}: the catalogue has no position for this star.")
            elif ephemeris.is_single_transit:
                sentences.append(f"{name} is a single transit: without a period nobody knows when it will transit again.")
            else:
                targets.append(Target(name, *position, ephemeris))
        except EphemerisError as error:
            sentences.append(f"{name}: {error}")
    return targets, sentences


def _ephemeris(toi):
    return Ephemeris(toi.period_d, toi.epoch_btjd, toi.duration_h, toi.period_err_d, toi.epoch_err_d)


def _find(wanted, targets, limit=None):
    return find_visible_transits(wanted["site"], targets, wanted["start"], wanted["nights"], wanted["min_altitude"], limit)


def _tonight(wanted):
    """(transits by time, name -> candidate) of the most probable open candidates."""
    candidates = {toi_name(row.toi): row for row in open_candidates(wanted["min_probability"])}
    targets = [Target(name, row.ra_deg, row.dec_deg, _ephemeris(row)) for name, row in candidates.items()]
    found = _find(wanted, targets, TRANSITS_LOOKED_AT)
    best = sorted(found, key=lambda transit: (-candidates[transit.target.name].planet_probability, transit.middle))[:LISTED_TONIGHT]
    return sorted(best, key=lambda transit: transit.middle), candidates


def _link_args(wanted):
    """The arguments that lead the calendar and the plot to the same list."""
    own = {name: request.args[name] for name in ("site", "lat", "lon", "elevation", "min_altitude", "min_probability", "nights")
           if request.args.get(name, "").strip()}
    return own | ({"date": wanted["date"].isoformat()} if wanted["date"] else {})


def _altitude_png(transits, wanted):
    theme = request.args.get("theme", "light")
    if theme not in ("light", "dark"):
        raise BadRequest(f"theme: '{theme}' is neither light nor dark.")
    if not transits:
        raise NotFound("No transit that can be watched: there is no night to draw.")
    tracks = night_tracks(wanted["site"], [transit.target for transit in transits], transits[0].middle)
    picture = render_altitudes(tracks, transits, wanted["site"].name, theme)
    response = make_response(picture.png)
    response.content_type = "image/png"
    response.headers["X-Alt-Text"] = picture.alt.encode("latin-1", "replace").decode("latin-1")
    response.set_etag(hashlib.sha256(picture.png).hexdigest()[:32])
    response.headers["Cache-Control"] = "max-age=60" if wanted["date"] is None else "max-age=3600"
    return response.make_conditional(request)


def _calendar(transits, site, title, filename):
    load = catalogue.find_current_load()
    stamp = load.loaded_at if load else dt.datetime(2018, 7, 25, tzinfo=dt.UTC)
    response = make_response(write_calendar(transits, site, title, stamp))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def describe_error(error_min):
    """The 1-sigma timing error in words."""
    if error_min is None or not math.isfinite(error_min):
        return "unknown"
    return f"± {error_min:.1f} min" if error_min < 100 else f"± {error_min / 60:.1f} h"


pages.add_app_template_filter(describe_error, "timing_error")
