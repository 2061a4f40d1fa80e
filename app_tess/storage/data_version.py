"""The version of all stored data that the site shows, apart from runs: renewed by every transaction of `switching`."""

import uuid
from typing import Any

from sqlalchemy import String, insert, select, true, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, changed_rows, db, reading_engine
from app_tess.storage.run_models import Run


class DataVersion(Model):
    """The only row of its table."""

    __tablename__ = "data_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    """Random, so that no version returns when a database is restored."""


def renew() -> None:
    """Begin a new version, within the open transaction."""
    token = uuid.uuid4().hex
    changed = db.session.execute(update(DataVersion).values(token=token).execution_options(synchronize_session=False))
    if not changed_rows(changed):
        db.session.execute(insert(DataVersion).values(id=1, token=token))


_latest_reset = (
    select(Run.id, Run.status, Run.is_lost).where(Run.kind == "reset").order_by(Run.id.desc()).limit(1).subquery()
)
_shown = select(DataVersion.token, _latest_reset).select_from(DataVersion.__table__.outerjoin(_latest_reset, true()))


def read_shown_version() -> tuple[Any, ...] | None:
    """Return what the pages depend on: the version, and how the newest update stands, which their banners say.

    One statement outside of any transaction: a response that is rendered after it is at least as new. None where
    nothing has been stored yet, or the database cannot be read.
    """
    try:
        with reading_engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            found = connection.execute(_shown).first()
    except SQLAlchemyError:
        return None
    return None if found is None else tuple(found)
