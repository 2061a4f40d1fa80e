"""Watch lists, filters and permanent addresses of the table, on both databases."""

import html as entities
import re

from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.storage.score_models import VettingResult
from tests.support.catalogues import SINGLE, TRIO, WASP46
from tests.web.pages.test_stars import order, text_of


def test_a_watch_list_has_an_address_and_its_exports_hold_the_same_tois(catalogue, client):
    page = text_of(client.get(f"/?tic={SINGLE},{WASP46}&sort=tmag"))
    assert order(page) == [SINGLE, WASP46] and f'name="tic" value="{SINGLE},{WASP46}"' in page
    for suffix in ("csv", "vot", "json"):
        address = entities.unescape(re.search(rf'href="(/api/v1/tois\.{suffix}[^"]*)"', page)[1])
        assert "tic=" in address and client.get(address).status_code == 200
    rows = client.get(f"/api/v1/tois.json?tic={SINGLE}&tic={WASP46}&sort=tmag").json["rows"]
    assert [row["tic_id"] for row in rows] == [SINGLE, WASP46]
    for wrong in ("x", "0", str(2**63), ",".join(map(str, range(1, 302)))):
        answer = client.get(f"/?tic={wrong}")
        assert answer.status_code == 400 and "tic: " in answer.text, wrong


def test_stars_are_found_by_their_fold_and_by_the_disposition_of_the_tess_project(catalogue, client):
    db.session.get(Toi, "101.01").tess_disposition = "EB"
    db.session.add(VettingResult(toi="175.01", tic_id=TRIO, provenance={}, finding="No red flags."))
    db.session.add(VettingResult(toi="101.01", tic_id=WASP46, provenance={}, finding="Deep.", outdated="New period."))
    db.session.commit()
    assert order(text_of(client.get("/?tess_disposition=eb,V"))) == [WASP46]
    assert order(text_of(client.get("/?fold=yes"))) == [TRIO]
    assert set(order(text_of(client.get("/?fold=no")))) >= {TRIO, WASP46}, "TRIO has two more TOIs"
    assert client.get("/?tess_disposition=maybe").status_code == client.get("/?fold=maybe").status_code == 400


def test_each_toi_has_a_permanent_address(catalogue, client):
    assert "<a href=/tois/101.01>" in text_of(client.get("/"))
    assert client.get("/tois/101.01").location == f"/stars/{WASP46}#toi-101.01"
    assert client.get("/tois/101.02").status_code == 404 and client.get("/tois/wasp").status_code == 400


def test_ticked_rows_are_shown_observed_followed_and_put_in_a_calendar_without_scripts(catalogue, client):
    page = client.get("/?sort=tmag").text
    assert f'<input type=checkbox name=tic form=ticked value={WASP46} aria-label="TIC {WASP46}">' in page
    form = page.split('<form id="ticked"')[1].split("</form>")[0]
    assert "at most 300" in form and 'action="/"' in form
    for address in re.findall('formaction="([^"]+)"', form):
        answer = client.get(f"{address}?tic={WASP46}&tic={TRIO}")
        assert answer.status_code == 200, address
        refused = client.get(f"{address}?tic=x", headers={"Accept": "application/json"})
        assert refused.status_code == 400 and refused.json["error"]["message"].startswith("tic: "), address
    assert order(text_of(client.get(f"/?tic={WASP46}&tic={TRIO}"))) == [TRIO, WASP46]


def test_a_watch_list_is_observed_whatever_its_dispositions_and_probabilities(catalogue, client):
    day = "site=Paranal&date=2026-08-01&nights=14&max_error=100000&unknown_error=yes&min_altitude=0"
    page = client.get(f"/tonight?tic={WASP46}&{day}").text
    assert "Transits of your watch list" in page and f'name="tic" value="{WASP46}"' in page
    assert set(re.findall(r'/stars/(\d+)">TOI-', page)) == {str(WASP46)}
    sheet = client.get(f"/observing-sheet?tic={WASP46},{SINGLE}&{day}").text
    assert 'class="sheet-target"' in sheet and f"TIC {SINGLE}: no transit among those listed here" in sheet
    assert client.get(f"/tonight?{day}").status_code == 400, "15 nights are for watch lists"


def test_changes_follow_each_star_of_a_watch_list_under_either_name(catalogue, client):
    assert f"of TIC {WASP46}, TIC {TRIO}, TIC 5" in client.get(f"/changes.atom?tic={TRIO},5&tic_id={WASP46}").text
    assert "for 2 stars" in client.get(f"/changes?tic={WASP46}&tic={TRIO}").text
    many = ",".join(map(str, range(1, 200)))
    assert client.get(f"/changes.atom?tic={many}&tic_id={many.replace(',', '9,')}").status_code == 400
