"""Every response names its request, and every request is one log line."""

import dataclasses
import logging

import pytest

from app_tess.web.http.request_log import HEADER

REQUESTS = "app_tess.requests"


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


def lines(caplog):
    return [record for record in caplog.records if record.name == REQUESTS]


def test_a_response_its_error_and_its_log_lines_have_one_id(client, caplog):
    caplog.set_level(logging.INFO)
    with client.get("/stars/999", headers={"Accept": "application/json"}) as response:
        number = response.headers[HEADER]
        assert response.json["error"]["request_id"] == number and len(number) == 16
    (line,) = lines(caplog)
    assert (line.method, line.path, line.status) == ("GET", "/stars/999", 404) and line.duration_ms > 0


def test_the_error_page_shows_the_id_and_what_to_do(client):
    response = client.get("/tois/999.01")
    assert response.headers[HEADER] in response.text and "search for a TIC id" in response.text


def test_no_two_requests_have_one_id(client):
    assert client.get("/glossary").headers[HEADER] != client.get("/glossary").headers[HEADER]


@pytest.mark.parametrize(("hops", "accepted"), [(0, False), (1, True)])
def test_only_a_trusted_proxy_may_name_a_request(make_app, config, hops, accepted):
    client = make_app(dataclasses.replace(config, proxy_hops=hops)).test_client()
    headers = client.get("/glossary", headers={HEADER: "proxy-1234-5678"}).headers
    assert headers.getlist(HEADER).count("proxy-1234-5678") == accepted
    assert client.get("/glossary", headers={HEADER: "forged <b>"}).headers[HEADER] != "forged <b>"


def test_an_internal_error_is_logged_with_its_trace_and_hides_it(app, caplog):
    app.testing = False

    @app.get("/broken")
    def broken():
        raise RuntimeError("at /srv/secret/place.py")

    with app.test_client().get("/broken") as response:
        assert response.status_code == 500 and "/srv/secret" not in response.text and "Traceback" not in response.text
        assert response.headers[HEADER] in response.text
    assert any("/srv/secret" in str(record.exc_info) for record in caplog.records if record.exc_info)


def test_a_secret_in_a_request_is_in_no_line(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.set_cookie("session", "cookie-of-a-visitor")
    with client.post(
        "/reset?admin_token=guess-in-query",
        data={"admin_token": "guess-in-form"},
        headers={"Authorization": "Bearer guess-in-header"},
    ) as response:
        assert response.status_code == 403
    assert len(lines(caplog)) == 1 and not any("guess" in str(vars(record)) for record in caplog.records)
    assert not any("cookie-of" in str(vars(record)) for record in caplog.records)
