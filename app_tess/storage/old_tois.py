"""What an update replaces, within its transaction: the stars that differ, and their TOIs as they were until then."""

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Boolean, Column, MetaData, Select, Table, insert, select

from app_tess.fields import RECORDED_FIELDS
from app_tess.storage.database import db
from app_tess.storage.inserting import insert_into
from app_tess.storage.models import Toi

COMPARED = dict.fromkeys(
    name for field in RECORDED_FIELDS for name in ("toi", "tic_id", field.name, field.error) if name
)
"""Columns of the recorded changes: the fields with their errors."""
NUMBERED = ("period_d", "epoch_btjd", "epoch_number")
"""Columns of a transit's number."""

table = Table(
    "old_tois",
    MetaData(),
    *(
        Column(name, Toi.__table__.columns[name].type, primary_key=name == "toi")
        for name in dict.fromkeys((*COMPARED, *NUMBERED))
    ),
    prefixes=["TEMPORARY"],
)
"""Of this connection alone; a rollback removes it."""
old = table.c
_stars = Table(
    "replaced_stars",
    MetaData(),
    Column("tic_id", BigInteger, primary_key=True, autoincrement=False),
    Column("keeps_its_row", Boolean),
    prefixes=["TEMPORARY"],
)


def keep(tic_ids: Iterable[int], keeping_their_rows: Collection[int]) -> None:
    """Note the stars that differ, and copy their TOIs as they stand.

    Parameters
    ----------
    tic_ids : iterable of int
    keeping_their_rows : collection of int
        Stars whose TOIs alone are replaced.
    """
    for one in (_stars, table):
        one.create(db.session.connection())
    insert_into(_stars, ({"tic_id": tic_id, "keeps_its_row": tic_id in keeping_their_rows} for tic_id in tic_ids))
    columns = Toi.__table__.columns
    found = select(*(columns[column.name] for column in old)).where(columns.tic_id.in_(stars()))
    db.session.execute(insert(table).from_select([column.name for column in old], found))


def stars(*, with_their_rows: bool = False) -> Select[int]:
    """Select the TIC ids of the stars that differ, or of those whose rows are replaced with their TOIs."""
    found = select(_stars.c.tic_id)
    return found.where(~_stars.c.keeps_its_row) if with_their_rows else found


def forget() -> None:
    """Remove the copies, before the transaction is committed."""
    for one in (_stars, table):
        one.drop(db.session.connection())
