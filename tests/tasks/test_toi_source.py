"""If ExoFOP cannot be reached, the NASA Exoplanet Archive's copy of the TOI table stands in, and says so."""

import dataclasses

import pytest
from sqlalchemy import func, select

from app_tess.errors import ArchiveError
from app_tess.storage import catalogue
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.tasks.archive_access import open_archives
from app_tess.tasks.reset import describe, reset
from app_tess.tasks.toi_source import fetch_toi_table
from tests.support.progress import quiet

TOI_TABLE = "download_toi.php"


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def here(config, at, sample_archive, shared_sample_archive):
    """Settings with ExoFOP and MAST on one archive, which may fail, and the copy on another."""
    settings = dataclasses.replace(at(config, sample_archive), exoplanet_archive_url=shared_sample_archive.url)
    return dataclasses.replace(settings, archive_retries=0)


def stored():
    rows = db.session.execute(select(Toi.toi, Toi.period_d, Toi.sectors, Toi.comments).order_by(Toi.toi)).all()
    return [tuple(row) for row in rows]


def test_the_copy_is_loaded_and_keeps_what_it_lacks(app, here, sample_archive, shared_sample_archive):
    reset(here, quiet)
    before = stored()
    assert catalogue.find_current_load().toi_url.startswith(sample_archive.url)
    sample_archive.fail_next(TOI_TABLE, status=503, times=None)
    load = reset(here, quiet)
    assert load.toi_url.startswith(shared_sample_archive.url) and "/TAP/sync?" in load.toi_url
    assert stored() == before and any(row[2] for row in before) and any(row[3] for row in before)
    assert "503" in load.skipped[0] and "is the copy of 127.0.0.1" in load.skipped[0] and "sectors" in load.skipped[0]
    assert "TOIs" in describe(load)


def test_an_empty_database_is_filled_from_the_copy(app, here, sample_archive):
    sample_archive.hang(TOI_TABLE, 5, times=None)
    reset(dataclasses.replace(here, archive_timeout_s=0.3), quiet)
    assert db.session.scalar(select(func.count()).select_from(Toi)) == 87


def test_a_table_that_arrives_but_cannot_be_used_is_no_reason_to_take_the_copy(app, here, sample_archive):
    sample_archive.replace_body(TOI_TABLE, b"<html>Maintenance</html>", "text/html")
    with pytest.raises(ArchiveError, match="HTML page"):
        fetch_toi_table(here, open_archives(here), quiet)


def test_if_both_fail_both_are_named(app, here, sample_archive):
    sample_archive.fail_next(TOI_TABLE, status=503, times=None)
    nobody = dataclasses.replace(here, exoplanet_archive_url="http://127.0.0.1:9")
    with pytest.raises(ArchiveError, match=r"503.*Nor can the copy of the TOI table be used: 127\.0\.0\.1:9"):
        fetch_toi_table(nobody, open_archives(nobody), quiet)


def test_each_of_two_archives_that_cannot_be_reached_has_its_own_cause(app, here):
    nobody = dataclasses.replace(here, exofop_url="http://127.0.0.1:9", exoplanet_archive_url="http://127.0.0.1:19")
    with pytest.raises(ArchiveError) as refused:
        fetch_toi_table(nobody, open_archives(nobody), quiet)
    assert str(refused.value).count("127.0.0.1:9 ") == 1 and ".." not in str(refused.value)
