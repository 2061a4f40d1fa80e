"""The stored catalogue of eclipsing binaries."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select

from app_tess.storage.data_version import of_version
from app_tess.storage.database import db
from app_tess.storage.eclipsing_binary_models import EclipsingBinary, EclipsingBinaryLoad
from app_tess.storage.switching import switching


def replace_binaries(rows: list[dict[str, Any]], load: EclipsingBinaryLoad) -> EclipsingBinaryLoad:
    """Replace the stored binaries by those of a file, in one transaction.

    Parameters
    ----------
    rows : list of dict
        With the columns of EclipsingBinary.
    load : EclipsingBinaryLoad
        Not yet stored; its count is filled in here.
    """
    load.signal_count = len(rows)
    with switching():
        db.session.execute(delete(EclipsingBinary))
        db.session.execute(insert(EclipsingBinary), rows)
        db.session.add(load)
    return load


@of_version
def find_current_load() -> EclipsingBinaryLoad | None:
    """Return the newest EclipsingBinaryLoad, or None when nothing has been loaded."""
    return db.session.scalars(select(EclipsingBinaryLoad).order_by(EclipsingBinaryLoad.id.desc()).limit(1)).first()


def binaries_of(tic_ids: Iterable[int]) -> list[EclipsingBinary]:
    """Return the binaries of some TIC entries."""
    rows = select(EclipsingBinary).where(EclipsingBinary.tic_id.in_(list(tic_ids)))
    return list(db.session.scalars(rows.order_by(EclipsingBinary.tic_id, EclipsingBinary.signal)))
