"""The quiz on light-curve classes gives nothing away before the guess, and everything after it."""

import html
import re
from xml.etree import ElementTree

import pytest

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from tests.support import catalogues
from tests.support.classified import FINDING, VETTED, vet

NAMED = re.compile(r"TOI-\d|TIC \d|" + "|".join(re.escape(toi) for toi in VETTED))


@pytest.fixture
def database_url():
    """SQLite alone: `test_classes` asks both databases."""
    return ""


@pytest.fixture
def catalogue(app):
    catalogues.fill()


@pytest.fixture
def vetted(catalogue):
    vet(*VETTED)


def drawn_quiz(client):
    answer = client.get("/classes/quiz")
    assert answer.status_code == 302 and answer.headers["Cache-Control"] == "no-store"
    return answer.location


def tois_in_order(client, address):
    """The TOIs of a quiz, as its answers name them."""
    page = client.get(address + "".join(f"&guess{n}=J" for n in range(1, 6))).text
    return re.findall(r"<h2 id=\"fold-\d\">Fold \d: TOI-([\d.]+)", page)


def test_a_quiz_gives_nothing_away_before_the_guess(vetted, client):
    address = drawn_quiz(client)
    page = client.get(address).text
    keys = re.findall(r"fold=(\w+)", address)
    main = page.split("<main")[1].split("</main>")[0]
    assert len(set(keys)) == 5 and not NAMED.search(main) and not NAMED.search(address) and FINDING not in main
    assert main.count('type="radio"') == 25 and main.count("required") == 25
    pictures = [client.get(f"/classes/folds/{key}.svg") for key in keys]
    for picture in pictures:
        assert picture.mimetype == "image/svg+xml" and len(picture.data) < 8000
        words = picture.text + str(picture.headers)
        assert not NAMED.search(words) and not any(meaning in words for meaning in LIGHT_CURVE_CLASSES.values())
        assert ElementTree.fromstring(picture.data)[0].text == "Folded light curve"
    assert len({picture.data for picture in pictures}) == 1, "these views are alike, and so are their pictures"
    assert pictures[0].text.count("h0") == 201 - 5 + 61, "what was filled in is not drawn"


def test_after_the_guesses_it_shows_measurements_and_dispositions(vetted, client):
    address = drawn_quiz(client)
    tois = tois_in_order(client, address)
    guesses = [VETTED[toi][1] for toi in tois[:-1]] + ["V"]
    page = html.unescape(client.get(address + "".join(f"&guess{n}={g}" for n, g in enumerate(guesses, 1))).text)
    assert "<strong>4 of 5</strong> guesses agree" in page and page.count(", the same.") == 4
    for toi in tois:
        tic_id, best, _ = VETTED[toi]
        assert f'href="/stars/{tic_id}#toi-{toi}"' in page and LIGHT_CURVE_CLASSES[best] in page
    assert page.count(f"<br>{FINDING}") == 5 and page.count("(TFOPWG)") == 5
    assert page.count('<svg class="class-bar"') == 5


def test_a_fold_without_a_guess_is_named_and_nothing_is_answered(vetted, client):
    page = client.get(drawn_quiz(client) + "&guess1=EB&guess3=V").text
    assert "No guess for folds 2, 4, 5:" in page and FINDING not in page
    assert page.count(" checked>") == 2 and not NAMED.search(page.split("<main")[1].split("</main>")[0])


def test_a_quiz_has_each_fold_once_and_fewer_where_there_are_fewer(catalogue, client):
    vet("101.01", "207.01")
    address = drawn_quiz(client)
    assert len(re.findall("fold=", address)) == 2
    assert client.get(address + address.split("?")[1].replace("fold", "&fold", 1)).text.count("<fieldset") == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/classes/quiz?fold=unknown", 404),
        ("/classes/folds/unknown.svg", 404),
        ("/classes/quiz?fold=1&fold=2&fold=3&fold=4&fold=5&fold=6", 400),
        ("/classes/quiz?answer=1", 400),
    ],
)
def test_an_address_that_leads_to_no_quiz_says_why(vetted, client, address, status):
    assert client.get(address).status_code == status
    assert client.get(drawn_quiz(client) + "&guess1=planet").status_code == 400


def test_glossary_table_and_star_page_lead_to_the_classes(vetted, client):
    assert 'href="/classes"' in client.get("/glossary").text and 'href="/classes"' in client.get("/").text
    assert 'href="/model"' in client.get("/classes").text and 'href="/classes/quiz"' in client.get("/classes").text
