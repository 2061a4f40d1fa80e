"""PostgreSQL stores NaN, which SQLite turns into NULL: the addresses of a star that has it answer all the same."""

import math

import pytest
from sqlalchemy import Float

from app_tess.storage.models import Star, Toi
from tests.support.loaded import loaded_app
from tests.support.postgres import name_of
from tests.web import test_odd_values as odd
from tests.web.test_odd_values import a_toi_a_column, client, star_values  # noqa: F401  (fixtures)


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared, postgres_server):
    url = postgres_server.create_database()
    with loaded_app(prepared, tmp_path_factory.mktemp("nan"), shared_sample_archive, url) as app, app.app_context():
        yield app
    postgres_server.put_away(name_of(url))


def test_nan_in_every_column_of_a_toi(client, a_toi_a_column):  # noqa: F811
    tois = a_toi_a_column(math.nan, odd.of_type(Toi, Float))
    odd.answers(client, *odd.pages_of_the_star(tois), "/plots/period-radius.png", "/tonight?unknown_error=yes")


def test_nan_in_every_column_of_a_star(client, star_values):  # noqa: F811
    star_values(**dict.fromkeys(odd.of_type(Star, Float, ("ra_deg", "dec_deg")), math.nan))
    odd.answers(client, *odd.pages_of_the_star(), "/plots/sky.png")
