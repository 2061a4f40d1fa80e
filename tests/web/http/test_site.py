"""The frame of every page: theme, menu, changes and their feed, the style page, the plots."""

import dataclasses
import datetime as dt
import re

import pytest

from app_tess.astro.constants import HABITABLE_INSOLATION_EARTH
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange
from app_tess.web.pages.glossary import terms
from tests.support import catalogues
from tests.support.catalogues import TRIO, WASP46


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()
    for number, (toi, tic_id, kind, before, after) in enumerate(
        [
            ("101.01", WASP46, "disposition", "PC", "KP"),
            ("175.10", TRIO, "new", None, "PC"),
            ("175.02", TRIO, "period", "7.1", "7.45"),
        ]
    ):
        db.session.add(
            CatalogueChange(
                load_id=1,
                toi=toi,
                tic_id=tic_id,
                kind=kind,
                before=before,
                after=after,
                changed_at=dt.datetime(2025, 1, 1 + number, tzinfo=dt.UTC),
            )
        )
    db.session.commit()


def test_a_theme_is_remembered_and_leads_back_to_the_same_page_only(client):
    answer = client.post("/theme", data={"theme": "dark", "next": "/glossary?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/glossary?x=1")
    assert 'data-theme="dark"' in client.get("/glossary").get_data(as_text=True)
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "/\r\nx: y"):
        assert client.post("/theme", data={"theme": "auto", "next": evil}).headers["Location"] == "/"
    assert "data-theme" not in client.get("/glossary").get_data(as_text=True)
    assert client.post("/theme", data={"theme": "pink"}).status_code == 400


def test_changes_are_listed_by_date_and_per_star(catalogue, client):
    html = client.get("/changes").get_data(as_text=True)
    assert html.index("2025-01-03") < html.index("2025-01-02") < html.index("2025-01-01")
    assert "7.1 d" in html and "New disposition" in html
    one = client.get(f"/changes?tic_id={WASP46}").get_data(as_text=True)
    assert "TOI-101.01" in one and "TOI-175" not in one
    assert client.get("/changes?tic_id=x").status_code == 400
    assert "New disposition" in client.get(f"/stars/{WASP46}").get_data(as_text=True)


def test_the_style_page_is_for_development_only(config, make_app):
    assert make_app(config).test_client().get("/style").status_code == 200
    production = dataclasses.replace(config, environment="production", secret_key="x" * 40)
    assert make_app(production).test_client().get("/style", base_url="https://localhost").status_code == 404


def test_plots_are_pngs_with_an_etag_and_take_the_tables_filters(catalogue, client):
    for name in ("sky", "period-radius"):
        answer = client.get(f"/plots/{name}.png?disposition=CP")
        assert answer.status_code == 200 and answer.data.startswith(b"\x89PNG")
        again = client.get(f"/plots/{name}.png?disposition=CP", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304 and not again.data
        assert client.get(f"/plots/{name}.png?disposition=XX").status_code == 400
        assert client.get(f"/plots/{name}.png?theme=pink").status_code == 400
        assert client.get(f"/plots/{name}.png?q=nothing").data.startswith(b"\x89PNG")


def test_points_of_the_page_are_linked(catalogue, client):
    html = client.get("/").get_data(as_text=True)
    assert (
        html.count('<area shape="circle"') == 7 + 4 and f'href="/stars/{TRIO}?sort=alerted_on" alt="TOI-175.10"' in html
    )


def test_a_page_of_more_tois_than_can_be_told_apart_leaves_the_links_to_its_table(app, client):
    catalogues.fill_a_page(50, tois_a_star=2)
    html = client.get("/").get_data(as_text=True)
    assert html.count("<tbody") == 50 and "<area" not in html and "the table links to their stars" in html


def test_every_page_and_order_of_a_list_shows_the_same_pictures_and_rings_its_own_points(catalogue, client):
    pages = [client.get(address).text for address in ("/?page_size=1", "/?page_size=1&page=2&direction=desc")]
    pictures, rings = (
        [re.findall(pattern, page) for page in pages] for pattern in (r'src="(/plots/[^"]+)"', r'points="([^"]+)"')
    )
    assert pictures[0] == pictures[1] == 2 * ["/plots/sky.png"] + 2 * ["/plots/period-radius.png"], (
        "for phones and wider screens"
    )
    assert len(rings[0]) == 2 and rings[0] != rings[1]
    etags = {client.get(f"/plots/sky.png{order}").headers["ETag"] for order in ("", "?sort=tmag&page=2")}
    assert len(etags) == 1


def test_the_glossary_gives_the_habitable_zone_that_the_list_uses(client):
    low, high = HABITABLE_INSOLATION_EARTH
    assert f"{low} to {high}" in terms()["insolation"]["text"]
    assert f"insolation {low} to {high} S⊕" in client.get("/?queue=habitable").text
