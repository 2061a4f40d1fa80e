"""Reset: fetch the whole catalogue, check it, and only then replace the old one."""

import hashlib
import time
from urllib.parse import urlparse

from app_tess.archives.mast import MastClient
from app_tess.archives.product_rows import PRODUCT_COLUMNS
from app_tess.archives.tic_rows import TIC_COLUMNS, TIC_ERRORS
from app_tess.errors import ArchiveError
from app_tess.fields import in_toi_table
from app_tess.scoring.catalogue_model.feature_list import INPUT_COLUMNS
from app_tess.storage import catalogue, look_ups
from app_tess.storage.frames import FrameRows, rows_of
from app_tess.storage.models import CatalogueLoad
from app_tess.tasks import planet_names, plausibility, predict, toi_source
from app_tess.tasks.archive_access import open_archives

SMALLEST_SHARE = 0.9
"""TOIs, TIC rows and products are rarely withdrawn: a reply with fewer than 90 % of the stored ones is incomplete."""
SMALLEST_FIRST_SHARE = 0.6
"""The TIC holds nearly every star: on a first load, rows for fewer than 60 % of the stars are an incomplete reply."""
SIMULATED = "simulated"
HASHED_ROWS = 5000
"""Rows that are written as text at a time for their checksum."""


def reset_and_predict(config, report, force=False):
    """Update the catalogue together with its scores, and return the run's closing message; see `reset`."""
    return describe(*_reset(config, report, rescore=True, force=force))


def describe(load, new_scores=None):
    """Return a sentence or two on what a load contains, for the end of its run."""
    loaded = (
        f"Loaded {load.toi_count:,} TOIs, {load.star_count:,} stars and {load.product_count:,} products "
        f"in {load.seconds:.0f} s with {load.request_count} requests."
    )
    return loaded if new_scores is None else f"{loaded} {predict.describe(new_scores)}"


def reset(config, report, force=False):
    """Fetch everything, validate it, then replace the catalogue in one transaction; the scores stay.

    Parameters
    ----------
    config : Config
    report : callable
        Called with (done, total, doing) after every request.
    force : bool
        Load the tables also where they cannot be an update of the stored catalogue.

    Returns
    -------
    CatalogueLoad

    Raises
    ------
    ArchiveError, ArchiveTimeout
        An archive failed or its reply is implausible; the message names the host. The database remains unchanged.
    """
    return _reset(config, report, rescore=False, force=force)[0]


def _reset(config, report, rescore, force):
    """Return the stored load, and the new scores if the new catalogue is to be scored before anybody sees it."""
    started = time.monotonic()
    session = open_archives(config, config.update_total_s)
    requests = _count_requests(session)
    previous = catalogue.find_current_load()

    table, stand_in = toi_source.fetch_toi_table(config, session, report)
    simulated = SIMULATED in (table.contents or "")
    if force or (previous is not None and previous.simulated != simulated):
        previous = None
    toi_host = urlparse(table.url).netloc
    _refuse_shrunken("TOIs", len(table.frame), previous and previous.toi_count, toi_host)
    if not force:
        plausibility.refuse_implausible(table.frame, previous is not None, toi_host)

    tic_ids = sorted(table.frame["tic_id"].unique().tolist())
    others = look_ups.beside(tic_ids)
    tic_rows, products = _fetch_from_mast(config, session, sorted([*tic_ids, *others]), report)
    looked_up = _rows_of_others(others, tic_rows, products)
    mast_host = urlparse(config.mast_url).netloc
    skipped_rows = products.attrs["skipped"]
    tic_rows, products = (_of_stars(frame, tic_ids) for frame in (tic_rows, products))
    _refuse_incomplete(len(tic_ids), tic_rows, len(products), previous, mast_host)
    stars, lacking = _stars(table.frame, tic_rows)

    planets, problem = planet_names.fetch_and_match(config, session, table.frame, report)
    problems = [sentence for sentence in (stand_in, problem) if sentence]
    skipped = [
        *problems,
        *table.frame.attrs["absent"],
        *table.frame.attrs["skipped"],
        *skipped_rows,
        *(f"TIC {tic_id}: no TIC row at {mast_host}; position and brightness are ExoFOP's" for tic_id in lacking),
    ]
    load = CatalogueLoad(
        toi_url=table.url,
        mast_url=config.mast_url,
        toi_sha256=table.sha256,
        stars_sha256=_sha256(tic_rows, "tic_id"),
        products_sha256=_sha256(products, "data_url"),
        seconds=time.monotonic() - started,
        request_count=len(requests),
        skipped=skipped,
        catalogue_date=max((text for text in table.frame["modified_at"] if text), default=None),
        simulated=simulated,
    )
    rows = catalogue.rows_to_store(table.frame, stars)
    new_scores = predict.score(_to_score(table.frame, stars), report) if rescore else None
    report(1, 1, "replacing the catalogue")
    load = catalogue.replace_catalogue(
        rows,
        products,
        load,
        new_scores,
        lambda stored: " ".join((describe(stored, new_scores), *problems)),
        planets,
        looked_up,
    )
    return load, new_scores


