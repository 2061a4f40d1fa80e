"""Pages go out compressed to whoever takes it; what holds a secret, or is not a page, goes out as it is."""

import gzip

import pytest

from tests.support import catalogues

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("address", ["/glossary", "/static/vendor/htmx/htmx.min.js", "/static/css/base.css"])
def test_a_page_comes_smaller_and_unpacks_to_the_same(client, address):
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) * 0.6
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


def test_who_refuses_gzip_gets_the_page_as_it_is(client):
    assert "Content-Encoding" not in client.get("/glossary", headers={"Accept-Encoding": "gzip;q=0, identity"}).headers


def test_a_file_that_a_browser_has_already_is_not_sent_again(client):
    first = client.get("/static/css/base.css", headers=GZIP)
    assert first.headers["ETag"].startswith("W/"), "packed and plain are not the same bytes"
    again = client.get("/static/css/base.css", headers=GZIP | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_a_page_with_a_token_is_not_compressed(client):
    answer = client.get("/reset", headers=GZIP)
    assert "csrf_token" in answer.text and "Content-Encoding" not in answer.headers


def test_tables_for_programs_are_streamed_as_they_are(app, client):
    catalogues.fill()
    for address in ("/api/v1/tois", "/api/v1/tois.csv", "/api/v1/tois/101.01"):
        assert "Content-Encoding" not in client.get(address, headers=GZIP).headers
