"""Survey: vet every star with light curves and no result yet, so that the table's rows show their folds."""

import logging

from app_tess.errors import AppTessError, RunEnded
from app_tess.storage import catalogue, stars, vetting_results
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.vet import vet_star

log = logging.getLogger(__name__)


def survey(config, report, limit=None):
    """Vet at most `limit` stars, the newest TOIs first, and return the run's closing message.

    A star that cannot be vetted is logged and skipped. An update of the catalogue ends the survey, because its list of
    stars is then out of date.
    """
    load_id = _load_id()
    done = vetting_results.vetted_stars()
    tic_ids = [
        row["tic_id"] for row in stars.iter_stars(StarQuery(has_light_curves=True)) if row["tic_id"] not in done
    ][:limit]
    failed = 0
    for number, tic_id in enumerate(tic_ids):
        if _load_id() != load_id:
            return f"Vetted {number - failed} of {len(tic_ids)} stars; then the catalogue was updated."
        report(number, len(tic_ids), f"vetting TIC {tic_id}")
        try:
            vet_star(config, tic_id, lambda *_progress: None)
        except RunEnded:
            raise
        except AppTessError as error:
            failed += 1
            log.info("TIC %d could not be vetted: %s", tic_id, error)
    return f"Vetted {len(tic_ids) - failed} of {len(tic_ids)} stars with light curves and no result yet."


def _load_id():
    load = catalogue.find_current_load()
    return None if load is None else load.id
