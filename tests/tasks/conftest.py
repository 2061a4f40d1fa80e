"""Fixtures for the tests of several stories."""

import pytest

from app_tess.archives.sample.server import SampleArchive
from app_tess.tasks.reset import reset
from tests.support.progress import quiet
from tests.support.shared import shared_path


@pytest.fixture(scope="session")
def real_archive():
    """The archive of ../shared/archive, for tests that only read."""
    with SampleArchive(shared_path("archive")) as archive:
        yield archive


@pytest.fixture
def real(app, config, at, prepared, real_archive):
    """The real catalogue and files of ../shared/archive."""
    here = at(config, real_archive)
    prepared.fill(app, here, "real", lambda: reset(here, quiet))
    return here


@pytest.fixture
def sample(app, config, at, shared_sample_archive, prepared):
    """The bundled sample's catalogue, loaded from its archive."""
    here = at(config, shared_sample_archive)
    prepared.fill(app, here, "sample", lambda: reset(here, quiet))
    return here
