"""Stars without a TOI on the site: the page that offers a look-up, the star's page, the list and its exports."""

import csv
import dataclasses
import io
import re

import pytest
from astropy.table import Table

from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.storage.run_models import Run
from app_tess.tasks.look_up import look_up
from app_tess.tasks.run_execution import execute_run
from tests.support import catalogues
from tests.support.other_stars import HOST, NEIGHBOUR, NOWHERE, OTHER, other_stars
from tests.support.progress import quiet

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with other_stars(tmp_path_factory.mktemp("other_stars")) as served:
        yield served


@pytest.fixture
def site(app, config, at, archive):
    """An application with a small catalogue and two stars that were looked up."""
    app.config["TESS"] = at(config, archive)
    catalogues.fill()
    for tic_id in (OTHER, NOWHERE):
        look_up(app.config["TESS"], tic_id, quiet)
    return app


def post(client, path, **who):
    page = client.get("/reset", **who)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    return client.post(path, data={"csrf_token": token}, **who)


def test_its_page_is_marked_and_shows_neighbors_and_nothing_of_tois(site, client):
    page = client.get(f"/stars/{OTHER}").text
    assert "not a TOI" in page and f'href="/stars/{NEIGHBOUR}"' in page and "duplicate of TIC" in page
    assert "Planet probability" not in page and 'id="vetting"' not in page and 'id="observe"' not in page
    assert "not a TOI" not in client.get(f"/stars/{HOST}").text
    assert "neighbors are unknown" in client.get(f"/stars/{NOWHERE}").text


def test_the_list_and_its_exports_hold_these_stars_and_those_of_tois_do_not(site, client):
    assert f'href="/stars/{OTHER}"' in client.get("/looked-up").text
    assert f'href="/stars/{HOST}"' not in client.get("/looked-up").text
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/looked-up.csv").text)))
    assert {int(row["tic_id"]) for row in rows} == {OTHER, NOWHERE}
    assert {row["tic_id"]: row["neighbour_count"] for row in rows} == {str(OTHER): "2", str(NOWHERE): ""}
    assert client.get("/api/v1/looked-up.json").json["count"] == 2
    votable = Table.read(io.BytesIO(client.get("/api/v1/looked-up.vot").data), format="votable")
    assert set(votable["tic_id"]) == {OTHER, NOWHERE}
    listed = [row["tic_id"] for row in client.get("/api/v1/stars").json["rows"]]
    assert HOST in listed and OTHER not in listed
    assert str(OTHER) not in client.get("/").text + client.get("/changes.atom").text


def test_its_json_says_when_it_was_looked_up_and_a_new_look_up_changes_the_etag(site, client):
    first = client.get(f"/api/v1/stars/{OTHER}")
    assert first.json["row"]["toi_count"] == 0 and first.json["look_up"]["neighbour_count"] == 2
    look_up(site.config["TESS"], OTHER, quiet)
    assert client.get(f"/api/v1/stars/{OTHER}").headers["ETag"] != first.headers["ETag"]
    assert client.get(f"/api/v1/stars/{HOST}").json["look_up"] is None


def test_the_button_starts_one_run_which_stores_the_star(site, client):
    first = post(client, f"/stars/{NEIGHBOUR}/look-up")
    again = post(client, f"/stars/{NEIGHBOUR}/look-up")
    assert first.status_code == 303 and first.location == again.location
    assert "It is being looked up" in client.get(f"/stars/{NEIGHBOUR}").text
    run = db.session.query(Run).one()
    execute_run(run.id, site.config["TESS"])
    db.session.expire_all()
    assert run_records.get_run(run.id).status == "completed"
    assert client.get(f"/stars/{NEIGHBOUR}").status_code == 200
    assert f'Look-up of <a href="/stars/{NEIGHBOUR}"' in client.get("/runs", follow_redirects=True).text


def test_a_failed_look_up_is_reported_where_it_is_offered_again(site, client):
    post(client, "/stars/5/look-up")
    execute_run(db.session.query(Run).one().id, site.config["TESS"])
    page = client.get("/stars/5")
    assert page.status_code == 404 and "has no entry TIC 5" in page.text and "Look up TIC 5" in page.text


def test_visitors_may_look_up_only_where_it_is_enabled_and_within_the_quota(site, client):
    assert post(client, "/stars/5/look-up", environ_base=ELSEWHERE).status_code == 403
    site.config["TESS"] = dataclasses.replace(site.config["TESS"], visitors_may_look_up=True, visitor_queue=1)
    assert "admin-token" not in client.get("/stars/5", environ_base=ELSEWHERE).text
    assert post(client, "/stars/5/look-up", environ_base=ELSEWHERE).status_code == 303
    full = post(client, "/stars/6/look-up", environ_base=ELSEWHERE)
    assert full.status_code == 503 and "waiting to be looked up" in full.text
    assert post(client, f"/stars/{HOST}/vet", environ_base=ELSEWHERE).status_code == 403
