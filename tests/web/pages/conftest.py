"""What the tests of several pages share."""

import pytest

from tests.support import catalogues


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()
