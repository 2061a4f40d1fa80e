"""What the tests share: an application on either database, a sample archive over real HTTP, and a small loaded catalogue."""

import dataclasses

import pytest

from app_tess import create_app
from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage.database import db
from tests.support.postgres import PostgresServer, find_binaries

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server():
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed on this machine")
    server = PostgresServer(binaries)
    yield server
    server.stop()


@pytest.fixture(params=DATABASES)
def database_url(request):
    """A new, empty database: "" for embedded SQLite, or a PostgreSQL URL. Every test that uses it runs on both."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def config(database_url, tmp_path):
    """Settings for a test: nothing outside its folder, archives that cannot be reached, short waits."""
    return Config(
        database_url=database_url,
        instance_dir=tmp_path / "instance",
        admin_token="test-admin-token",
        exofop_url="http://127.0.0.1:9",
        mast_url="http://127.0.0.1:9",
        archive_timeout_s=5,
        archive_retries=2,
        archive_backoff_s=0.01,
    )


@pytest.fixture
def make_app():
    """Applications that are put away after the test."""
    made = []

    def make(config):
        app = create_app(config)
        app.testing = True
        with app.app_context():
            db.create_all()
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(config, make_app):
    """An application with empty tables."""
    app = make_app(config)
    with app.app_context():
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def shared_sample_archive():
    """The bundled sample over real HTTP, for tests that only read."""
    with SampleArchive() as archive:
        yield archive


@pytest.fixture
def sample_archive():
    """One of its own, for tests that make it fail."""
    with SampleArchive() as archive:
        yield archive


@pytest.fixture
def at():
    """Settings that point at a running archive."""
    return lambda config, archive: dataclasses.replace(config, exofop_url=archive.exofop_url, mast_url=archive.mast_url)
