"""A long table is sent while it is made, once for all who ask; over real HTTP, from the server that the site uses."""

import contextlib
import http.client
import logging
import socket
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import request
from sqlalchemy import text

from app_tess.storage.database import db
from app_tess.web.http.shared_tables import SharedTables, shared_table
from app_tess.web.http.table_file import TableFile
from tests.support.web_worker import serving

THREADS = 4
PATIENCE_S = 20
LONG = "x" * 1_000_000 + "\n"


class Pieces:
    """A table's pieces, of which all but the first wait until they are let go; it reads the database as a table does.

    An exception among them is raised in its turn.
    """

    def __init__(self, *pieces):
        self.pieces, self.calls, self.go_on = pieces, 0, threading.Event()

    def __call__(self):
        self.calls += 1
        for number, piece in enumerate(self.pieces):
            db.session.execute(text("SELECT 1"))
            assert number == 0 or self.go_on.wait(PATIENCE_S)
            if isinstance(piece, Exception):
                raise piece
            yield piece


@pytest.fixture
def site(config, make_app):
    """An application with a table at /table, whose pieces a test chooses, and a page beside it."""
    app = make_app(config)
    app.pieces = Pieces("a\n", "b\n", "c\n")
    app.add_url_rule("/table", view_func=lambda: shared_table(request.args.get("key"), app.pieces, "text/csv"))
    app.add_url_rule("/page", view_func=lambda: "a page", endpoint="page")
    return app


@pytest.fixture
def port(site):
    with serving(site, THREADS) as port:
        yield port
        site.pieces.go_on.set()


