"""The web server answers while other clients send and read slowly, and closes the connections of those who go on."""

import contextlib
import http.client
import socket
import tempfile
import threading

import pytest

from app_tess.gunicorn_worker import LARGEST_BODY, RECEIVING_S, SENDING_S, TimeLimits
from app_tess.web.http.security import HEADERS
from app_tess.web.warm_up import WHEN_SERVING
from tests.support.web_worker import serving

THREADS = 2
EXPORT_BYTES = 20_000_000


def site(environ, start_response):
    """A WSGI site: /export is a long file, anything else the length of the request's body."""
    if environ["PATH_INFO"] == "/export":
        file = tempfile.TemporaryFile()  # noqa: SIM115  (the server closes it)
        file.truncate(EXPORT_BYTES)
        start_response("200 OK", [("Content-Length", str(EXPORT_BYTES))])
        return environ["wsgi.file_wrapper"](file)
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("X-Forwarded", environ.get("HTTP_X_FORWARDED_FOR", ""))])
    return [str(len(body)).encode()]


began = threading.Event()
site.extensions = {WHEN_SERVING: began.set}


@pytest.fixture(scope="module")
def port():
    with serving(site, THREADS) as port:
        yield port


def ask(port, path="/", **more):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        connection.request("POST" if more else "GET", path, **more)
        response = connection.getresponse()
        return response.status, response.read(), response.headers


SLOW = {
    "idle": b"",
    "half a request": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx",
    "an endless body": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "an export, not read": b"GET /export HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_occupy_no_thread(port, kind):
    with contextlib.ExitStack() as stack:
        for _ in range(4 * THREADS):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            client.sendall(SLOW[kind])
        assert ask(port)[:2] == (200, b"0")


def test_a_body_beyond_the_limit_is_refused_before_it_is_received(port):
    assert ask(port, body=b"x" * (LARGEST_BODY - 1))[:2] == (200, str(LARGEST_BODY - 1).encode())
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("status", "request_bytes"),
    [
        (400, b"GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n"),
        (413, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + 40_000 * b"x" + b"\r\n\r\n"),
        (501, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ],
)
def test_what_is_no_request_gets_the_security_headers_too(port, status, request_bytes):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(request_bytes)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert answer.status == status and {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_application_sees_that_a_proxy_was_involved(port):
    assert ask(port, body=b"", headers={"X-Forwarded-For": "203.0.113.7"})[2]["X-Forwarded"] == "203.0.113.7"


def connection(**state):
    """A stand-in for waitress's connection that can be weakly referred to."""
    return type("Connection", (), {"request": None, "total_outbufs_len": 0, "will_close": False} | state)()


def test_a_connection_that_takes_too_long_is_closed_and_one_that_goes_on_is_not():
    receiving, sending, idle = connection(request="GET"), connection(total_outbufs_len=9), connection()
    limits, found = TimeLimits(), [receiving, sending, idle]
    limits.close_overdue(found, 0)
    limits.close_overdue(found, RECEIVING_S + 1)
    assert [client.will_close for client in found] == [True, False, False]
    limits.close_overdue(found, SENDING_S + 1)
    assert [client.will_close for client in found] == [True, True, False]
    other = connection(request="GET")
    limits.close_overdue([other], 0)
    other.request = None
    limits.close_overdue([other], RECEIVING_S + 1)
    other.request = "the next"
    limits.close_overdue([other], RECEIVING_S + 2)
    assert not other.will_close


def test_a_process_begins_what_its_application_does_when_serving(port):
    assert began.wait(5)
