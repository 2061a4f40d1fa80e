"""Starting runs: a GET never does, a POST only from whom it may, and a browser is led to the run's page."""

import dataclasses
import re

import pytest
from sqlalchemy import select

from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.storage.run_models import Run

BEARER = {"Authorization": "Bearer test-admin-token"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def token_of(client, path, **options):
    page = client.get(path, **options)
    assert page.status_code == 200
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def stored_runs():
    return list(db.session.scalars(select(Run)))


@pytest.mark.parametrize("path", ["/", "/reset", "/predict", "/runs", "/stars/1", "/stars/1/tois/1.01/folded.png"])
def test_no_get_starts_a_run(client, path):
    client.get(path)
    assert stored_runs() == []


@pytest.mark.parametrize("kind", ["reset", "predict"])
def test_a_browser_on_this_machine_starts_a_run_with_its_csrf_token(client, kind):
    answer = client.post(f"/{kind}", data={"csrf_token": token_of(client, "/reset")})
    assert answer.status_code == 303
    run = stored_runs()[0]
    assert (run.kind, run.status) == (kind, "queued") and answer.location.endswith(f"/runs/{run.id}")
    assert client.get(answer.location).status_code == 200


def test_a_post_without_a_token_is_refused_and_starts_nothing(client):
    assert client.post("/reset").status_code == 403
    assert stored_runs() == []


def test_a_program_with_the_admin_token_may_from_anywhere(client):
    answer = client.post("/predict", headers=BEARER | {"Accept": "application/json"}, environ_base=ELSEWHERE)
    assert answer.status_code == 202 and answer.json["run"] == stored_runs()[0].id


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "Basic test-admin-token", "test-admin-token"])
def test_a_wrong_token_is_refused(client, header):
    assert client.post("/reset", headers={"Authorization": header}).status_code == 403
    assert stored_runs() == []


STRANGERS = [
    {"environ_base": ELSEWHERE},
    *({"headers": {name: "127.0.0.1"}} for name in ("X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "X-Client-IP")),
    {"headers": {"Forwarded": "for=127.0.0.1"}},
    {"headers": {"X-Forwarded-Host": "localhost"}},
    {"headers": {"Via": "1.1 proxy"}},
    {"headers": {"Host": "evil.example"}},
    {"headers": {"Host": "127.0.0.1.evil.example:8000"}},
]
"""Requests that are not from a browser on this machine, or need not be."""


def assert_needs_token(client, **who):
    token = token_of(client, "/reset", **who)
    assert client.post("/reset", data={"csrf_token": token}, **who).status_code == 403, who
    assert stored_runs() == [], who


def test_from_elsewhere_the_csrf_token_alone_is_not_enough(client):
    for who in STRANGERS:
        assert_needs_token(client, **who)
    token = token_of(client, "/reset", **STRANGERS[0])
    answer = client.post("/reset", data={"csrf_token": token, "admin_token": "test-admin-token"}, **STRANGERS[0])
    assert answer.status_code == 303


@pytest.mark.parametrize("changes", [{"environment": "production"}, {"proxy_hops": 1}])
def test_behind_a_proxy_or_in_production_nobody_is_local(config, make_app, changes):
    app = make_app(dataclasses.replace(config, **changes))
    with app.app_context():
        client = app.test_client()
        for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}):
            assert_needs_token(client, headers=headers, base_url="https://localhost")


def test_with_no_admin_token_set_an_empty_one_opens_nothing(config, make_app):
    client = make_app(dataclasses.replace(config, admin_token="")).test_client()
    assert client.post("/reset", headers={"Authorization": "Bearer "}, environ_base=ELSEWHERE).status_code == 403


def test_asking_twice_leads_to_the_run_under_way_and_tells_a_program_409(client):
    data = {"csrf_token": token_of(client, "/reset")}
    first, second = client.post("/reset", data=data), client.post("/reset", data=data)
    assert first.location == second.location and len(stored_runs()) == 1
    assert client.post("/reset", headers=BEARER | {"Accept": "application/json"}).status_code == 409


def test_the_run_page_shows_progress_and_a_failure_is_never_shown_as_done(client, app):
    run_id = run_records.request_run("reset").id
    run_records.claim(run_id)
    run_records.report(run_id, 3, 8, "asking ExoFOP")
    page = client.get(f"/runs/{run_id}").text
    assert "asking ExoFOP" in page and "3" in page and "8" in page
    run_records.end(run_id, "error", "exofop.example did not answer in time.")
    page = client.get(f"/runs/{run_id}").text
    assert "exofop.example did not answer in time." in page and "100" not in page
    assert client.get(f"/runs/{run_id}.json").json["status"] == "error"


def test_an_unknown_run_is_404_in_html_and_in_json(client):
    assert client.get("/runs/99").status_code == 404
    answer = client.get("/runs/99.json")
    assert answer.status_code == 404 and answer.json["error"]["code"] == "not_found"


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/reset").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