@pytest.fixture
def ask(port):
    """A request; its response with the headers read."""
    with contextlib.ExitStack() as opened:

        def ask(path="/table"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            opened.callback(connection.close)
            connection.request("GET", path)
            response = connection.getresponse()
            opened.callback(response.close)
            return response

        yield ask


def until(condition):
    """Wait until a condition holds."""
    for _ in range(100 * PATIENCE_S):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to that")


def is_left_alone(site):
    """Return whether no thread makes a table, no request waits for one, and no connection to the database is in use."""
    with site.app_context():
        connections = db.engine.pool.checkedout()
    waiting = site.extensions["shared_tables"]._waiting
    return not connections and not waiting and not any(one.name.startswith("table ") for one in threading.enumerate())


def test_the_first_piece_is_sent_before_the_last_is_made_and_a_whole_table_with_its_length(site, ask):
    response = ask()
    assert response.readline() == b"a\n" and not site.pieces.go_on.is_set()
    assert response.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in response.headers
    site.pieces.go_on.set()
    assert response.read() == b"b\nc\n"
    until(lambda: is_left_alone(site))
    again = ask()
    assert again.headers["Content-Length"] == "6" and again.read() == b"a\nb\nc\n" and site.pieces.calls == 1


def test_concurrent_requests_read_one_table_from_its_beginning(site, ask):
    responses = [ask() for _ in range(THREADS)]
    assert [response.readline() for response in responses] == [b"a\n"] * THREADS
    site.pieces.go_on.set()
    assert [response.read() for response in responses] == [b"b\nc\n"] * THREADS and site.pieces.calls == 1


def test_a_client_that_goes_away_breaks_nothing_and_leaves_nothing(site, ask):
    site.pieces = Pieces("a\n", *[LONG] * 20)
    leaving = ask()
    staying = ask()
    assert leaving.readline() == staying.readline() == b"a\n"
    leaving.close()
    site.pieces.go_on.set()
    assert len(staying.read()) == 20 * len(LONG)
    until(lambda: is_left_alone(site))
    assert len(ask().read()) == 2 + 20 * len(LONG) and site.pieces.calls == 1


def test_a_table_that_nobody_reads_any_more_is_made_for_the_next(site, ask):
    ask().close()
    site.pieces.go_on.set()
    until(lambda: is_left_alone(site))
    assert ask().headers["Content-Length"] == "6" and site.pieces.calls == 1


def test_an_error_before_the_first_piece_is_an_error_page_for_all_who_wait(site, ask):
    site.pieces = Pieces(ValueError("no such column"))
    with ThreadPoolExecutor(2) as pool:
        for response in pool.map(ask, ["/table"] * 2):
            assert response.status == 500 and b"Internal error" in response.read()
    until(lambda: is_left_alone(site))


def test_an_error_after_it_cuts_every_connection_before_the_end_and_nothing_is_kept(site, ask, caplog):
    site.pieces = Pieces("a\n", "b\n", ValueError("a cell that cannot be written"))
    responses = [ask() for _ in range(2)]
    assert [response.status for response in responses] == [200, 200]
    with caplog.at_level(logging.ERROR):
        site.pieces.go_on.set()
        for response in responses:
            with pytest.raises(http.client.IncompleteRead) as caught:
                response.read()
            assert caught.value.partial == b"a\nb\n"
    assert "a cell that cannot be written" in caplog.text
    until(lambda: is_left_alone(site))
    site.pieces = Pieces("whole\n")
    assert ask().read() == b"whole\n"


@pytest.mark.parametrize("is_whole", [True, False])
def test_http_1_0_gets_a_whole_table_with_its_length_or_an_error_since_it_could_not_see_a_cut(site, port, is_whole):
    site.pieces = Pieces("a\n", "b\n") if is_whole else Pieces("a\n", ValueError("no more"))
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client:
        client.sendall(b"GET /table HTTP/1.0\r\nHost: x\r\n\r\n")
        until(lambda: site.pieces.calls)
        site.pieces.go_on.set()
        response = http.client.HTTPResponse(client)
        response.begin()
        body = response.read()
    assert response.headers["Content-Length"] == str(len(body))
    assert (response.status, body) == (200, b"a\nb\n") if is_whole else response.status == 500


def test_slow_clients_occupy_no_thread_and_no_transaction_and_lose_nothing(site, ask):
    site.pieces = Pieces(LONG, *[LONG] * 30)
    slow = [ask() for _ in range(THREADS)]
    site.pieces.go_on.set()
    until(lambda: is_left_alone(site))
    assert ask("/page").read() == b"a page"
    assert [response.read() for response in slow] == [(LONG * 31).encode()] * len(slow) and site.pieces.calls == 1


def test_a_request_too_many_is_refused_and_a_whole_table_is_not(site, ask):
    site.extensions["shared_tables"] = SharedTables(2, threading.Semaphore(1), 2)
    site.pieces.go_on.set()
    assert ask("/table?key=known").read()
    until(lambda: is_left_alone(site))
    site.pieces.go_on.clear()
    waiting = [ask() for _ in range(2)]
    refused = ask()
    assert refused.status == 503 and int(refused.headers["Retry-After"]) > 0
    assert ask("/table?key=known").read() == b"a\nb\nc\n"
    site.pieces.go_on.set()
    assert [response.read() for response in waiting] == [b"a\nb\nc\n"] * 2


def test_a_table_waits_for_its_turn_without_a_transaction(site, ask):
    first = ask("/table?key=first")
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(ask, "/table?key=other")
        until(lambda: site.extensions["shared_tables"]._waiting == 2)
        with site.app_context():
            assert db.engine.pool.checkedout() == 1 and site.pieces.calls == 1
        site.pieces.go_on.set()
        assert other.result().read() == first.read() == b"a\nb\nc\n"


def test_the_longest_unused_table_is_dropped(site, ask):
    site.extensions["shared_tables"] = SharedTables(2, threading.Semaphore(1))
    site.pieces.go_on.set()
    for key in ("a", "b", "a", "c", "a", "b"):
        assert ask(f"/table?key={key}").read()
        until(lambda: is_left_alone(site))
    assert site.pieces.calls == 4


def test_each_client_reads_a_table_from_its_beginning_and_its_file_has_no_name(site, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    table = TableFile()
    table.add("a,b\n")
    table.add("1,2\n")
    table.end()
    assert set(tmp_path.iterdir()) == before
    with site.test_request_context():
        one, other = (table.response("text/csv") for _ in range(2))
        del table
        assert [b"".join(each.response) for each in (one, other)] == [b"a,b\n1,2\n"] * 2
