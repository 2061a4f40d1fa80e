"""Starting runs: a GET never does, a POST only from whom it may, and a browser is led to the run's page."""

import dataclasses
import re

import pytest
from sqlalchemy import select, update

from app_tess.storage import run_records, worker_records
from app_tess.storage.database import database_time, db
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.storage.switching import holding
from tests.support.tables import load_table

BEARER = {"Authorization": "Bearer test-admin-token"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def token_of(client, path, **options):
    page = client.get(path, **options)
    assert page.status_code == 200
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def stored_runs():
    return list(db.session.scalars(select(Run)))


@pytest.mark.parametrize(
    "path", ["/", "/reset", "/predict", "/operations", "/stars/1", "/stars/1/tois/1.01/folded.png"]
)
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
    claim = run_records.claim(run_records.request_run("reset").id)
    run_id = claim.run_id
    run_records.report(claim, 3, 8, "asking ExoFOP")
    page = client.get(f"/runs/{run_id}").text
    assert "asking ExoFOP" in page and "3 of 8 done" in page
    run_records.end(claim, "error", "exofop.example did not answer in time.")
    page = client.get(f"/runs/{run_id}").text.partition("<main")[2]
    assert "exofop.example did not answer in time." in page and "done" not in page and "<progress" not in page
    assert client.get(f"/runs/{run_id}.json").json["status"] == "error"


def test_an_unknown_run_is_404_in_html_and_in_json(client):
    assert client.get("/runs/99").status_code == 404
    answer = client.get("/runs/99.json")
    assert answer.status_code == 404 and answer.json["error"]["code"] == "not_found"


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/reset").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"


def test_an_active_run_is_cancelled_by_its_button_and_then_started_again(client):
    page = client.get(client.post("/predict", data={"csrf_token": token_of(client, "/reset")}).location)
    assert "Cancel run" in page.text and "Start again" not in page.text
    run = stored_runs()[0]
    data = {"csrf_token": token_of(client, "/reset")}
    answer = client.post(f"/runs/{run.id}/cancel", data=data)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Cancelled. Nothing was changed." in page and "Start again" in page and "Cancel run" not in page
    assert client.post(f"/runs/{run.id}/again", data=data).location == f"/runs/{run.id + 1}"
    assert [run.status for run in stored_runs()] == ["cancelled", "queued"]


def test_a_program_cancels_an_active_run_with_the_token(client):
    run_id = run_records.request_run("vet", 7, {"mask": "hard"}).id
    asks_json = {"Accept": "application/json"}
    for action in ("cancel", "again"):
        assert client.post(f"/runs/{run_id}/{action}", headers=asks_json).status_code == 403
    answer = client.post(f"/runs/{run_id}/cancel", headers=BEARER | asks_json)
    assert (answer.status_code, answer.json["status"], answer.json["run"]) == (200, "cancelled", run_id)
    ended = run_records.begin_run("reset")
    run_records.end(ended, "completed", "Loaded.")
    assert client.post(f"/runs/{ended.run_id}/cancel", headers=BEARER | asks_json).status_code == 409
    assert client.post("/runs/99/cancel", headers=BEARER | asks_json).status_code == 404
    answer = client.post(f"/runs/{run_id}/again", headers=BEARER | asks_json)
    again = run_records.get_run(answer.json["run"])
    assert (again.kind, again.tic_id, again.options) == ("vet", 7, {"mask": "hard"})


def test_a_command_cancels_a_run(app):
    run_id = run_records.request_run("reset").id
    runner = app.test_cli_runner()
    assert "Nothing was changed" in runner.invoke(args=["cancel", str(run_id)]).output
    ended = run_records.begin_run("reset")
    run_records.end(ended, "completed", "Loaded.")
    late = runner.invoke(args=["cancel", str(ended.run_id)])
    assert late.exit_code == 1 and "already ended: completed" in late.output


def test_the_runs_page_lists_durations_sizes_and_changes(app, client):
    load_table("1,1.01,3,PC,", "2,2.01,3,PC,")
    claim = run_records.begin_run("reset")
    with holding(claim):
        load_table("1,1.01,3,CP,", "2,2.01,3,PC,", "3,3.01,3,PC,")
    run_records.request_run("vet", 7)
    page = client.get("/operations").text
    assert "3 TOIs, 3 stars, 0 products" in page and "1 new disposition, 1 new TOI" in page
    assert re.search(r"<td>0\.\d s</td>", page) and "by a command" in page and "No worker is running" in page
    assert "vetting" not in client.get("/operations?kind=reset").text.partition("<tbody>")[2]
    worker_records.register("here:1")
    assert "1 worker running: here:1" in client.get("/operations").text
    assert client.get("/operations?page=2").status_code == 200 and client.get("/operations?page=0").status_code == 400
    assert client.get("/runs?kind=reset").location == "/operations?kind=reset"


def test_the_page_of_a_killed_run_says_so_and_offers_it_again_without_any_worker(client):
    claim = run_records.begin_run("reset")
    db.session.execute(update(Run).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    page = client.get(f"/runs/{claim.run_id}").text
    assert "The worker stopped in the middle of this run. Nothing was changed." in page and "Start again" in page
    assert client.get(f"/runs/{claim.run_id}.json").json["status"] == "aborted"
    assert stored_runs()[0].status == "executing", "a GET changes nothing"
    data = {"csrf_token": token_of(client, "/reset")}
    assert client.post(f"/runs/{claim.run_id}/again", data=data).location == f"/runs/{claim.run_id + 1}"
