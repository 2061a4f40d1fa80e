"""What the front page shows above the table: what is new, folds to look at, and the lists with their counts."""

from dataclasses import dataclass

from app_tess.astro.observing.sites import DEFAULT_SITE
from app_tess.storage import changes, stars, vetting_results
from app_tess.storage.star_query import QUEUES, StarQuery
from app_tess.storage.vetting_results import Fold

FOLDS = 6
"""Folds in the gallery: one row on a desktop, three rows on a phone."""


@dataclass(frozen=True)
class Front:
    """The content of the front page.

    Attributes
    ----------
    news : dict of str to int
        Kind of change -> how many the newest update with changes brought; empty before the second load.
    folds : list of Fold
        The most recently vetted.
    counts : dict of str to int
        Name of a list -> how many stars it has.
    site : str
        The observatory of the link to tonight's transits.
    """

    news: dict[str, int]
    folds: list[Fold]
    counts: dict[str, int]
    site: str


def find_front():
    """Return what the front page shows; the lists are ranked once for each version of the data."""
    by_load = changes.count_kinds()
    return Front(
        by_load[max(by_load)] if by_load else {},
        vetting_results.newest_folds(FOLDS),
        {name: stars.count_stars(StarQuery(queue=name)) for name in QUEUES},
        DEFAULT_SITE,
    )
