"""The front page: what is new, folds, and the lists with their counts stand above its table, and above no other."""

import re

import pytest

from app_tess.storage.database import db
from app_tess.storage.listing import ListedToi
from app_tess.storage.models import Toi
from app_tess.storage.score_models import VettingResult
from app_tess.storage.star_query import QUEUES
from app_tess.web.pages import front
from tests.support.catalogues import TRIO, WASP46
from tests.support.loaded import commit_as_a_new_version


def test_the_front_page_names_every_list_with_its_count_and_says_what_is_new(catalogue, client):
    page = client.get("/").text
    lists = page.split('<dl class="facts lists">')[1].split("</dl>")[0]
    assert lists.count("<dt>") == len(QUEUES) + 1
    for name in QUEUES:
        entry = lists.split(f'queue={name}">')[1]
        found = client.get(f"/?queue={name}").text.split('role="status"><strong>')[1].split("</strong>")[0]
        assert entry.split("</a>: ")[1].split("</dt>")[0] == found
    assert "are listed from the second load onward" in page and 'action="/tonight"' in page
    assert 'class="queues"' not in page and "Latest light curves" not in page


@pytest.mark.parametrize("address", ["/?queue=newest", "/?sort=tmag", "/?page=2", "/?page_size=25"])
def test_a_list_that_was_asked_for_starts_at_once(catalogue, client, address):
    page = client.get(address).text
    assert 'class="queues"' in page and 'class="facts lists"' not in page


def test_the_gallery_shows_the_folds_of_stars_with_name_and_finding(catalogue, client):
    results = [("101.01", WASP46, "A dip of 13,000 ppm."), ("175.01", TRIO, "Shallow."), ("175.02", TRIO, "Flat.")]
    for toi, tic_id, finding in results:
        db.session.add(VettingResult(toi=toi, tic_id=tic_id, provenance={}, finding=finding))
    commit_as_a_new_version()
    gallery = client.get("/").text.split('<ul class="gallery">')[1].split("</ul>")[0]
    assert gallery.count("<li>") == 2, "one for each star"
    assert f'href="/stars/{WASP46}#toi-101.01"' in gallery and "A dip of 13,000 ppm." in gallery
    assert f"/stars/{WASP46}/tois/101.01/thumbnail.svg?v=" in gallery


def test_light_curves_to_look_at_are_those_of_open_candidates_one_after_the_other(catalogue, client):
    for toi, tic_id in (("101.01", WASP46), ("175.01", TRIO)):
        db.session.add(VettingResult(toi=toi, tic_id=tic_id, provenance={}, finding="A dip."))
    row = db.session.query(ListedToi).filter_by(toi="175.01").one()
    row.tfopwg_disposition, row.tmag = "PC", 12.0
    commit_as_a_new_version()
    page = client.get("/").text.split("Light curves to look at now")[1].split("Where to start")[0]
    assert "1 star has a measured fold and no final disposition" in page and "101.01" not in page
    first, table = re.findall(r'<a href="([^"]+)">(?:start with|all in)', page.replace("&amp;", "&"))
    assert first.startswith(f"/stars/{TRIO}?") and "1 of 1" in client.get(first).text
    assert "<strong>1 star</strong>" in client.get(table).text
    row.planet_probability, row.planet_radius_rearth, row.tmag, row.sectors = 0.95, 2.0, 9.0, "1,2"
    commit_as_a_new_version()
    assert "in the list “Most probable open candidates”" in client.get("/").text


def test_the_next_transits_of_likely_candidates_are_listed_where_their_times_are_known(catalogue, client):
    row = db.session.query(ListedToi).filter_by(toi="101.01").one()
    row.tfopwg_disposition, row.planet_probability, row.tmag = "PC", 0.95, 9.0
    row.planet_radius_rearth, row.sectors = 2.0, "1,2"
    toi, now_btjd = db.session.get(Toi, "101.01"), 2600.0
    toi.period_d, toi.epoch_btjd, toi.period_err_d, toi.epoch_err_d = 10.0, now_btjd - 99.5, 1e-5, 1e-3
    commit_as_a_new_version()
    ((listed, transit),) = front.next_transits(now_btjd)
    assert listed.toi == "101.01" and transit.middle_btjd == pytest.approx(now_btjd + 0.5)
    assert not front.next_transits(now_btjd + 1.0), "the next one is more than a day away"
    toi.period_err_d = 0.01
    commit_as_a_new_version()
    assert not front.next_transits(now_btjd), "the error is 0.1 d by now"


def test_the_newest_alerts_stand_first_with_disposition_and_probability(catalogue, client):
    alerts = client.get("/").text.split('id="new-alerts"')[1].split("</ul>")[0]
    newest = max(db.session.query(ListedToi).where(ListedToi.alerted_on.is_not(None)), key=lambda toi: toi.alerted_on)
    first = alerts.split("<li>")[1]
    assert f"/stars/{newest.tic_id}#toi-" in first and 'class="badge-' in first
    assert alerts.count("<li>") == min(front.ALERTS, db.session.query(ListedToi.tic_id).distinct().count())
