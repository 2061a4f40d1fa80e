"""The table and the star's page, as a reader gets them, on both databases."""

import re

from app_tess.storage import classifiers, data_version, listing, run_records
from app_tess.storage.classifier_models import Classifier
from app_tess.storage.database import db
from app_tess.web.pages.columns import COLUMNS
from tests.support import catalogues
from tests.support.catalogues import BARE, DVT, FALSE_ONE, HUGE, LC, SINGLE, TRIO, WASP46
from tests.support.statements import statements_of


def text_of(response):
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def order(html):
    return [int(number) for number in re.findall(r'scope=rowgroup[^>]*><input[^>]*> <a href="/stars/(\d+)', html)]


def test_the_table_shows_number_bar_and_word_and_a_badge_with_a_word(catalogue, client):
    html = text_of(client.get("/"))
    assert order(html) == [TRIO, FALSE_ONE, SINGLE, WASP46, HUGE, BARE]
    assert "<strong>6 stars</strong>" in html and "97 %" in html and "very likely" in html and "rect width=97%" in html
    assert (
        "false positive" in html
        and "not scored" in html
        and ">single<td" in html
        and "300.10" in html
        and "<a href=/tois/300.1>300.1</a>" in html
    )


def test_every_view_has_an_address_and_links_keep_it(catalogue, client):
    html = text_of(client.get("/?disposition=CP&disposition=KP&sort=tmag&page_size=1"))
    assert order(html) == [TRIO] and "Page 1 of 2" in html
    assert 'rel="next" href="/?disposition=CP&amp;disposition=KP&amp;sort=tmag&amp;page=2&amp;page_size=1"' in html
    assert f"/stars/{TRIO}?disposition=CP&amp;disposition=KP&amp;sort=tmag&amp;page_size=1" in html


def test_a_filter_that_makes_no_sense_answers_400_and_names_the_field(catalogue, client):
    for address, field in (
        ("period_d_min=soon", "period_d_min"),
        ("tmag_min=9&tmag_max=8", "tmag_min"),
        ("sort=colour", "sort"),
        ("page=0", "page"),
        ("page_size=1000000", "page_size"),
        ("q=1 2&radius=-1", "radius"),
        ("columns=shoe", "columns"),
    ):
        answer = client.get(f"/?{address}")
        assert answer.status_code == 400 and f"{field}: " in answer.text, address
        assert answer.headers["HX-Push-Url"] == "false", "a list that asked in place keeps its address"
        told = client.get(f"/?{address}", headers={"Accept": "application/json"})
        assert told.status_code == 400 and told.json["error"]["message"].startswith(f"{field}: "), address


def test_symbols_and_names_keep_their_capitals_where_one_sorts_by_them(catalogue, client):
    html = text_of(client.get("/?sort=snr"))
    assert (
        "sorted by SNR, ascending" in html
        and ">Teff</option>" in html
        and ">score by another classifier</option>" in html
        and ">planet radius</option>" in html
    )


def test_chosen_columns_are_shown_and_remembered(catalogue, client):
    assert "Equilibrium temperature <" not in text_of(client.get("/"))
    assert ">log g</a>" in text_of(client.get("/?columns=logg&columns=tmag"))
    html = text_of(client.get("/"))
    assert ">log g</a>" in html and ">Depth</a>" not in html
    assert client.get("/?columns=shoe_size").status_code == 400
    answer = client.get("/?columns=" + ",".join(COLUMNS))
    assert answer.headers["HX-Push-Url"] == "/?columns=all" and 'direction=desc&amp;columns=all"' in answer.text
    assert all(f">{label}</a>" in text_of(client.get("/?columns=all")) for label in ("log g", "Distance", "Updated"))


def test_the_address_to_show_holds_what_was_asked_for_and_nothing_else(catalogue, client):
    answer = client.get(
        "/?q=&radius=&disposition=KP&period_d_min=&sort=alerted_on&direction=desc&page_size=50&columns=tic_id&columns=toi&columns=logg"
    )
    assert answer.headers["HX-Push-Url"] == "/?disposition=KP&columns=tic_id%2Ctoi%2Clogg"
    assert "columns=tic_id%2Ctoi%2Clogg" in answer.text, "links keep the columns that the address chose"


