"""What the front page shows above the table: what is new, folds to look at, and the lists with their counts."""

import time
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app_tess.astro.dispositions import CANDIDATES
from app_tess.astro.times import unix_to_btjd
from app_tess.storage import changes, ephemerides, stars, vetting_results
from app_tess.storage.star_query import NO_DISPOSITION, QUEUES, StarQuery
from app_tess.storage.vetting_results import Fold
from app_tess.web.pages.list_addresses import query_arguments
from app_tess.web.pages.star_facts import NextTransit, next_transit

FOLDS = 6
"""Folds in the gallery: one row on a desktop, three rows on a phone."""

TRANSITS = 6
LARGEST_ERROR_MIN = 30.0
"""1-sigma timing error of the listed transits: with more, a few hours of photometry can miss them."""

AHEAD_D = 1.0
OPEN = (*CANDIDATES, NO_DISPOSITION)
TO_LOOK_AT = (
    StarQuery(queue="candidates", has_fold=True, sort="probability", page_size=25),
    StarQuery(dispositions=OPEN, has_fold=True, sort="probability", page_size=25),
)
"""Folds of open TOIs, most probable first: a person can go through those of the short list, and a site where none of
it has been vetted has vetted few."""

ALERTS = 6
"""Newest TOIs that are listed."""


@dataclass(frozen=True)
class Look:
    """The light curves to look at: of which list, of how many stars, where they are, and the first of them."""

    is_of_short_list: bool
    count: int
    first_url: str
    table_url: str
    folds: list[Fold]


@dataclass(frozen=True)
class Front:
    """The content of the front page.

    Attributes
    ----------
    news : dict of str to int
        Kind of change -> how many the newest update with changes brought; empty before the second load.
    alerts : list of ListedToi
        The TOIs that were alerted last, one of each star.
    look : Look
        The light curves to look at; None where no open TOI has a fold.
    folds : list of Fold
        The first of that list or, without one, the most recently vetted.
    counts : dict of str to int
        Name of a list -> how many stars it has.
    transits : list of (row of `storage.ephemerides`, NextTransit)
        Of the list of the most probable candidates within AHEAD_D, the soonest first.
    """

    news: dict[str, int]
    alerts: list[Any]
    look: Look | None
    folds: list[Fold]
    counts: dict[str, int]
    transits: list[tuple[Any, NextTransit]]


def find_front():
    """Return what the front page shows; the lists are ranked once for each version of the data."""
    by_load, look = changes.count_kinds(), find_look()
    return Front(
        by_load[max(by_load)] if by_load else {},
        [row.tois[-1] for row in stars.find_stars(StarQuery(queue="newest", page_size=ALERTS)).stars],
        look,
        look.folds if look else vetting_results.newest_folds(FOLDS),
        {name: stars.count_stars(StarQuery(queue=name)) for name in QUEUES},
        next_transits(unix_to_btjd(time.time())),
    )


def find_look():
    """Return the list of light curves to look at, of TO_LOOK_AT the first with any; else None."""
    for query in TO_LOOK_AT:
        if count := stars.count_stars(query):
            folds = first_folds(query)
            args = query_arguments(query, page_size=None)
            return Look(
                bool(query.queue),
                count,
                url_for("stars.show", tic_id=folds[0].tic_id, **args),
                url_for("stars.index", **args),
                folds,
            )
    return None


def first_folds(query):
    """Return the first folds of a list, one of each star."""
    rows = stars.find_stars(query).stars
    findings = vetting_results.findings(toi.toi for row in rows for toi in row.tois if toi.matches)
    found = {
        toi.tic_id: Fold(toi.toi, toi.tic_id, toi.planet_name, findings[toi.toi][0], findings[toi.toi][1] or "")
        for row in rows
        for toi in reversed(row.tois)
        if toi.matches and toi.toi in findings
    }
    return list(found.values())[:FOLDS]


def next_transits(now_btjd):
    """Return the next transits of the most probable candidates, at most one of each and TRANSITS in all."""
    shortlist = stars.find_stars(StarQuery(queue="candidates", sort="probability", page_size=100)).stars
    names = [toi.toi for row in shortlist for toi in row.tois if toi.matches]
    found = [(row, next_transit(row, now_btjd)) for row in ephemerides.find_tois(names)]
    soon = [
        (row, transit)
        for row, transit in found
        if transit is not None
        and transit.middle_btjd < now_btjd + AHEAD_D
        and transit.error_min is not None
        and transit.error_min <= LARGEST_ERROR_MIN
    ]
    return sorted(soon, key=lambda pair: pair[1].middle_btjd)[:TRANSITS]
