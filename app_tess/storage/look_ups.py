"""Stars that were looked up: stored in one transaction, kept by updates of the catalogue, listed apart from TOIs."""

import datetime as dt
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update

from app_tess.storage import old_tois
from app_tess.storage.database import IDS_A_STATEMENT, Model, db
from app_tess.storage.look_up_models import LookUp, TicNeighbour
from app_tess.storage.models import (
    NO_LIGHT_CURVES,
    CatalogueLoad,
    DataProduct,
    Star,
    Toi,
    is_light_curve,
    light_curve_count,
)
from app_tess.storage.planets import hosts_of
from app_tess.storage.stars import EVERYTHING, STAR_COLUMNS, StarDetail
from app_tess.storage.switching import switching

if TYPE_CHECKING:
    import pandas as pd

INSERT_ROWS = 1000

has_toi = exists().where(Toi.tic_id == LookUp.tic_id)
"""SQL: whether a star that was looked up is the star of a TOI."""


@dataclass(frozen=True)
class Found:
    """What a look-up found, in plain values: rows of Star, DataProduct and TicNeighbour."""

    star: dict[str, Any] | None
    """None: the star has a TOI, so its row and products are those of the catalogue's update, and stay."""
    products: Sequence[dict[str, Any]]
    neighbours: Sequence[dict[str, Any]]


def record_look_up(look_up: LookUp, found: Found, load_id: int | None, message: str) -> None:
    """Store a star, replacing what an earlier look-up stored, and end the run: all of it or nothing.

    Parameters
    ----------
    look_up : LookUp
        Not yet stored.
    found : Found
    load_id : int or None
        The catalogue load by which the star has a TOI or has none.
    message : str
        The closing message of the run.

    Raises
    ------
    OutdatedInput, RunEnded
        The catalogue was replaced meanwhile, or the run is over; nothing was stored.
    """
    tic_id, star, products, neighbours = look_up.tic_id, found.star, found.products, found.neighbours
    with switching(computed_from=load_id) as switch:
        if star is not None:
            db.session.execute(delete(DataProduct).where(DataProduct.tic_id == tic_id))
            db.session.execute(delete(Star).where(Star.tic_id == tic_id))
            db.session.execute(insert(Star), [star])
            _insert_products(products)
        db.session.execute(delete(TicNeighbour).where(TicNeighbour.tic_id == tic_id))
        for start in range(0, len(neighbours), INSERT_ROWS):
            db.session.execute(insert(TicNeighbour), list(neighbours[start : start + INSERT_ROWS]))
        db.session.execute(delete(LookUp).where(LookUp.tic_id == tic_id))
        db.session.add(look_up)
        switch.message = message
        switch.sizes = {"products": len(products), "neighbors": len(neighbours)}


def _insert_products(products: Sequence[dict[str, Any]]) -> None:
    """Insert products but for files that are listed for another star already."""
    taken = select(DataProduct.filename).where(DataProduct.filename.in_([row["filename"] for row in products]))
    others = set(db.session.scalars(taken))
    if own := [row for row in products if row["filename"] not in others]:
        db.session.execute(insert(DataProduct), own)


def insert_without_neighbours(
    stars: Sequence[dict[str, Any]], products: Sequence[dict[str, Any]], mast_url: str, note: str
) -> None:
    """Store stars whose neighbors were not fetched, and products of any star, within the open transaction."""
    for start in range(0, len(stars), INSERT_ROWS):
        rows = stars[start : start + INSERT_ROWS]
        db.session.execute(insert(Star), list(rows))
        records = [{"tic_id": row["tic_id"], "mast_url": mast_url, "notes": [note]} for row in rows]
        db.session.execute(insert(LookUp), records)
    for start in range(0, len(products), INSERT_ROWS):
        _insert_products(products[start : start + INSERT_ROWS])


def beside(tic_ids: Iterable[int]) -> list[int]:
    """Return the stars that were looked up and are not among `tic_ids`, the stars of an update."""
    return sorted(set(db.session.scalars(select(LookUp.tic_id))).difference(tic_ids))


def refresh(stars: Sequence[dict[str, Any]], products: dict[int, list[dict[str, Any]]]) -> None:
    """Replace rows of stars without a TOI by newer ones, within the transaction of an update.

    Parameters
    ----------
    stars : sequence of dict
        Rows of Star; a star without one keeps its row.
    products : dict
        TIC id -> rows of DataProduct, also where they are none.
    """
    there = set(db.session.scalars(select(LookUp.tic_id).where(~has_toi)))
    for row in stars:
        if row["tic_id"] in there:
            db.session.execute(update(Star).where(Star.tic_id == row["tic_id"]).values(row))
    for tic_id in there.intersection(products):
        db.session.execute(delete(DataProduct).where(DataProduct.tic_id == tic_id))
        _insert_products(products[tic_id])


