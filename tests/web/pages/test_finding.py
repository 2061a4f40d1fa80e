"""The search box, on both databases: names, ids and positions."""

import html as entities

from tests.support.catalogues import WASP46
from tests.web.pages.test_stars import order, text_of


def test_a_search_that_cannot_be_read_shows_the_accepted_forms(catalogue, client):
    for text in ("1 2 3", "12:34", "???", "TIC", "TIC abc", "TOI x", "TIC 1 2", "+-"):
        answer = client.get("/", query_string={"q": text, "page": 1})
        page = entities.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 400, text
        assert f"q: '{text}' was not understood" in page and "TIC 231663901" in page and "318.737 -55.872" in page


def test_a_search_finds_the_star_in_every_form(catalogue, client):
    forms = (
        *("TIC:231663901", "tic231663901", "TIC 231 663 901", "TIC 231663901.01", "TOI\u2013101", "toi:101.01"),
        *("WASP\u201146\u00a0b", "wasp\u201346", "(318.737, -55.872)", "318.737\t-55.872", "J211456.88-555218.7"),
        *("2MASS J21145688-5552187", "l=340.698 b=-42.074"),
    )
    for text in forms:
        assert order(text_of(client.get("/", query_string={"q": text, "page": 1}))) == [WASP46], text


def test_a_position_with_a_single_star_opens_it_and_a_radius_lists_it(catalogue, client):
    answer = client.get("/", query_string={"q": "318.737 -55.872"})
    assert answer.status_code == 302 and answer.headers["Location"].endswith(f"/stars/{WASP46}")
    assert client.get("/", query_string={"q": "318.737 -55.872", "radius": "5"}).status_code == 200
    assert client.get("/", query_string={"q": "10 80"}).status_code == 200, "no star is there"
