"""Prepare the stars of a survey for its workers: store what is not stored yet, and read each as plain values."""

import dataclasses
import time

from app_tess.archives.mast import MastClient
from app_tess.archives.product_rows import parse_product_url
from app_tess.errors import AppTessError, ArchiveError, ArchiveUnavailable, MissingData
from app_tess.storage import look_ups, stars, surveys
from app_tess.storage.catalogue import PRODUCT_COLUMNS, STAR_COLUMNS
from app_tess.storage.frames import rows_of
from app_tess.storage.surveys import StarResult
from app_tess.tasks.archive_access import open_archives
from app_tess.tasks.star_input import read_star
from app_tess.tasks.star_survey.measure import Job, postponed

NOTE = "Added by a survey: {what}; its neighbors were not fetched. A look-up fetches everything."


def jobs(config, survey, waiting, refuse):
    """Yield a Job for each waiting star.

    Parameters
    ----------
    config : Config
    survey : Survey
    waiting : iterable of list of (int, str or None)
        From `surveys.iter_waiting`.
    refuse : callable
        Called with a StarResult for each star that cannot be measured: the TIC has no such entry, or MAST is out.
    """
    plain_config = dataclasses.replace(config, secret_key="", admin_token="", metrics_token="", database_url="")
    options = dict(survey.options)
    for batch in waiting:
        refusals, asked_at = _store_missing(config, dict(batch)), time.time()
        for tic_id, _ in batch:
            try:
                if tic_id in refusals:
                    raise refusals[tic_id]
                star = read_star(stars.get_star(tic_id))
            except ArchiveUnavailable as error:
                refuse(postponed(tic_id, error, asked_at))
            except AppTessError as error:
                refuse(StarResult(tic_id, {"state": "failed", "message": str(error)}))
            else:
                yield Job(star, options, plain_config)


def _store_missing(config, batch):
    """Store the stars of a batch that are not stored; return TIC id -> why not.

    Parameters
    ----------
    batch : dict
        TIC id -> address of its light curve, or None.
    """
    unknown = sorted(set(batch) - look_ups.which_are_stored(list(batch)))
    listed = [row for url in batch.values() if url and (row := parse_product_url(url))]
    if not unknown:
        if listed:
            surveys.add_stars([], listed, config.mast_url, "")
        return {}
    client = MastClient(config.mast_url, open_archives(config))
    try:
        rows = client.fetch_tic_rows(unknown)
        products = _products(client, [tic_id for tic_id in unknown if batch[tic_id] is None])
    except ArchiveError as error:
        return dict.fromkeys(unknown, error)
    rows = rows[rows["tic_id"].isin(unknown)]
    found = rows_of(rows.assign(has_tic_row=True).reindex(columns=STAR_COLUMNS), STAR_COLUMNS)
    there = {row["tic_id"] for row in found}
    listed = [row for row in listed if row["tic_id"] in there or row["tic_id"] not in unknown]
    all_listed = NOTE.format(what="its light curves are those that MAST lists")
    one_listed = NOTE.format(what="only its light curve in one sector's list is known")
    for note, is_alone in ((all_listed, False), (one_listed, True)):
        some = [row for row in found if (batch[row["tic_id"]] is not None) == is_alone]
        files = listed if is_alone else [row for row in products if row["tic_id"] in there]
        if some or files:
            surveys.add_stars(some, files, config.mast_url, note)
    lacking = f"The TESS Input Catalog has no such entry ({client.host})."
    return {tic_id: MissingData(lacking) for tic_id in unknown if tic_id not in there}


def _products(client, tic_ids):
    if not tic_ids:
        return []
    listed = client.fetch_products(tic_ids)
    return rows_of(listed[listed["tic_id"].isin(tic_ids)], PRODUCT_COLUMNS)
