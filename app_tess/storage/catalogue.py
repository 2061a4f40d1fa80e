"""Replace the catalogue in one transaction: readers see the old one or the new one, never part of one."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from app_tess.fields import TOI_FIELDS
from app_tess.storage import changes, listing, vetting_results
from app_tess.storage.database import Model, all_or_nothing, db, rows_of
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi

if TYPE_CHECKING:
    import pandas as pd

INSERT_ROWS = 1000
STAR_COLUMNS = [column.name for column in Star.__table__.columns]
TOI_COLUMNS = [column.name for column in Toi.__table__.columns]
PRODUCT_COLUMNS = [column.name for column in DataProduct.__table__.columns]
DATES = tuple(field.name for field in TOI_FIELDS if field.kind == "date")


def replace_catalogue(
    tois: "pd.DataFrame", stars: "pd.DataFrame", products: "pd.DataFrame", load: CatalogueLoad
) -> CatalogueLoad:
    """Replace the old catalogue by one that has been fetched and validated.

    Parameters
    ----------
    tois, stars, products : pandas.DataFrame
        As `archives` parses them; every TOI's star is among `stars` (with `has_tic_row`).
    load : CatalogueLoad
        The record of this load, not yet stored; its counts are filled in here.

    Returns
    -------
    CatalogueLoad
        Stored, together with the changes against the catalogue before it.
    """
    before, previous = changes.snapshot(), find_current_load()
    load.toi_count, load.star_count, load.product_count = len(tois), len(stars), len(products)
    with all_or_nothing():
        for model in (DataProduct, Toi, Star):
            db.session.execute(delete(model))
        _insert(Star, rows_of(stars, STAR_COLUMNS))
        _insert(Toi, [_dated(row) for row in rows_of(_numbered(tois), TOI_COLUMNS)])
        _insert(DataProduct, rows_of(products, PRODUCT_COLUMNS))
        db.session.add(load)
        db.session.flush()
        changes.record_changes(load, before)
        if previous is not None and previous.simulated != load.simulated:
            vetting_results.forget_all()
        listing.rebuild()
    return load


def _insert(model: type[Model], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), INSERT_ROWS):
        db.session.execute(insert(model), rows[start : start + INSERT_ROWS])


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


def find_current_load() -> CatalogueLoad | None:
    """Return the record of the newest load, or None on an empty database."""
    return db.session.scalars(select(CatalogueLoad).order_by(CatalogueLoad.id.desc()).limit(1)).first()


def count_tois() -> int:
    """Return the number of TOIs."""
    return db.session.scalar(select(func.count()).select_from(Toi)) or 0
