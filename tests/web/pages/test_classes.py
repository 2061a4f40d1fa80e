"""Light-curve classes for readers, on both databases: how many TOIs have one, and examples of each."""

import re

import pytest
from sqlalchemy import update

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.storage import listing
from app_tess.storage.database import db
from tests.support import catalogues
from tests.support.catalogues import FALSE_ONE, WASP46
from tests.support.classified import VETTED, vet
from tests.support.loaded import commit_as_a_new_version


@pytest.fixture
def catalogue(app):
    catalogues.fill()


@pytest.fixture
def vetted(catalogue):
    vet(*VETTED)


def test_each_class_is_explained_with_its_best_examples_agreeing_dispositions_first(vetted, client):
    page = client.get("/classes").text
    assert "6 TOIs of this catalogue have a class" in page
    sections = dict(re.findall(r'<section class="toi" id="(\w+)"(.*?)</section>', page, re.DOTALL))
    assert list(sections) == [code.lower() for code in LIGHT_CURVE_CLASSES]
    shown = {code: re.findall(r"#toi-([\d.]+)", section) for code, section in sections.items()}
    assert shown == {"pc": ["101.01", "175.02"], "eb": ["207.01"], "v": [], "is": ["300.10"], "j": []}
    assert "planet candidate 90 %" in sections["pc"] and "The TFOPWG disposition agrees." in sections["is"]
    for code in ("v", "j"):
        assert "No example: the network puts none of the 6 classified TOIs of this catalogue" in sections[code]
    assert all(words in page for words in ("<strong>Fold:</strong>", "<strong>Cause:</strong>", "Limits:"))


def test_an_example_whose_disposition_disagrees_says_so(catalogue, client):
    vet("207.01")
    db.session.execute(update(listing.ListedToi).values(tfopwg_disposition="CP"))
    commit_as_a_new_version()
    page = client.get("/classes").text
    assert "eclipsing binary 60 %" in page and "The TFOPWG disposition disagrees." in page


def test_without_a_class_the_pages_say_how_to_get_one(catalogue, client):
    assert "No TOI of this catalogue has a class yet" in client.get("/classes").text
    assert "this catalogue has none yet" in client.get("/classes/quiz").text


def test_the_table_states_how_many_tois_of_the_list_are_classified(catalogue, client):
    assert '0 of 8 TOIs have a <a href="/classes">light-curve class' in client.get("/").text
    for toi in ("101.01", "300.10"):
        db.session.execute(update(listing.ListedToi).where(listing.ListedToi.toi == toi).values(light_curve_class="PC"))
    commit_as_a_new_version()
    for address, told in (
        ("/", "2 of 8 TOIs have a"),
        (f"/?tic={WASP46}", "1 of 1 TOI has a"),
        ("/?q=318.736915+-55.871794&radius=1", "1 of 1 TOI has a"),
        (f"/?tic={FALSE_ONE}", "0 of 1 TOI has a"),
    ):
        assert f'{told} <a href="/classes">light-curve class' in client.get(address).text, address
