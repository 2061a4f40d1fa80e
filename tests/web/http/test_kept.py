"""An address that was asked for before gets the same bytes: at once, but never a moment longer than they are right."""

import gzip
import json
import re
from types import SimpleNamespace

import pytest

from app_tess.storage import run_records, scores, vetting_results
from app_tess.storage.data_version import READERS
from app_tess.storage.database import db
from app_tess.tasks import disk_cache
from app_tess.web.http import kept
from app_tess.web.http.kept import KeptResponse, KeptResponses
from tests.storage.test_changes import SIGNAL
from tests.support.catalogues import EXPLANATION, WASP46
from tests.support.imports import PACKAGE
from tests.support.loaded import commit_as_a_new_version, filled_app
from tests.support.statements import statements_of
from tests.support.tables import load_signals

ADDRESSES = ("/", f"/stars/{WASP46}", f"/api/v1/stars/{WASP46}", "/api/v1/tois.csv", "/changes")


@pytest.fixture
def app(config, make_app):
    """A filled application. No context of it is open, so each request has one of its own, as in a server."""
    app = filled_app(make_app, config)
    with app.app_context():
        commit_as_a_new_version()
    return app


@pytest.fixture
def client(app):
    return app.test_client()


def statements(app, address, **headers):
    """Return how many statements a request takes besides the reading of the version, and its answer."""
    with app.app_context():
        engine = db.engine
    with statements_of(engine) as seen:
        answer = app.test_client().get(address, headers=headers)
    return len(seen), answer


@pytest.mark.parametrize("address", ADDRESSES)
def test_asking_again_only_reads_the_version_and_gives_the_same_bytes_or_304(app, client, address):
    first = client.get(address)
    (reader,) = app.extensions[READERS].values()
    begun = reader.begun
    count, again = statements(app, address)
    assert (
        (count, reader.begun - begun) == (0, 1)
        and again.data == first.data
        and again.headers["ETag"] == first.headers["ETag"]
    )
    unchanged = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304 and not unchanged.data
    assert client.head(address).headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Security-Policy"] and again.headers.getlist("X-Request-ID") != first.headers.getlist(
        "X-Request-ID"
    )


def test_a_page_is_made_anew_in_the_next_minute(app, client, monkeypatch):
    monkeypatch.setattr(kept, "LIFE_S", 60)
    moments = iter((60_000.0, 60_059.0, 60_060.0))
    counts = []
    for moment in moments:
        monkeypatch.setattr(kept, "time", SimpleNamespace(time=lambda moment=moment: moment))
        counts.append(statements(app, "/changes")[0])
    assert counts[0] >= counts[2] > counts[1] == 0  # what is the same for all pages is read once


def store_scores():
    row = {"toi": "101.01", "tic_id": WASP46, "planet_probability": 0.4321, "not_scored_reason": None}
    row["explanation"] = json.dumps(EXPLANATION | {"held_out_probability": 0.4321})
    scores.store_scores(scores.NewScores("a" * 64, "m", [row], {WASP46: 0.4321}), None)


def store_vetting():
    result = {"toi": "101.01", "tic_id": WASP46, "report": None, "message": "no usable data", "provenance": {}}
    vetting_results.record_results([result])


def fail_a_reset():
    run_records.end(run_records.begin_run("reset"), "error", "ExoFOP did not answer.")


@pytest.mark.parametrize(
    ("store", "address", "shown"),
    [
        (store_scores, "/", "43 %"),
        (store_scores, f"/stars/{WASP46}", "43 %"),
        (store_scores, "/api/v1/tois.csv", "0.4321"),
        (store_vetting, f"/stars/{WASP46}", "no usable data"),
        (fail_a_reset, "/glossary", "ExoFOP did not answer."),
    ],
)
def test_what_is_stored_is_shown_at_once(app, client, store, address, shown):
    etag = client.get(address).headers["ETag"]
    assert shown not in client.get(address).text
    with app.app_context():
        store()
    answer = client.get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 200 and shown in answer.text


def test_a_stars_page_is_made_anew_when_a_file_arrives(app, client):
    path = disk_cache.root_of(app.config["TESS"]) / "files" / "127.0.0.1:9".replace(":", "_")
    address = f"/stars/{WASP46}"
    filename = re.search(r"/sectors/([^/\"]+)\.png", client.get(address).text)[1]
    before = re.search(r"(\d+) light-curve files? of this star", client.get(address).text)[1]
    disk_cache.keep(path / filename, b"x", app.config["TESS"])
    after = re.search(r"(\d+) light-curve files? of this star", client.get(address).text)
    assert int(after[1] if after else 0) == int(before) - 1


def test_a_new_catalogue_is_shown_at_once(app, client):
    assert "9005.01" not in client.get("/").text and "9005.01" not in client.get("/").text
    with app.app_context():
        load_signals(SIGNAL | {"toi": "9005.01"})
    assert "9005.01" in client.get("/").text


def test_a_visitors_own_theme_columns_and_encoding_are_not_given_to_others(app, client):
    plain = client.get("/").text
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data).decode() == plain
    for cookie, value, own in (("theme", "dark", 'data-theme="dark"'), ("columns", "logg", "by-logg")):
        visitor = app.test_client()
        visitor.set_cookie(cookie, value)
        mine = [visitor.get("/").text for _ in range(2)]
        assert mine[0] == mine[1] and own in mine[0]
    assert client.get("/").text == plain == client.get("/").text


def test_a_response_with_a_token_or_a_cookie_is_made_for_each_visitor(app):
    for address in ("/reset", f"/stars/{WASP46}/vet", "/?columns=logg"):
        answers = [app.test_client().get(address) for _ in range(2)]
        assert all(answer.headers.getlist("Set-Cookie") for answer in answers), address
    assert app.test_client().get("/operations").headers.get("ETag") is None


def test_a_path_that_holds_a_question_mark_is_not_taken_for_another_address(client):
    assert client.get("/?sort=tmag").status_code == 200
    assert client.get("/%3Fsort=tmag").status_code == 404


def test_only_switching_and_the_records_of_runs_commit_so_that_every_change_has_a_version():
    commits = {
        path.name for path in PACKAGE.rglob("*.py") if re.search(r"session\.commit\(", path.read_text(encoding="utf-8"))
    }
    assert commits == {"database.py", "run_records.py", "worker_records.py"}
    users = {path.name for path in PACKAGE.rglob("*.py") if "all_or_nothing()" in path.read_text(encoding="utf-8")}
    assert users == {"database.py", "switching.py"}


def test_no_more_than_a_number_of_bytes_is_kept_and_the_longest_unused_go_first():
    responses = KeptResponses(most_bytes=10)
    for name in "abc":
        responses.keep(name, KeptResponse(b"1234", ()))
        responses.find("a")
    assert [responses.find(name) is not None for name in "abc"] == [True, False, True]
    responses.keep("large", KeptResponse(b"x" * 11, ()))
    assert not any(responses.find(name) for name in ("a", "c", "large"))
    responses.keep("d", KeptResponse(b"1234567890", ()))
    assert responses.find("d")
