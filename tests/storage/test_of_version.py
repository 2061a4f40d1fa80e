"""What is the same for all pages is read once for each version of the data, and only within one moment."""

import pytest
from sqlalchemy import update

from app_tess.storage import catalogue, data_version, status
from app_tess.storage.database import begin_consistent_read, consistent_read, db, end_consistent_read
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.run_models import Run
from tests.support import catalogues


@pytest.fixture
def loaded(app):
    catalogues.fill()
    change(8)


def change(toi_count, renewed=True):
    """Change what pages read, as `switching` does, or without a new version."""
    db.session.execute(update(CatalogueLoad).values(toi_count=toi_count))
    if renewed:
        data_version.renew()
    db.session.commit()


def read():
    """Read as a page does."""
    end_consistent_read()
    begin_consistent_read()
    load = catalogue.find_current_load()
    end_consistent_read()
    return load


def test_it_is_read_once_for_a_version_and_stays_readable(loaded):
    first = read()
    assert first.toi_count == 8 and read() is first
    change(9)
    assert (first.toi_count, read().toi_count) == (8, 9)


def test_outside_of_a_page_it_is_always_read(loaded):
    read()
    change(9, renewed=False)
    assert consistent_read() is None and catalogue.find_current_load().toi_count == 9
    assert read().toi_count == 8, "no transaction of the site changes a load without a new version"


def test_a_page_that_has_begun_reads_its_own_version(loaded):
    begin_consistent_read()
    before = data_version.version_being_read()
    assert before == data_version.version_being_read() and before[0]
    end_consistent_read()
    change(9)
    begin_consistent_read()
    assert data_version.version_being_read()[0] != before[0]


@pytest.mark.parametrize("state", ["queued", "error", "cancelled", "completed"])
def test_the_newest_update_is_shown_as_it_is_whatever_is_kept(loaded, state):
    read()
    db.session.add(Run(kind="reset", status=state))
    db.session.commit()
    end_consistent_read()
    begin_consistent_read()
    found = status.find_status()
    assert (found.active_reset is not None, found.failed_reset is not None) == (state == "queued", state == "error")
    assert found.load.toi_count == 8
