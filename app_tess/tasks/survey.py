"""Survey: vet every star with light curves and no result yet, so that the table's rows show their folds."""

import logging

from app_tess.errors import AppTessError, RunEnded
from app_tess.storage import catalogue, stars, vetting_results
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.vet import vet_star

REASONS_SHOWN = 5
"""Stars whose reason the closing message gives."""

log = logging.getLogger(__name__)


def survey(config, report, limit=None):
    """Vet at most `limit` stars, the newest TOIs first, and return the run's closing message.

    A star that cannot be vetted is skipped, with its reason in the message. An update of the catalogue ends the survey,
    because its list of stars is then out of date.
    """
    load_id = _load_id()
    done = vetting_results.vetted_stars()
    tic_ids = [
        row["tic_id"] for row in stars.iter_stars(StarQuery(has_light_curves=True)) if row["tic_id"] not in done
    ][:limit]
    failures: list[str] = []
    for number, tic_id in enumerate(tic_ids):
        if _load_id() != load_id:
            vetted = f"Vetted {number - len(failures)} of {len(tic_ids)} stars"
            return f"{vetted}; then the catalogue was updated.{_reasons(failures)}"
        report(number, len(tic_ids), f"vetting TIC {tic_id}")
        try:
            vet_star(config, tic_id, lambda *_progress: None)
        except RunEnded:
            raise
        except AppTessError as error:
            failures.append(f"TIC {tic_id}: {error}")
            log.info("TIC %d could not be vetted: %s", tic_id, error)
    vetted = f"Vetted {len(tic_ids) - len(failures)} of {len(tic_ids)} stars with light curves and no result yet."
    return vetted + _reasons(failures)


def _reasons(failures):
    """Return why stars could not be vetted: of the first ones; the log has all."""
    more = len(failures) - REASONS_SHOWN
    text = "".join(f" {reason}" for reason in failures[:REASONS_SHOWN])
    return text + (f" {more} more stars could not be vetted: see the worker's log." if more > 0 else "")


def _load_id():
    load = catalogue.find_current_load()
    return None if load is None else load.id