def _to_score(tois, stars):
    """Return the rows to score, as `scores.read_catalogue` does for the stored catalogue."""
    here = [name for name in tois.columns if name in ("toi", "tic_id", *INPUT_COLUMNS)]
    theirs = {name: in_toi_table(name) for name in stars.columns if in_toi_table(name) in INPUT_COLUMNS}
    of_star = stars[["tic_id", *theirs]].rename(columns=theirs)
    joined = tois[here].merge(of_star, on="tic_id").sort_values("tic_id", kind="stable")
    return FrameRows(joined, joined.columns)


def _rows_of_others(tic_ids, tic_rows, products):
    """Return the new rows of stars that were looked up, as `look_ups.refresh` takes them."""
    found = tic_rows[tic_rows["tic_id"].isin(tic_ids)].assign(has_tic_row=True)
    of_star: dict[int, list[dict[str, object]]] = {tic_id: [] for tic_id in tic_ids}
    for row in rows_of(products[products["tic_id"].isin(tic_ids)], catalogue.PRODUCT_COLUMNS):
        of_star[row["tic_id"]].append(row)
    return rows_of(found.reindex(columns=catalogue.STAR_COLUMNS), catalogue.STAR_COLUMNS), of_star


def _of_stars(frame, tic_ids):
    """Return the rows of some stars; the frame itself, and no copy of it, where that is all of them."""
    chosen = frame["tic_id"].isin(tic_ids)
    return frame if chosen.all() else frame[chosen]


def _count_requests(session):
    seen = []
    session.hooks["response"].append(lambda response, *_args, **_options: seen.append(response.url))
    return seen


def _fetch_from_mast(config, session, tic_ids, report):
    """Fetch the TIC rows and products of stars, in batches."""
    import pandas as pd

    client = MastClient(config.mast_url, session)
    size = config.archive_batch_size
    batches = [tic_ids[start : start + size] for start in range(0, len(tic_ids), size)]
    total = 1 + 2 * len(batches)
    rows, products, skipped = [], [], []
    for number, batch in enumerate(batches):
        report(1 + 2 * number, total, f"asking {client.host} for TIC rows, batch {number + 1} of {len(batches)}")
        found = client.fetch_tic_rows(batch)
        skipped += found.attrs["skipped"]
        rows.append(found)
        report(2 + 2 * number, total, f"asking {client.host} for data products, batch {number + 1} of {len(batches)}")
        found = client.fetch_products(batch)
        skipped += found.attrs["skipped"]
        products.append(found)
    report(total, total, "checking the replies")
    all_rows = (
        pd.concat(rows, ignore_index=True)
        if rows
        else pd.DataFrame(columns=[*TIC_COLUMNS.values(), *TIC_ERRORS.values()])
    )
    all_products = pd.concat(products, ignore_index=True) if products else pd.DataFrame(columns=PRODUCT_COLUMNS)
    all_products = all_products.drop_duplicates("filename", ignore_index=True)
    all_products.attrs["skipped"] = skipped
    is_asked = all_rows["tic_id"].isin(tic_ids) & ~all_rows["tic_id"].duplicated()
    return all_rows[is_asked].reset_index(drop=True), all_products


def _stars(tois, tic_rows):
    """Return one row per star; a star that the TIC lacks keeps ExoFOP's position and brightness."""
    import pandas as pd

    lacking = sorted(set(tois["tic_id"]) - set(tic_rows["tic_id"]))
    from_tois = tois[tois["tic_id"].isin(lacking)].drop_duplicates("tic_id")
    filled = from_tois[["tic_id", "ra_deg", "dec_deg", "pm_ra_masyr", "pm_dec_masyr", "tmag"]].assign(has_tic_row=False)
    stars = (
        pd.concat(
            [tic_rows.assign(has_tic_row=True), filled.reindex(columns=[*tic_rows.columns, "has_tic_row"])],
            ignore_index=True,
        )
        if lacking
        else tic_rows.assign(has_tic_row=True)
    )
    return stars.sort_values("tic_id", ignore_index=True), lacking


def _refuse_shrunken(what, count, before, host):
    if before and count < SMALLEST_SHARE * before:
        raise ArchiveError(
            f"{host} sent {count:,} {what} where {before:,} are stored: the reply is incomplete, "
            "so the old catalogue stays."
        )


def _refuse_incomplete(star_count, tic_rows, product_count, previous, host):
    rows_found = len(tic_rows)
    if rows_found < SMALLEST_FIRST_SHARE * star_count:
        raise ArchiveError(f"{host} sent TIC rows for {rows_found:,} of {star_count:,} stars: the old catalogue stays.")
    if previous is not None:
        _refuse_shrunken("stars", star_count, previous.star_count, host)
        _refuse_shrunken("products", product_count, previous.product_count, host)
        plausibility.refuse_implausible_stars(tic_rows, host)
    if product_count == 0 and star_count >= 100:
        raise ArchiveError(f"{host} listed no data product for any of {star_count:,} stars: the old catalogue stays.")


def _sha256(frame, key):
    """Return the checksum of the rows sorted by a key: MAST promises no order."""
    order, found = frame[key].argsort().to_numpy(), hashlib.sha256()
    for start in range(0, max(len(order), 1), HASHED_ROWS):
        part = frame.iloc[order[start : start + HASHED_ROWS]]
        text = part.to_csv(index=False, header=not start, lineterminator="\n")
        found.update(text.encode())
    return found.hexdigest()
