"""Observing sheets of chosen transits: a page to print, a calendar, a CSV, and finding charts."""

import csv
import dataclasses
import datetime as dt
import io
import re

from flask import Blueprint, make_response, render_template, request

from app_tess.astro.identifiers import toi_name
from app_tess.errors import EphemerisError, InvalidInput, MissingData
from app_tess.storage import stars
from app_tess.storage.cone import stars_around
from app_tess.storage.ephemerides import find_tois
from app_tess.tasks.star_signals import ephemeris_of
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import LOOK_ARGS, read_look, read_texts, reject_unknown
from app_tess.web.http.responses import picture_response
from app_tess.web.pages.observing_form import CANDIDATES, read_form
from app_tess.web.pages.tonight import find_listed
from app_tess.web.pages.transits import calendar_response, visible

pages = Blueprint("observing_sheet", __name__)

MOST_PICKS = 20
PICK = re.compile(r"([0-9]{1,6}\.[0-9]{1,3})@([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})")
"""A TOI and the UTC minute of mid-transit, which outlives a new epoch: 101.01@2026-11-26T03:21."""
COLUMNS = (
    *("name", "ra", "dec", "ra_deg", "dec_deg"),
    *("observe_from_utc", "start_utc", "mid_transit_utc", "end_utc", "observe_until_utc", "mid_transit_local"),
    "timing_error_min",
    *("tmag", "filter", "depth_ppm", "precision_ppm_5min", "significance", "planet_name"),
)
"""Of the CSV; see `_line`."""
FIELD_DEG = 10 / 60
"""Half the width of a finding chart [deg]."""


@pages.get("/observing-sheet")
@kept()
def show():
    wanted, rows, missing = _read()
    return render_template(
        "transits/sheet.html",
        wanted=wanted,
        rows=rows,
        missing=missing,
        companions={row.facts.tic_id: stars_around(row.facts, FIELD_DEG) for row in rows},
        picks=[pick_of(row) for row in rows],
    )


@pages.get("/observing-sheet.ics")
@kept()
def calendar():
    wanted, rows, _ = _read()
    facts = {row.transit.target.name: row.facts for row in rows}
    return calendar_response(
        [row.transit for row in rows],
        wanted.site,
        "Observing sheet",
        "observing-sheet.ics",
        lambda transit: facts[transit.target.name],
    )


@pages.get("/observing-sheet.csv")
@kept()
def table():
    """Return one line per transit, with sexagesimal and decimal coordinates, for scheduling programs."""
    wanted, rows, _ = _read()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_line(row, wanted) for row in rows)
    response = make_response(text.getvalue())
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="observing-sheet.csv"'
    return response


@pages.get("/stars/<int:tic_id>/finding-chart.png")
@kept()
def finding_chart(tic_id):
    """Draw the catalogue's stars around a star, 20 arcmin wide."""
    from app_tess.plots.finding_chart import render_finding_chart

    reject_unknown(request.args, LOOK_ARGS)
    star, theme = stars.get_star(tic_id).star, read_look(request.args)
    if star.ra_deg is None or star.dec_deg is None:
        raise MissingData(f"TIC {tic_id} has no position in the catalogue.")
    return picture_response(
        render_finding_chart(star, stars_around(star, FIELD_DEG), 60 * FIELD_DEG, theme), max_age_s=3600
    )


def _read():
    """Return the form, the ListedTransits of the picks in order of time, and a sentence for each that is not there.

    Of a watch list they are the transits of highest priority in the next nights.
    """
    wanted = read_form(90, 1, ("pick", *CANDIDATES))
    picks = [_read_pick(text) for text in read_texts(request.args, "pick")]
    if len(picks) > MOST_PICKS:
        raise InvalidInput(f"{len(picks)} transits; at most {MOST_PICKS} are possible.", field="pick")
    facts = {row.toi: row for row in find_tois([toi for toi, _ in picks])}
    found = [(toi, moment, _find(wanted, facts.get(toi), moment)) for toi, moment in dict.fromkeys(picks)]
    missing = [
        f"{toi_name(toi)}: no transit near {moment:%Y-%m-%d %H:%M} UTC is observable from {wanted.site.name}."
        for toi, moment, row in found
        if row is None
    ]
    rows = [row for *_, row in found if row]
    if wanted.tic_ids and not picks:
        rows, missing = _watched(wanted)
    return wanted, sorted(rows, key=lambda row: row.transit.middle), missing


