"""Replace the catalogue in one transaction: readers see the old one or the new one, never part of one."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app_tess.astro.times import unix_to_btjd
from app_tess.fields import TOI_FIELDS
from app_tess.storage import (
    changes,
    classifiers,
    list_counts,
    listing,
    look_ups,
    old_tois,
    planets,
    scores,
    searches,
    surveys,
    vetting_results,
)
from app_tess.storage.data_version import of_version
from app_tess.storage.database import batches, db, now
from app_tess.storage.differences import find_changed_stars
from app_tess.storage.frames import FrameRows
from app_tess.storage.inserting import INSERT_ROWS, insert_rows
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.switching import switching
from app_tess.storage.transit_numbers import number_epochs, numbering

if TYPE_CHECKING:
    import pandas as pd

Rows = tuple[FrameRows, FrameRows]
"""Of TOIs and of stars."""

LookedUp = tuple[Sequence[dict[str, Any]], dict[int, list[dict[str, Any]]]]
"""Rows of stars, and TIC id -> rows of products."""

STAR_COLUMNS = [column.name for column in Star.__table__.columns]
TOI_COLUMNS = [column.name for column in Toi.__table__.columns if column.name != "epoch_number"]
PRODUCT_COLUMNS = [column.name for column in DataProduct.__table__.columns]
DATES = tuple(field.name for field in TOI_FIELDS if field.kind == "date")


def replace_catalogue(
    rows: Rows,
    products: "pd.DataFrame",
    load: CatalogueLoad,
    new_scores: scores.NewScores | None = None,
    describe: Callable[[CatalogueLoad], str] = lambda load: "",
    named: "pd.DataFrame | None" = None,
    looked_up: LookedUp = ((), {}),
) -> CatalogueLoad:
    """Replace the old catalogue by one that has been fetched and validated, and end its run.

    Parameters
    ----------
    rows : tuple of FrameRows
        From `rows_to_store`.
    products : pandas.DataFrame
    load : CatalogueLoad
        Not yet stored; its counts are filled in here.
    new_scores : NewScores, optional
        The scores of the new catalogue; without them those of the old one stay.
    describe : callable
        Returns the closing message of the run.
    named : pandas.DataFrame, optional
        The published planets, as `planets.replace_planets` takes them; without them none are stored.
    looked_up : tuple
        New rows of stars without a TOI, as `look_ups.refresh` takes them.

    Returns
    -------
    CatalogueLoad
        Stored, with the changes against the catalogue before it.

    Raises
    ------
    RunEnded
        The run is over; the old catalogue stays.
    """
    toi_rows, star_rows = rows
    product_rows = FrameRows(products, PRODUCT_COLUMNS)
    with switching() as switch:
        previous, now_btjd = find_current_load(), unix_to_btjd(now().timestamp())
        load.toi_count, load.star_count, load.product_count = len(toi_rows), len(star_rows), len(products)
        _replace_changed(toi_rows, star_rows, product_rows, now_btjd)
        look_ups.refresh(*looked_up)
        planets.replace_planets(named)
        db.session.add(load)
        db.session.flush()
        changes.record_changes(load, previous)
        old_tois.forget()
        _forget_results_of_other_files(previous, load)
        if new_scores is not None:
            scores.insert_scores(new_scores, load.id)
        _refresh(now_btjd)
        switch.message, switch.load_id = describe(load), load.id
        sizes = {"TOIs": load.toi_count, "stars": load.star_count, "products": load.product_count}
        switch.sizes = sizes | (new_scores.sizes if new_scores is not None else {})
    return load


def _replace_changed(tois: FrameRows, stars: FrameRows, products: FrameRows, now_btjd: float) -> None:
    """Replace all rows of each star of which one has changed; keep the TOIs as they were in `old_tois`."""
    others = set(look_ups.beside(stars.frame["tic_id"].tolist()))
    changed = find_changed_stars(Toi, tois).union(
        find_changed_stars(Star, stars, others), find_changed_stars(DataProduct, products, others)
    )
    old_tois.keep(changed, others)
    chosen = delete(Toi).where(Toi.tic_id.in_(old_tois.stars()))
    db.session.execute(chosen, execution_options={"synchronize_session": False})
    look_ups.clear_for(others, products.frame["filename"])
    insert_rows(Star, stars.of_stars(changed))
    for batch in batches(tois.of_stars(changed), INSERT_ROWS):
        numbers = numbering([row["toi"] for row in batch])
        insert_rows(Toi, number_epochs(batch, numbers, now_btjd))
    insert_rows(DataProduct, products.of_stars(changed))


def _refresh(now_btjd: float) -> None:
    """Derive from the new catalogue what depends on it: outdated vetting results, matched scores, the list of TOIs."""
    vetting_results.mark_outdated(now_btjd)
    classifiers.match_all()
    listing.rebuild()
    list_counts.recount()


def _forget_results_of_other_files(previous: CatalogueLoad | None, load: CatalogueLoad) -> None:
    """Delete what was measured in simulated files where the new ones are real, and the reverse."""
    if previous is not None and previous.simulated != load.simulated:
        vetting_results.forget_all()
        searches.forget_all()
        surveys.forget_all()


def rows_to_store(tois: "pd.DataFrame", stars: "pd.DataFrame") -> Rows:
    """Return the rows of TOIs and stars as the database holds them, in plain values, made as they are iterated over.

    Parameters
    ----------
    tois, stars : pandas.DataFrame
        As `archives` parses them; every TOI's star is among `stars` (with `has_tic_row`).
    """
    parts = tois["toi"].str.split(".", n=1, expand=True)
    numbers = {"toi_number": parts[0].astype(int), "candidate_number": parts[1].astype(int)}
    dates = {name: tois[name].map(_date, na_action="ignore").astype(object) for name in DATES}
    return FrameRows(tois.assign(**numbers, **dates), TOI_COLUMNS), FrameRows(stars, STAR_COLUMNS)


@lru_cache(maxsize=10_000)
def _date(text: str) -> dt.date | None:
    """Return a date of the table, where it is text; rows share their dates."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


