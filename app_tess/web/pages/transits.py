"""Next transits of a star from a site (`/stars/<tic_id>/transits`), their calendar and plots."""

import dataclasses
import math
import time
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for

from app_tess.astro.identifiers import toi_name
from app_tess.astro.observing.radial_velocity import LARGEST_REARTH
from app_tess.astro.observing.sites import SITES
from app_tess.astro.times import unix_to_btjd
from app_tess.errors import EphemerisError, MissingData
from app_tess.storage import catalogue, stars
from app_tess.storage.transit_numbers import number_of_epoch
from app_tess.tasks.star_signals import ephemeris_of
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import LOOK_ARGS, read_look, reject_unknown
from app_tess.web.http.responses import picture_response
from app_tess.web.http.shared import shared
from app_tess.web.pages.calendar import write_calendar
from app_tess.web.pages.observing_form import CANDIDATES, read_form

pages = Blueprint("transits", __name__)

DEFAULT_NIGHTS, MOST_NIGHTS = 14, 90
MOST_LISTED = 300
"""Transits of one star that a page or a calendar lists."""


@pages.get("/stars/<int:tic_id>/transits")
@kept()
def show(tic_id):
    detail = stars.get_star(tic_id)
    wanted = read_form(MOST_NIGHTS, DEFAULT_NIGHTS)
    targets, sentences = _targets_of(detail)
    found = _find(wanted, targets)
    if len(found.transits) == MOST_LISTED:
        sentences.append(
            f"Only the first {MOST_LISTED} transits are listed, up to {found.transits[-1].middle:%Y-%m-%d %H:%M} UTC:"
            " begin at a later night to see the others."
        )
    return render_template(
        "transits/show.html",
        tic_id=tic_id,
        wanted=wanted,
        transits=found.transits,
        rows=_list(found.transits, detail, wanted.telescope),
        sentences=sentences,
        sites=SITES,
        most_nights=MOST_NIGHTS,
        first_night=found.first_night,
        outlooks=_outlooks(targets),
        velocities=_velocities(detail),
        atmospheres=_atmospheres(detail),
        not_estimated=_why_no_velocity(detail),
    )


