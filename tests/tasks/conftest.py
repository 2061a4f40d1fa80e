"""Fixtures for the tests of several stories."""

import pytest

from app_tess.archives.sample.server import SampleArchive
from app_tess.tasks.reset import reset
from tests.support.progress import quiet
from tests.support.shared import shared_path


@pytest.fixture
def real(app, config, at, prepared):
    """The real catalogue and files of ../shared/archive."""
    with SampleArchive(shared_path("archive")) as archive:
        here = at(config, archive)
        prepared.fill(app, here, "real", lambda: reset(here, quiet))
        yield here
