"""What the front page shows above the table: what is new, folds to look at, and the lists with their counts."""

import time
from dataclasses import dataclass
from typing import Any

from app_tess.astro.times import unix_to_btjd
from app_tess.storage import changes, ephemerides, stars, vetting_results
from app_tess.storage.star_query import QUEUES, StarQuery
from app_tess.storage.vetting_results import Fold
from app_tess.web.pages.star_facts import NextTransit, next_transit

FOLDS = 6
"""Folds in the gallery: one row on a desktop, three rows on a phone."""

TRANSITS = 6
LARGEST_ERROR_MIN = 30.0
"""1-sigma timing error of the listed transits: with more, a few hours of photometry can miss them."""

AHEAD_D = 1.0
ALERTS = 6
"""Newest TOIs that are listed."""


@dataclass(frozen=True)
class Front:
    """The content of the front page.

    Attributes
    ----------
    news : dict of str to int
        Kind of change -> how many the newest update with changes brought; empty before the second load.
    alerts : list of ListedToi
        The TOIs that were alerted last, one of each star.
    folds : list of Fold
        The most recently vetted.
    counts : dict of str to int
        Name of a list -> how many stars it has.
    transits : list of (row of `storage.ephemerides`, NextTransit)
        Of the list of the most probable candidates within AHEAD_D, the soonest first.
    """

    news: dict[str, int]
    alerts: list[Any]
    folds: list[Fold]
    counts: dict[str, int]
    transits: list[tuple[Any, NextTransit]]


def find_front():
    """Return what the front page shows; the lists are ranked once for each version of the data."""
    by_load = changes.count_kinds()
    return Front(
        by_load[max(by_load)] if by_load else {},
        [row.tois[-1] for row in stars.find_stars(StarQuery(queue="newest", page_size=ALERTS)).stars],
        vetting_results.newest_folds(FOLDS),
        {name: stars.count_stars(StarQuery(queue=name)) for name in QUEUES},
        next_transits(unix_to_btjd(time.time())),
    )


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