def _watched(wanted):
    """Return the same of a watch list."""
    rows = find_listed(dataclasses.replace(wanted, order="priority")).transits
    nights = f"{wanted.nights} night{'s' if wanted.nights > 1 else ''} from {wanted.start:%Y-%m-%d %H:%M} UTC"
    listed = {row.facts.tic_id for row in rows[:MOST_PICKS]}
    missing = [
        f"TIC {tic_id}: no transit among those listed here, from {wanted.site.name}, in {nights}."
        for tic_id in wanted.tic_ids
        if tic_id not in listed
    ]
    if len(rows) > MOST_PICKS:
        missing.append(f"Only the {MOST_PICKS} transits of highest priority are listed.")
    return rows[:MOST_PICKS], missing


def pick_of(row):
    """Return the text that stands for a ListedTransit in an address."""
    return f"{row.facts.toi}@{row.transit.middle:%Y-%m-%dT%H:%M}"


def _read_pick(text):
    match = PICK.fullmatch(text)
    try:
        toi, moment = match.groups() if match else ("", "")
        return toi, dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    except ValueError:
        raise InvalidInput(f"'{text}' is not a TOI and a time such as 101.01@2026-11-26T03:21.", field="pick") from None


def _find(wanted, row, moment):
    """Return the ListedTransit of a TOI's row nearest to a time in the same night, or None."""
    from app_tess.astro.observing.night_sky import noon_after
    from app_tess.astro.observing.visibility import Target
    from app_tess.web.pages.listed_transits import list_transit

    if row is None or not dt.datetime(2018, 1, 2, tzinfo=dt.UTC) < moment < dt.datetime(2100, 1, 1, tzinfo=dt.UTC):
        return None
    try:
        target = Target(toi_name(row.toi), row.ra_deg, row.dec_deg, ephemeris_of(row))
    except EphemerisError:
        return None
    start = noon_after(moment, wanted.site) - dt.timedelta(days=1)
    transits = visible(dataclasses.replace(wanted, start=start, nights=1), [target])
    nearest = min(transits, key=lambda transit: abs(transit.middle - moment), default=None)
    return nearest and list_transit(nearest, row, row.planet_probability, wanted.telescope)


def _line(row, wanted):
    transit, facts = row.transit, row.facts
    before, after = (dt.timedelta(hours=hours) for hours in transit.baseline_h)
    times = transit.watch_from - before, transit.start, transit.middle, transit.end, transit.watch_until + after
    return [
        transit.target.name,
        *sexagesimal(facts.ra_deg, facts.dec_deg),
        f"{facts.ra_deg:.6f}",
        f"{facts.dec_deg:.6f}",
        *(f"{time:%Y-%m-%dT%H:%M:%SZ}" if time else "" for time in times),
        wanted.local(transit.middle).isoformat(timespec="seconds"),
        *(_rounded(transit.error_min, 1), _rounded(facts.tmag, 2), wanted.band, _rounded(facts.depth_ppm, 0)),
        *(_rounded(row.precision_ppm, 0), _rounded(row.significance, 1), facts.planet_name or ""),
    ]


def _rounded(value, decimals):
    return "" if value is None else f"{value:.{decimals}f}"


def sexagesimal(ra_deg, dec_deg):
    """Return right ascension as "hh:mm:ss.ss" and declination as "+dd:mm:ss.s"."""
    hundredths = round(ra_deg * 24000) % 8640000
    tenths = round(abs(dec_deg) * 36000)
    ra = f"{hundredths // 360000:02}:{hundredths // 6000 % 60:02}:{hundredths % 6000 / 100:05.2f}"
    dec = f"{tenths // 36000:02}:{tenths // 600 % 60:02}:{tenths % 600 / 10:04.1f}"
    return ra, ("-" if dec_deg < 0 else "+") + dec


pages.add_app_template_filter(lambda facts: " ".join(sexagesimal(facts.ra_deg, facts.dec_deg)), "sexagesimal")
