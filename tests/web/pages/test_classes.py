"""Light-curve classes for readers: how many TOIs have one, what each looks like, and a quiz."""

import pytest
from sqlalchemy import update

from app_tess.storage import listing
from app_tess.storage.database import db
from tests.support import catalogues
from tests.support.catalogues import FALSE_ONE, WASP46
from tests.support.loaded import commit_as_a_new_version


@pytest.fixture
def catalogue(app):
    catalogues.fill()


def test_the_table_states_how_many_tois_of_the_list_are_classified(catalogue, client):
    assert "0 of 8 TOIs have a light-curve class" in client.get("/").text
    for toi in ("101.01", "300.10"):
        db.session.execute(update(listing.ListedToi).where(listing.ListedToi.toi == toi).values(light_curve_class="PC"))
    commit_as_a_new_version()
    for address, told in (
        ("/", "2 of 8 TOIs have"),
        (f"/?tic={WASP46}", "1 of 1 TOI has"),
        ("/?q=318.736915+-55.871794&radius=1", "1 of 1 TOI has"),
        (f"/?tic={FALSE_ONE}", "0 of 1 TOI has"),
    ):
        assert f"{told} a light-curve class" in client.get(address).text, address
