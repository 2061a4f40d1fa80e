"""The site answers to its own host names; any other is refused before an address is built from it."""

import pytest

from app_tess.config import Config

HOSTS = ("evil.example", "tess.example.org.evil.example", "[::1", "..", "a b", "", "x" * 300, "é", "tess.example.org:x")
ADDRESSES = ("/", "/reset", "/nothing", "/stars/1", "/tonight.ics", "/changes.atom", "/static/icon.svg", "/api/docs")


@pytest.fixture
def site(tmp_path, make_app):
    """A function that returns a client of an empty site with these TRUSTED_HOSTS."""
    return lambda *hosts: make_app(Config(instance_dir=tmp_path, trusted_hosts=hosts)).test_client()


def test_a_wrong_host_is_a_bad_request_and_never_an_internal_error(site):
    client = site("tess.example.org")
    for host in HOSTS:
        for address in ADDRESSES:
            answer = client.get(address, headers={"Host": host})
            assert answer.status_code == 400 and "does not answer to" in answer.text, (host, address)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/icon.svg", headers={"Host": "tess.example.org:8000"}).status_code == 200


def test_a_malformed_host_is_no_internal_error_where_any_host_is_accepted(site):
    client = site()
    answers = {(host, address): client.get(address, headers={"Host": host}) for host in HOSTS for address in ADDRESSES}
    assert not [asked for asked, answer in answers.items() if answer.status_code == 500]
    assert answers["..", "/"].status_code == 400


def test_a_program_gets_the_error_as_json(site):
    answer = site("tess.example.org").post("/reset", headers={"Host": "evil.example", "Accept": "application/json"})
    assert answer.status_code == 400 and answer.json["error"]["code"] == "bad_request"


def test_a_websocket_is_refused_for_what_it_is(site):
    answer = site("tess.example.org").get(
        "/", headers={"Host": "tess.example.org", "Connection": "Upgrade", "Upgrade": "websocket"}
    )
    assert answer.status_code == 400 and "WebSocket" in answer.text and "Host header" not in answer.text
