"""Replace the catalogue in one transaction: readers see the old one or the new one, never part of one."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from app_tess.storage.database import FrameRows, batches, db, now
from app_tess.storage.inserting import INSERT_ROWS, insert_rows
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.switching import switching
from app_tess.storage.transit_numbers import number_epochs, numbering

if TYPE_CHECKING:
    import pandas as pd

Rows = tuple[Collection[dict[str, Any]], Collection[dict[str, Any]]]
"""Of TOIs and of stars, in plain values by column."""

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
    rows : tuple of lists
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
    with switching() as switch:
        previous, now_btjd = find_current_load(), unix_to_btjd(now().timestamp())
        old_tois.keep()
        load.toi_count, load.star_count, load.product_count = len(toi_rows), len(star_rows), len(products)
        db.session.execute(delete(Toi))
        look_ups.clear_for({row["tic_id"] for row in star_rows}, set(products["filename"]))
        _insert(toi_rows, star_rows, products, now_btjd)
        look_ups.refresh(*looked_up)
        planets.replace_planets(named)
        db.session.add(load)
        db.session.flush()
        changes.record_changes(load)
        old_tois.forget()
        _forget_results_of_other_files(previous, load)
        if new_scores is not None:
            scores.insert_scores(new_scores, load.id)
        _refresh(now_btjd)
        switch.message, switch.load_id = describe(load), load.id
        sizes = {"TOIs": load.toi_count, "stars": load.star_count, "products": load.product_count}
        switch.sizes = sizes | (new_scores.sizes if new_scores is not None else {})
    return load


def _insert(
    toi_rows: Iterable[dict[str, Any]], star_rows: Iterable[dict[str, Any]], products: "pd.DataFrame", now_btjd: float
) -> None:
    insert_rows(Star, star_rows)
    for batch in batches(toi_rows, INSERT_ROWS):
        numbers = numbering([row["toi"] for row in batch])
        insert_rows(Toi, number_epochs(batch, numbers, now_btjd))
    insert_rows(DataProduct, FrameRows(products, PRODUCT_COLUMNS))


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
    return _TableRows(_numbered(tois), TOI_COLUMNS), FrameRows(stars, STAR_COLUMNS)


class _TableRows(FrameRows):
    """Rows of TOIs, whose dates are text in the frame."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(_dated, super().__iter__())


def _numbered(tois: "pd.DataFrame") -> "pd.DataFrame":
    parts = tois["toi"].str.split(".", n=1, expand=True)
    return tois.assign(toi_number=parts[0].astype(int), candidate_number=parts[1].astype(int))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    for name in DATES:
        text = row[name]
        try:
            row[name] = dt.date.fromisoformat(text[:10]) if text else None
        except ValueError:
            row[name] = None
    return row


_NEWEST_LOAD = select(CatalogueLoad).order_by(CatalogueLoad.id.desc()).limit(1)


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
