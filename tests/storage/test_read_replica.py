"""Pages are read from a replica where the site has one; runs and whatever is stored use the primary."""

import dataclasses

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from app_tess.storage import data_version, run_records
from app_tess.storage.database import REPLICA, db, read_from_replica
from app_tess.storage.star_query import StarQuery
from app_tess.storage.stars import count_stars, find_stars
from tests.support import catalogues
from tests.support.catalogues import TRIO, WASP46
from tests.support.postgres import name_of


@pytest.fixture
def lagging(config, tmp_path, request):
    """The settings of a replica."""
    config = dataclasses.replace(config, instance_dir=tmp_path / "replica")
    if not config.database_url:
        yield dataclasses.replace(config, database_read_url=f"sqlite:///{tmp_path / 'replica' / 'tess.sqlite'}")
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield dataclasses.replace(config, database_url=url, database_read_url=url)
    server.drop_database(name_of(url))


@pytest.fixture
def site(config, lagging, make_app):
    """A site whose replica still has the catalogue that the primary has lost since."""
    filled = make_app(dataclasses.replace(lagging, database_read_url=""))
    with filled.app_context():
        catalogues.fill()
        data_version.renew()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    app = make_app(dataclasses.replace(config, database_read_url=lagging.database_read_url))
    yield app
    with app.app_context():
        db.session.remove()
        app.extensions[REPLICA].dispose()


def test_pages_and_exports_show_the_replicas_catalogue_whole(site):
    client = site.test_client()
    page = client.get("/")
    assert page.status_code == 200 and b"6 stars" in page.data and str(TRIO).encode() in page.data
    assert client.get(f"/stars/{WASP46}").status_code == 200
    assert len(client.get("/api/v1/tois.csv").text.splitlines()) == 9
    with site.app_context():
        assert count_stars(StarQuery()) == 0, "commands and the worker read the primary"


def test_runs_are_shown_as_the_primary_has_them(site):
    with site.app_context():
        run_id = run_records.begin_run("reset").run_id
    assert site.test_client().get(f"/runs/{run_id}").status_code == 200


def test_a_page_cannot_write_to_the_replica(site):
    from app_tess.storage.database import begin_consistent_read
    from app_tess.storage.models import DataProduct

    with site.test_request_context("/"):
        read_from_replica()
        begin_consistent_read()
        assert find_stars(StarQuery()).total == 6
        with pytest.raises(SQLAlchemyError, match="read-only|readonly"):
            db.session.execute(delete(DataProduct))
        db.session.rollback()


def test_without_a_replica_everything_is_read_from_the_primary(client):
    catalogues.fill()
    assert b"6 stars" in client.get("/").data