def product_list_date(star: StarDetail, load: CatalogueLoad | None) -> dt.datetime | None:
    """Return when a star's product list was fetched: by the newest update, or by a later look-up of a star without TOI.

    `load` is the newest update, or None.
    """
    look_up = None if star.tois else find_look_up(star.tic_id)
    dates = [load.loaded_at if load else None, look_up.looked_up_at if look_up else None]
    return max((date for date in dates if date is not None), default=None)


def clear_for(keeping_their_rows: set[int], filenames: "pd.Series") -> None:
    """Delete the stars and products that an update replaces, within its transaction; TOIs are deleted already.

    What stays of them are the stars that were looked up and are not in the new catalogue, with their products but for
    `filenames`, those of the new catalogue: a file named by another catalogue's id has changed hands.
    """
    for model in (DataProduct, Star):
        _delete(model, model.tic_id.in_(old_tois.stars(with_their_rows=True)))
    of_others = select(DataProduct.tic_id, DataProduct.filename).where(DataProduct.tic_id.in_(select(LookUp.tic_id)))
    kept = [filename for tic_id, filename in db.session.execute(of_others) if tic_id in keeping_their_rows]
    listed_anew = sorted(set(kept).intersection(filenames)) if kept else []
    for start in range(0, len(listed_anew), IDS_A_STATEMENT):
        _delete(DataProduct, DataProduct.filename.in_(listed_anew[start : start + IDS_A_STATEMENT]))


def _delete(model: type[Model], condition: ColumnElement[bool]) -> None:
    """Delete rows; by default SQLAlchemy would fetch the id of each, for the objects that a session holds."""
    db.session.execute(delete(model).where(condition), execution_options={"synchronize_session": False})


def which_are_stored(tic_ids: Sequence[int]) -> set[int]:
    """Return those of some stars (at most IDS_A_STATEMENT) that have a TOI or were looked up."""
    return set(db.session.scalars(select(Star.tic_id).where(Star.tic_id.in_(tic_ids))))


def is_stored(tic_id: int) -> bool:
    """Return whether a star has a TOI or was looked up."""
    return db.session.get(Star, tic_id) is not None


def row_without_toi(detail: StarDetail) -> dict[str, Any]:
    """Return a star that has no TOI as `iter_stars` would."""
    curves = {product.sector for product in detail.products if product.kind not in NO_LIGHT_CURVES}
    columns = {column.name: getattr(detail.star, column.name) for column in STAR_COLUMNS}
    return (
        columns
        | hosts_of([detail.tic_id])[detail.tic_id]
        | {
            "planet_probability": None,
            "light_curve_count": len(curves),
            "toi_count": 0,
            "tois": "",
            "product_kinds": " ".join(sorted({product.kind for product in detail.products})),
        }
    )


def find_look_up(tic_id: int) -> LookUp | None:
    """Return the record of a star's look-up, or None."""
    return db.session.get(LookUp, tic_id)


def neighbours_of(tic_id: int, most: int | None = None) -> list[TicNeighbour]:
    """Return the entries of the TIC around a star that was looked up, nearest first; the nearest `most` of them."""
    rows = select(TicNeighbour).where(TicNeighbour.tic_id == tic_id)
    nearest = rows.order_by(TicNeighbour.separation_arcsec, TicNeighbour.neighbour_id)
    return list(db.session.scalars(nearest.limit(most)))


def newest() -> tuple[int, dt.datetime | None]:
    """Return how many stars have been looked up, and when the latest was: both change with any look-up."""
    count, latest = db.session.execute(select(func.count(), func.max(LookUp.looked_up_at))).one()
    return count, latest


def count_without_toi() -> int:
    """Return how many stars without a TOI have been looked up."""
    return db.session.scalar(select(func.count()).select_from(LookUp).where(~has_toi)) or 0


def iter_without_toi(part: slice = EVERYTHING) -> Generator[dict[str, Any]]:
    """Yield the stars without a TOI that were looked up, the latest first.

    Keys: the star's columns, `looked_up_at` (ISO 8601, UTC), `neighbour_count`, `light_curve_count`.
    """
    light_curves = (
        select(light_curve_count)
        .select_from(DataProduct)
        .where(DataProduct.tic_id == Star.tic_id, is_light_curve)
        .correlate(Star)
        .scalar_subquery()
    )
    rows = (
        select(
            *Star.__table__.columns,
            LookUp.looked_up_at,
            LookUp.neighbour_count,
            light_curves.label("light_curve_count"),
        )
        .join(LookUp, LookUp.tic_id == Star.tic_id)
        .where(~has_toi)
        .order_by(LookUp.looked_up_at.desc(), Star.tic_id)
        .offset(part.start)
        .limit(None if part.stop is None else part.stop - part.start)
    )
    for row in db.session.execute(rows).mappings():
        yield dict(row) | {"looked_up_at": f"{row['looked_up_at'].astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"}
