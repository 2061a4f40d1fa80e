"""What the tests share: an application on either database, and a sample archive over real HTTP."""

import dataclasses
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from flask import Flask

from app_tess import create_app
from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage.database import db
from app_tess.tasks import what_if
from app_tess.web.http import kept
from app_tess.web.pages import light_curves
from tests.support.compiled_routes import compile_routes_once
from tests.support.compiled_statements import compile_statements_once
from tests.support.compiled_templates import CompiledTemplates
from tests.support.postgres import find_binaries, name_of
from tests.support.prepared import PreparedDatabases, shared_server, stop_shared_server

DATABASES = ("sqlite", "postgresql")

Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
compile_routes_once()
compile_statements_once()

what_if.PATIENCE_S = light_curves.PATIENCE_S = 60.0  # a test waits for the model or a file, however busy the machine is
kept.LIFE_S = 10**9  # a test may begin in one minute and end in the next

RUN_FOLDER = "TESS_TEST_RUN"
"""Environment variable: a folder that all processes of the test run share."""

SELDOM = (20_000, 20, 50)
"""After how many new objects garbage is looked for, instead of 700: that saves a twentieth of the processor time."""

MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 2**30
"""Linux's file system in memory, and what it must have free for temporary files: a run takes less than a GiB."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Make the shared folder, in memory where there is room; the processes that pytest-xdist starts inherit it.

    The tests' own folders are in it and go with it: `--basetemp FOLDER` keeps them.
    """
    gc.set_threshold(*SELDOM)
    if not hasattr(config, "workerinput"):
        if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
            os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="tess-test-run-")
        config.option.basetemp = config.option.basetemp or f"{os.environ[RUN_FOLDER]}/tests"


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their length: gzip writes the time into them, and all processes must collect the same names."""
    return f"{argname}_of_{len(val)}_bytes" if isinstance(val, bytes) else None


LONGEST = (
    "scoring/light_curve_model/test_network_training.py",
    "browser/test_access.py",
    "tasks/test_worker.py",
    "tasks/test_reset.py",
    "browser/test_journeys.py",
    "web/pages/test_changes.py",
    "web/pages/test_vetting_page.py",
    "web/pages/test_light_curves.py",
    "tasks/test_load_scores.py",
    "tasks/test_interruptions.py",
    "tasks/test_search.py",
    "web/test_warm_up.py",
    "web/test_fuzz.py",
    "web/test_odd_values.py",
    "scoring/catalogue_model/test_keras_step.py",
    "astro/vetting/test_truth.py",
)
"""Files that take a quarter of a minute of processor time and more: begun last, one would keep one process busy."""


def pytest_collection_modifyitems(items):
    """Begin with the longest files."""
    rank = {str(Path(__file__).parent / name): number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(str(item.path), len(LONGEST)))


def pytest_unconfigure(config):
    """End and remove what is shared, when all processes are done."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop(RUN_FOLDER))
        stop_shared_server(folder, find_binaries())
        shutil.rmtree(folder)


@pytest.fixture(scope="module", autouse=True)
def collect_only_garbage_of_this_file():
    """Spare the garbage collector what is loaded: searching it again and again took a fifth of the processor time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def run_folder():
    """A folder that the processes of the test run share."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def postgres_server(run_folder):
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed on this machine")
    return shared_server(run_folder, binaries)


@pytest.fixture(scope="session")
def prepared(run_folder, request):
    """Databases that are filled once in a test run, and copied."""
    return PreparedDatabases(run_folder, lambda: request.getfixturevalue("postgres_server"))


@pytest.fixture(params=DATABASES)
def database_url(request):
    """A new, empty database: "" for embedded SQLite, or a PostgreSQL URL. Every test that uses it runs on both."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.put_away(name_of(url))


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
def make_app(prepared):
    """Applications with their tables, put away after the test."""
    made = []

    def make(config):
        app = create_app(config)
        app.testing = True
        made.append(app)
        if prepared.is_empty(config):
            prepared.fill(app, config, "tables", db.create_all)
        else:
            with app.app_context():
                db.create_all()
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
