"""Pages keep the valid values of an address, show what they select, and name each invalid one beside its field."""

import re

import pytest

from app_tess.web.http.invalid_values import NO_PAGE
from tests.support import catalogues
from tests.support.catalogues import WASP46

JSON = {"Accept": "application/json"}


@pytest.fixture
def catalogue(app):
    catalogues.fill()


def field(page, name):
    """Return the tag of a form's field."""
    return re.search(
        rf'<(input|select|fieldset)[^>]*\b(name="?{name}"?|flaw-{name})[^>]*>', page.split('class="filters"')[1]
    ).group()


@pytest.mark.parametrize(
    ("address", "name", "typed", "kept"),
    [
        ("/?period_d_min=soon&tmag_max=11", "period_d_min", "soon", 'name="tmag_max" aria-label="Tmag, maximum"'),
        ("/?q=TIC+x&sort=tmag", "q", "TIC x", '<option value="tmag" selected>'),
        ("/?alerted_since=yesterday&fold=no", "alerted_since", "yesterday", '<option value="no" selected>without'),
        ("/tonight?aperture=big&min_depth=500", "aperture", "big", 'name="min_depth" value="500"'),
        ("/tonight?date=friday&site=La+Silla", "date", "friday", "<option selected>La Silla</option>"),
        (f"/stars/{WASP46}/transits?max_airmass=0&nights=5", "max_airmass", "0", 'name="nights" value="5"'),
        ("/survey?sde_min=high&new=yes", "sde_min", "high", '<option value="yes" selected>'),
        ("/match?star=soon&time_btjd=1500", "star", "soon", 'name="time_btjd" size="24" value="1500"'),
        ("/match?star=1&time_btjd=then&depth_ppm=10", "time_btjd", "then", 'name="depth_ppm" size="8" value="10"'),
    ],
)
def test_a_form_keeps_all_that_was_typed_and_marks_what_is_invalid(catalogue, client, address, name, typed, kept):
    answer = client.get(address)
    assert answer.status_code == 400 and answer.headers["Cache-Control"] == "no-store"
    tag = field(answer.text, name)
    assert f'value="{typed}"' in tag and f'aria-invalid="true" aria-describedby="flaw-{name}"' in tag
    assert 'type="date"' not in tag and 'type="number"' not in tag, "the browser would show neither"
    assert f'id="flaw-{name}">' in answer.text and f"<li>{name}: " in answer.text
    assert kept in answer.text


def test_the_rows_are_those_of_the_other_filters(catalogue, client):
    def rows(address):
        return re.findall(r"/tois/([\d.]+)>", client.get(address).text)

    assert rows("/?period_d_min=soon&tmag_max=11") == rows("/?tmag_max=11") != rows("/?sort=alerted_on")


def test_every_invalid_value_is_named(catalogue, client):
    page = client.get("/?period_d_min=soon&tmag_max=dim&disposition=XX&page=0&shoes=2&sort=tmag").text
    for name in ("period_d_min", "tmag_max", "disposition", "page", "shoes"):
        assert f"<li>{name}: " in page
    for name in ("period_d_min", "tmag_max", "disposition"):
        assert f'aria-describedby="flaw-{name}"' in page and f'id="flaw-{name}"' in page
    assert client.get("/?" + "&".join(f"a{number}=1" for number in range(30))).text.count("<li>a") == 0


def test_programs_and_files_get_the_error_alone(catalogue, client):
    for address in (
        "/?period_d_min=soon",
        "/tonight?aperture=big",
        "/match?star=1&time_btjd=then",
        "/match?period_d=2",
    ):
        assert client.get(address, headers=JSON).json["error"]["code"] == "bad_request"
    assert client.get("/api/v1/tois.csv?period_d_min=soon").json["error"]["status"] == 400
    calendar = client.get("/tonight.ics?aperture=big")
    assert calendar.status_code == 400 and "BEGIN" not in calendar.text


def test_a_list_updated_in_place_is_loaded_anew_with_its_form(catalogue, client):
    answer = client.get("/?period_d_min=soon&tmag_max=11", headers={"HX-Request": "true"})
    assert answer.status_code == 400 and answer.headers["HX-Redirect"] == "/?period_d_min=soon&tmag_max=11"


def test_every_page_of_the_site_keeps_its_valid_values(app, catalogue, client):
    """Pages that read parameters refuse unknown ones: each shows itself then."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or NO_PAGE.search(rule.rule) or rule.arguments - {"tic_id"}:
            continue
        address = rule.rule.replace("<int:tic_id>", str(WASP46))
        with app.app_context():
            usual = client.get(address)
        with app.app_context():
            answer = client.get(f"{address}?shoe_size=42")
        if answer.status_code == 400 != usual.status_code:
            heading = re.search("<h1.*?</h1>", usual.text, re.DOTALL)
            assert "<li>shoe_size: unknown parameter.</li>" in answer.text, address
            assert address == "/" or usual.status_code == 302 or heading.group() in answer.text, address