@pages.get("/stars/<int:tic_id>/timing-error.png")
@kept()
def timing_error(tic_id):
    """Plot how the timing errors of the star's TOIs grow, and when their transits are lost."""
    from app_tess.plots.timing_error import render_timing_errors

    reject_unknown(request.args, LOOK_ARGS)
    theme, outlooks = read_look(request.args), _outlooks(_targets_of(stars.get_star(tic_id))[0])
    if not outlooks:
        raise MissingData(f"TIC {tic_id} has no TOI with a period, a duration and their timing errors.")
    drawn = tuple((outlook.name, outlook.ephemeris) for outlook in outlooks)
    key = ("timing-error", tic_id, theme, drawn, int(time.time() // 3600))
    picture = shared(key, lambda: render_timing_errors(outlooks, f"TIC {tic_id}", theme))
    return picture_response(picture, max_age_s=3600)


def _list(transits, detail, telescope):
    """Return ListedTransits of a star's TOIs."""
    from app_tess.web.pages.listed_transits import Facts, list_transit

    star, facts = detail.star, {}
    for toi in detail.tois:
        named = toi.toi, star.tic_id, toi.planet_name, toi.tfopwg_disposition
        facts[toi_name(toi.toi)] = Facts(*named, toi.depth_ppm, star.tmag, star.teff_k, star.ra_deg, star.dec_deg)
    return [list_transit(transit, facts[transit.target.name], None, telescope) for transit in transits]


def _velocities(detail):
    """Return the VelocityEstimates of a star's TOIs."""
    from app_tess.astro.observing.radial_velocity import estimate_velocity

    estimates = (
        estimate_velocity(
            toi_name(toi.toi),
            toi.planet_radius_rearth,
            detail.star.stellar_mass_msun or toi.stellar_mass_msun,
            toi.period_d,
        )
        for toi in detail.tois
    )
    return [estimate for estimate in estimates if estimate is not None]


def _why_no_velocity(detail):
    """Return (TOI, reason) of a star's TOIs without a VelocityEstimate."""
    found = []
    for toi in detail.tois:
        radius = toi.planet_radius_rearth
        if radius and radius >= LARGEST_REARTH:
            reason = f"at {radius:.1f} Earth radii it may be a planet, a brown dwarf or a star"
        else:
            known = {
                "planet radius": radius,
                "period": toi.period_d,
                "stellar mass": detail.star.stellar_mass_msun or toi.stellar_mass_msun,
            }
            missing = [name for name, value in known.items() if not value]
            reason = f"the catalogue has no {' and no '.join(missing)}" if missing else ""
        if reason:
            found.append((toi_name(toi.toi), reason))
    return found


def _atmospheres(detail):
    """Return the AtmosphereEstimates of a star's TOIs."""
    from app_tess.astro.observing.atmosphere import estimate_atmosphere

    star = detail.star
    estimates = (
        estimate_atmosphere(
            toi_name(toi.toi),
            toi.planet_radius_rearth,
            toi.period_d,
            star.teff_k,
            star.stellar_radius_rsun,
            star.stellar_mass_msun or toi.stellar_mass_msun,
            star.tmag,
        )
        for toi in detail.tois
    )
    return [estimate for estimate in estimates if estimate is not None]


def _outlooks(targets):
    from app_tess.astro.observing.timing_outlook import find_outlook

    now_btjd = unix_to_btjd(time.time())
    found = (find_outlook(target.name, target.ephemeris, now_btjd) for target in targets)
    return [outlook for outlook in found if outlook is not None]


@pages.get("/stars/<int:tic_id>/transits.ics")
@kept()
def calendar(tic_id):
    wanted, detail = read_form(MOST_NIGHTS, DEFAULT_NIGHTS), stars.get_star(tic_id)
    transits, tois = _find(wanted, _targets_of(detail)[0]).transits, {toi_name(toi.toi): toi for toi in detail.tois}
    return calendar_response(
        transits, wanted.site, f"TIC {tic_id}", f"tic{tic_id}_transits.ics", lambda transit: tois[transit.target.name]
    )


@pages.get("/stars/<int:tic_id>/altitude.png")
@kept()
def altitude(tic_id):
    """Plot the night of one transit (`toi` and its number, `transit`), by default the next observable one."""
    wanted = read_form(MOST_NIGHTS, DEFAULT_NIGHTS, CANDIDATES)
    transits = _find(wanted, _targets_of(stars.get_star(tic_id))[0]).transits
    toi, number = request.args.get("toi", "").strip(), request.args.get("transit", "").strip()
    chosen = [
        transit
        for transit in transits
        if toi in ("", transit.target.name.removeprefix("TOI-")) and number in ("", str(transit.number))
    ]
    return altitude_png(chosen[:1], wanted)


def _targets_of(detail):
    """Return the Targets of a star's TOIs, and a sentence for each TOI without one."""
    from app_tess.astro.observing.visibility import Target

    targets, sentences = [], []
    position = detail.star.ra_deg, detail.star.dec_deg
    for toi in detail.tois:
        name = toi_name(toi.toi)
        try:
            ephemeris = ephemeris_of(toi)
            if None in position:
                sentences.append(f"{name}: the catalogue has no position for this star.")
            elif ephemeris.is_single_transit:
                sentences.append(
                    f"{name} is a single transit: its period is unknown, so future transits cannot be predicted."
                )
            else:
                targets.append(Target(name, *position, ephemeris))
        except EphemerisError as error:
            sentences.append(f"{name}: {error}")
    return targets, sentences


@dataclasses.dataclass(frozen=True)
class Found:
    """Observable transits, and what the pages say with them."""

    transits: list[Any]
    """In the order of the page; for /tonight ListedTransits."""
    first_night: tuple[bool, Any]
    """Whether it gets dark at the site, and the Twilight of the first listed night or None."""
    candidate_count: int = 0
    without_error: int = 0
    """Candidates whose timing error is not available."""


def _find(wanted, targets):
    """Return the Found of a star, computed once for all who ask at the same time."""

    def compute():
        transits = visible(wanted, targets, limit=MOST_LISTED, earliest_first=True)
        return Found(transits, first_night_of(wanted, transits))

    return shared(("transits", *wanted.place_and_time, tuple(targets)), compute)


def visible(wanted, targets, **limits):
    from app_tess.astro.observing.visibility import find_visible_transits

    return find_visible_transits(
        wanted.site, targets, wanted.start, wanted.nights, wanted.min_altitude_deg, demands=wanted.demands, **limits
    )


def first_night_of(wanted, transits):
    from app_tess.astro.observing.night_sky import find_twilight, is_ever_dark

    first = min((transit.middle for transit in transits), default=None)
    return is_ever_dark(wanted.site, wanted.start, wanted.nights), first and find_twilight(wanted.site, first)


def altitude_png(transits, wanted):
    from app_tess.astro.observing.night_sky import night_tracks
    from app_tess.plots.altitude import render_altitudes

    theme = read_look(request.args)
    if not transits:
        raise MissingData("No observable transit: there is no night to plot.")

    def draw():
        tracks = night_tracks(wanted.site, [transit.target for transit in transits], transits[0].middle)
        return render_altitudes(tracks, transits, wanted.site, theme)

    drawn = tuple((transit.target, transit.number) for transit in transits)
    picture = shared(("altitudes", *wanted.place_and_time, drawn, theme), draw)
    return picture_response(picture, max_age_s=60 if wanted.date is None else 3600)


def calendar_response(transits, site, title, filename, toi_of):
    """Answer with a calendar; `toi_of` returns the stored TOI of a transit."""
    response = make_response(
        write_calendar(
            transits,
            site,
            title,
            catalogue.find_current_load(),
            lambda transit: url_for("stars.show", tic_id=toi_of(transit).tic_id, _external=True),
            lambda transit: number_of_epoch(toi_of(transit)),
            lambda transit: toi_of(transit).planet_name,
        )
    )
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def describe_error(error_min):
    """Format the 1-sigma timing error."""
    if error_min is None or not math.isfinite(error_min):
        return "not available"
    return f"± {error_min:.1f} min" if error_min < 100 else f"± {error_min / 60:.1f} h"


pages.add_app_template_filter(describe_error, "timing_error")
