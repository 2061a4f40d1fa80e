"""What every page tells of the data: the current load, and how the last reload ended."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from app_tess.storage import catalogue, run_records
from app_tess.storage.database import db


@dataclass(frozen=True)
class SiteStatus:
    """`load`: the current CatalogueLoad or None; `failed_reset`, `active_reset`: the newest reload if it failed or is under way."""

    load: object = None
    failed_reset: object = None
    active_reset: object = None


def find_status():
    """The status in two statements; an empty one when the database is down, for the error page asks too."""
    try:
        run = run_records.find_latest("reset")
        return SiteStatus(
            catalogue.find_current_load(),
            run if run is not None and run.status in ("error", "aborted") else None,
            run if run is not None and run.is_active else None,
        )
    except SQLAlchemyError:
        db.session.rollback()
        return SiteStatus()