_NEWEST_LOAD = select(CatalogueLoad).order_by(CatalogueLoad.id.desc()).limit(1)


@of_version
def find_current_load() -> CatalogueLoad | None:
    """Return the record of the newest load, or None on an empty database."""
    return db.session.scalars(_NEWEST_LOAD).first()


def find_load(load_id: int | None) -> CatalogueLoad | None:
    """Return the record of a load, or None where there is none."""
    return None if load_id is None else db.session.get(CatalogueLoad, load_id)


def has_toi(tic_id: int) -> bool:
    """Return whether a star has a TOI."""
    return db.session.scalar(select(Toi.toi).where(Toi.tic_id == tic_id).limit(1)) is not None


def count_tois() -> int:
    """Return the number of TOIs."""
    return db.session.scalar(select(func.count()).select_from(Toi)) or 0


def read_columns(key: InstrumentedAttribute[Any], names: list[str]) -> dict[Any, dict[str, Any]]:
    """Return TOI, or TIC id, -> {column: value} of the stored catalogue; `key` is the primary key of a table."""
    rows = db.session.execute(select(key, *(getattr(key.class_, name) for name in names))).mappings()
    return {row[key.key]: {name: row[name] for name in names} for row in rows}


def without_toi(tic_ids: Sequence[int]) -> list[int]:
    """Return those of some TIC ids that are neither the star of a TOI nor duplicated by one, in their order."""
    ids = list(dict.fromkeys(tic_ids))
    found = select(Star.tic_id, Star.duplicate_id).where(
        or_(Star.tic_id.in_(ids), Star.duplicate_id.in_(ids)), Star.tic_id.in_(select(Toi.tic_id))
    )
    known = {tic_id for row in db.session.execute(found) for tic_id in row}
    return [tic_id for tic_id in ids if tic_id not in known]
