"""What every page says about the data: the current load, and how the last update ended."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from app_tess.storage import catalogue, run_records
from app_tess.storage.data_version import version_being_read
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.run_models import Run

WITHOUT_NOTICE = (None, "completed", "cancelled")
"""Statuses of the newest update of which no page says anything."""


@dataclass(frozen=True)
class SiteStatus:
    """The state of the catalogue."""

    load: CatalogueLoad | None = None
    failed_reset: Run | None = None
    """The newest update, if it failed."""
    active_reset: Run | None = None
    """The newest update, if it is under way."""


def find_status() -> SiteStatus:
    """Return the status; an empty one when the database is down, for the error page shows it too."""
    try:
        load, version = catalogue.find_current_load(), version_being_read()
        if version is not None and version[2] in WITHOUT_NOTICE:
            return SiteStatus(load)
        run = run_records.find_latest("reset")
        return SiteStatus(
            load,
            run if run is not None and run.shown_status in ("error", "aborted") else None,
            run if run is not None and run.is_active else None,
        )
    except SQLAlchemyError:
        db.session.rollback()
        return SiteStatus()