def test_the_queue_against_another_classifier_names_it_and_its_file(catalogue, client):
    assert "load-scores NAME FILE" in text_of(client.get("/?queue=classifier_score"))
    row = dict.fromkeys(("row", "toi", "tic_id", "period_d", "version", "scored_on"))
    for name, score in (("ExoMiner", 0.2), ("Mine", 0.95)):
        classifiers.replace_scores(
            Classifier(name=name, file_name="scores.csv", sha256="e" * 64),
            [row | {"tic_id": WASP46, "period_d": 1.43, "score": score}],
        )
    html = text_of(client.get("/?queue=classifier_score"))
    assert order(html) == [WASP46] and "absent here" in html and "<td>0.200" in html and ">ExoMiner</a>" in html
    html = text_of(client.get("/?queue=classifier_score&classifier=mine&classifier_score_min=0.1"))
    assert order(html) == [] and "<option selected>Mine</option>" in html
    html = text_of(client.get(f"/stars/{WASP46}"))
    assert "ExoMiner 0.200 (undated); Mine 0.950 (undated)" in " ".join(re.sub("<[^>]*>", "", html).split())


def test_every_column_is_explained_where_it_stands(catalogue, client):
    html = text_of(client.get("/?columns=all"))
    assert {column.heading for column in COLUMNS.values() if not column.term} == {
        "Planet name",
        "Number of TOIs",
        "Updated",
    }
    for column in COLUMNS.values():
        if column.term and column.name != "fold":
            assert f'<div><dt><a href="/glossary#{column.term}">{column.heading}</a>' in html, column.name


def test_an_empty_database_says_how_to_fill_it(client):
    html = text_of(client.get("/"))
    assert "The database is empty" in html and "first-load" in html and 'href="/reset"' in html


def test_an_empty_answer_and_a_page_beyond_the_last_lead_back(catalogue, client):
    assert "No star passes" in text_of(client.get("/?sector=99"))
    told = text_of(client.get("/?q=nothing+like+it&sector=3"))
    assert "No match for “nothing like it” with the other filters" in told and 'href="/?q=WASP-46+b"' in told
    assert "within 3 arcmin of this position" in text_of(client.get("/?q=100+10&radius=180+arcsec"))
    assert "Page 9 does not exist" in text_of(client.get("/?page=9"))


def test_simulated_data_and_a_failed_reload_are_told_on_every_page(app, client):
    catalogues.fill(simulated=True)
    claim = run_records.begin_run("reset")
    run_records.end(claim, "error", "exofop.example did not answer <b>in time</b>.")
    for address in (
        "/",
        f"/stars/{WASP46}",
        "/reset",
        "/predict",
        "/operations",
        f"/runs/{claim.run_id}",
        "/changes",
        "/glossary",
        "/nowhere",
    ):
        html = client.get(address).get_data(as_text=True)
        assert "Simulated light curves." in html and "EXOFOP_URL" in html, address
        assert "exofop.example did not answer &lt;b&gt;in time" in html, address


def test_a_stars_page_holds_parameters_verdict_score_and_pictures(catalogue, client):
    html = text_of(client.get(f"/stars/{WASP46}"))
    for wanted in (
        "1.43037000 ± 0.00000077 d",
        "1326.00912 ± 0.00013",
        "5,824",
        "5,600",
        "differs",
        "WASP-46 b",
        "Known planet",
        f"/stars/{WASP46}/tois/101.01/folded.png",
        f"/stars/{WASP46}/sectors/{LC}.png",
        f'{DVT}">Events in sector',
        f"Download/file?uri=mast:TESS/product/{LC}",
        "2025-04-06",
        f"/stars/{WASP46}/provenance#folded-101.01",
        "stellar metallicity",
        "counts strongly for a planet",
        'href="/?q=175.01"',
        "simbad",
        "adsabs",
        "exoplanetarchive",
        'loading="lazy"',
        "observed, by ExoFOP; no file in MAST",
    ):
        assert wanted in html, wanted
    assert "d" * 64 in client.get(f"/stars/{WASP46}/provenance").text


