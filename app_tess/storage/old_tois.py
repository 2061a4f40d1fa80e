"""The TOIs of the catalogue that an update replaces, within its transaction: what is compared with the new ones."""

from sqlalchemy import Column, MetaData, Table, insert, select

from app_tess.fields import RECORDED_FIELDS
from app_tess.storage.database import db
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


def keep() -> None:
    """Copy the TOIs as they stand."""
    table.create(db.session.connection())
    names = [column.name for column in old]
    db.session.execute(insert(table).from_select(names, select(*(Toi.__table__.columns[name] for name in names))))


def forget() -> None:
    """Remove the copy, before the transaction is committed."""
    table.drop(db.session.connection())
