"""Transits of open candidates in the next nights, ranked for a site and a telescope (`/tonight`)."""

import contextlib
import dataclasses

from flask import Blueprint, render_template

from app_tess.astro.identifiers import toi_name
from app_tess.astro.observing.sites import SITES
from app_tess.errors import EphemerisError
from app_tess.storage import scores
from app_tess.storage.database import begin_consistent_read, end_consistent_read
from app_tess.storage.ephemerides import open_candidates, tois_of_stars
from app_tess.tasks.star_signals import ephemeris_of
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import MOST_STARS
from app_tess.web.http.shared import shared
from app_tess.web.http.site import site_status
from app_tess.web.pages.observing_form import CANDIDATES, ORDERS, WATCHED_NIGHTS, read_form
from app_tess.web.pages.transits import Found, altitude_png, calendar_response, first_night_of, visible

pages = Blueprint("tonight", __name__)

MOST_NIGHTS = 3
LISTED = 50
LOOKED_AT = 250
"""Transits of the most probable candidates among which the LISTED of highest priority are chosen."""
DRAWN = 6
"""More curves would be indistinguishable."""


@pages.get("/tonight")
@kept()
def show():
    wanted = read_form(MOST_NIGHTS, 1, CANDIDATES)
    found = find_listed(wanted)
    return render_template(
        "transits/tonight.html",
        wanted=wanted,
        rows=found.transits,
        transits=[row.transit for row in found.transits],
        candidates=True,
        candidate_count=found.candidate_count,
        without_error=found.without_error,
        sites=SITES,
        orders=ORDERS,
        most_nights=WATCHED_NIGHTS if wanted.tic_ids else MOST_NIGHTS,
        most_stars=MOST_STARS,
        drawn=DRAWN,
        first_night=found.first_night,
    )


@pages.get("/tonight.ics")
@kept()
def calendar():
    wanted = read_form(MOST_NIGHTS, 1, CANDIDATES)
    found = find_listed(wanted)
    facts = {row.transit.target.name: row.facts for row in found.transits}
    return calendar_response(
        [row.transit for row in found.transits],
        wanted.site,
        "Watch list" if wanted.tic_ids else "Best open candidates",
        "tonight.ics",
        lambda transit: facts[transit.target.name],
    )


@pages.get("/tonight.png")
@kept()
def altitude():
    """Plot the best candidates of the first night."""
    wanted = read_form(MOST_NIGHTS, 1, CANDIDATES)
    transits = [row.transit for row in find_listed(dataclasses.replace(wanted, order="priority")).transits]
    evening = min((transit.night for transit in transits), default=None)
    best = [transit for transit in transits if transit.night == evening][:DRAWN]
    return altitude_png(sorted(best, key=lambda transit: transit.middle), wanted)


def find_listed(wanted):
    """Return the Found of a watch list, or of the open candidates, of highest priority, in the wanted order."""
    from app_tess.web.pages.listed_transits import KEYS

    load, run = site_status().load, scores.find_current_run()
    limits = (wanted.min_probability, wanted.max_error_min, wanted.unknown_errors, load and load.id, run and run.id)
    key = ("tonight", wanted.tic_ids, *wanted.place_and_time, *limits, wanted.ranges, wanted.telescope)
    found = shared(key, lambda: _compute(wanted))
    return dataclasses.replace(found, transits=sorted(found.transits, key=KEYS[wanted.order]))


def _compute(wanted):
    from app_tess.astro.observing.visibility import Target
    from app_tess.web.pages.listed_transits import KEYS, list_transit

    begin_consistent_read()
    if wanted.tic_ids:
        rows = tois_of_stars(wanted.tic_ids, wanted.min_probability)
    else:
        rows = open_candidates(wanted.min_probability)
    candidates = {toi_name(row.toi): row for row in rows if wanted.includes(row)}
    end_consistent_read()
    targets = []
    for name, row in candidates.items():
        with contextlib.suppress(EphemerisError):  # its star's page says why its transits are not predicted
            targets.append(Target(name, row.ra_deg, row.dec_deg, ephemeris_of(row)))
    transits = visible(
        wanted,
        targets,
        limit=LOOKED_AT,
        largest_error_min=wanted.max_error_min,
        unknown_errors=wanted.unknown_errors,
    )
    telescope, listed = wanted.telescope, []
    for transit in transits:
        row = candidates[transit.target.name]
        listed.append(list_transit(transit, row, row.planet_probability, telescope))
    best = sorted(listed, key=KEYS["priority"])[:LISTED]
    return Found(
        best,
        first_night_of(wanted, [row.transit for row in best]),
        len(candidates),
        sum(not row.period_err_d or not row.epoch_err_d for row in candidates.values()),
    )