def test_the_disposition_leads_and_the_score_of_a_known_planet_is_a_footnote(catalogue, client):
    page = text_of(client.get(f"/stars/{WASP46}"))
    card = page[page.index('id="toi-101.01"') :]
    places = [
        card.index(text)
        for text in ("badge-planet", "Not measured yet", "folded.png", "Trained without this star", "Period</a>")
    ]
    assert places == sorted(places) and "class=score>" not in page
    open_one = text_of(client.get(f"/stars/{SINGLE}"))
    assert "without this star" not in open_one and open_one.index("class=score>") < open_one.index("Duration</a>")
    assert (
        "Unchanged since" not in card[: card.index('id="history"')] and "hanges" in card[card.index('id="history"') :]
    )


def test_a_star_without_light_curves_says_why_and_has_no_broken_image(catalogue, client):
    html = text_of(client.get(f"/stars/{SINGLE}"))
    assert "TASOC full-frame-image light curve); observed in sector 4, by ExoFOP." in html
    assert "<img" not in html and "single transit" in html
    assert "no TESS Input Catalog entry" in text_of(client.get(f"/stars/{BARE}"))
    assert text_of(client.get(f"/stars/{HUGE}"))


def test_a_star_knows_its_neighbours_in_the_list_it_was_reached_from(catalogue, client):
    html = text_of(client.get(f"/stars/{FALSE_ONE}?sort=alerted_on"))
    assert (
        f'rel="prev" href="/stars/{TRIO}?' in html and f'rel="next" href="/stars/{SINGLE}?' in html and "2 of 6" in html
    )


def test_a_star_that_is_not_stored_is_a_404_that_offers_to_look_it_up(catalogue, client):
    answer = client.get("/stars/42")
    assert answer.status_code == 404 and "TIC 42 is not among the" in answer.text
    assert 'action="/stars/42/look-up"' in answer.text
    assert client.get("/stars/0").status_code == client.get(f"/stars/{2**63}").status_code == 404


def test_pages_carry_no_inline_script_or_style_which_the_policy_would_drop(catalogue, client):
    for address in ("/", f"/stars/{WASP46}", "/reset", "/glossary", "/style", "/changes"):
        html = text_of(client.get(address))
        assert not re.search(r"<style|\sstyle=|\son\w+=", html) and not re.search(r"<script(?![^>]*\bsrc=)", html), (
            address
        )


def test_a_page_asks_the_database_the_same_few_questions_however_many_rows(catalogue, client):
    def statements(address):
        with statements_of(db.engine) as seen:
            text_of(client.get(address))
        return len(seen)

    data_version.renew()  # as every update does: what is kept of a list belongs to a version
    db.session.commit()
    statements("/")
    assert statements("/?page_size=1") == statements("/?page_size=5") <= 9
    assert statements(f"/stars/{TRIO}") <= 23 and statements(f"/stars/{WASP46}") <= 25


def test_a_dip_that_a_neighbour_shows_too_is_told_on_both_pages(catalogue, client):
    db.session.add_all(
        [
            catalogues.star(5, ra_deg=318.7394, dec_deg=-55.871794),
            catalogues.toi(
                "102.01",
                5,
                period_d=1.430371,
                epoch_btjd=1326.009,
                duration_h=1.6,
                depth_ppm=2200.0,
                tfopwg_disposition="FP",
            ),
        ]
    )
    db.session.flush()
    listing.rebuild()
    db.session.commit()
    told = " ".join(text_of(client.get(f"/stars/{WASP46}")).split())
    assert (
        'href="/stars/5#toi-102.01"' in told
        and "5.0 arcsec away, transits at the same times, with a depth of 2,200 ppm there and 18,961 ppm here" in told
    )
    assert "Transit times shared with another star" in text_of(client.get("/stars/5"))
    [shared] = client.get("/api/v1/stars/5").get_json()["same_signals"]
    assert (shared["of_toi"], shared["toi"], shared["tic_id"], shared["depth_ppm"]) == (
        "102.01",
        "101.01",
        WASP46,
        18960.7,
    )
    assert client.get(f"/api/v1/stars/{TRIO}").get_json()["same_signals"] == []
    assert "Transit times shared" not in text_of(client.get(f"/stars/{TRIO}"))
