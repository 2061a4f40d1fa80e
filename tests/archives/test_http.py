"""The session of all archives under every fault: it names host and cause, within its time, its bytes and its hosts."""

import gc
import gzip
import time
import tracemalloc
import weakref

import pytest

from app_tess.archives import http
from app_tess.archives.sample.fault_kinds import BY_NAME
from app_tess.archives.sample.faults import Fault
from app_tess.archives.watch import watched_by
from app_tess.errors import ArchiveError, ArchiveTimeout, ArchiveUnavailable, MissingData

UNBOUNDED_S = 20
"""Longer than any limit set here, and shorter than what would be waited for without one."""

TOI_TABLE = "/tess/download_toi.php?sort=toi&output=csv"


@pytest.fixture
def fetch(sample_archive):
    """Get an address from the archive under limits that a test can wait for."""

    def fetch(path=TOI_TABLE, largest_bytes=1_000_000, hosts=(), **limits):
        quick = {"silence_s": 0.3, "total_s": 0.8, "retries": 1, "backoff_s": 0.01} | limits
        session = http.open_session(http.Limits(http.allow(sample_archive.url, *hosts), **quick))
        return http.get(session, sample_archive.url + path, largest_bytes=largest_bytes)

    return fetch


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("refuse", ArchiveUnavailable, "cannot be reached: Connection refused"),
        ("silent", ArchiveTimeout, "did not answer in time: nothing arrived for 0.3 s"),
        ("drip", ArchiveTimeout, "its answer was incomplete after 0.8 s"),
        ("busy-hour", ArchiveUnavailable, "429 Too Many Requests and asks for a pause of 3,600 s"),
        ("error", ArchiveUnavailable, "500 Internal Server Error, 2 times"),
        ("cut-off", ArchiveUnavailable, "broke off in the middle of its answer"),
        ("gzip-bomb", ArchiveError, "more than 1 MB"),
        ("huge", ArchiveError, "more than 1 MB"),
        ("huge-unannounced", ArchiveError, "more than 1 MB"),
        ("redirect-host", ArchiveError, "redirects to https://archive.example/file"),
        ("redirect-file", ArchiveError, "redirects to file:///etc/passwd"),
        ("redirect-link-local", ArchiveError, "redirects to http://169.254.169.254"),
        ("redirect-circle", ArchiveError, "redirects in a circle"),
    ],
)
def test_a_fault_ends_with_the_host_and_the_cause_in_bounded_time(sample_archive, fetch, kind, error, words):
    host = sample_archive.url.removeprefix("http://")
    BY_NAME[kind].apply(sample_archive, 0.02)
    started = time.monotonic()
    with pytest.raises(error, match=words) as caught:
        fetch()
    assert str(caught.value).startswith(host) and type(caught.value) is error
    assert time.monotonic() - started < UNBOUNDED_S


def test_all_requests_of_a_session_together_end_in_bounded_time(sample_archive):
    limits = http.Limits(http.allow(sample_archive.url), silence_s=5, total_s=5, session_s=0.5)
    session = http.open_session(limits)
    sample_archive.inject(Fault("download_toi", None, hang_s=0.2))

    def ask_again_and_again():
        for _ in range(10):
            http.get(session, sample_archive.url + TOI_TABLE, largest_bytes=1_000_000)

    with pytest.raises(ArchiveTimeout, match="did not answer in time: all requests together took longer than 0.5 s"):
        ask_again_and_again()
    assert 2 <= len(sample_archive.requests) <= 4


@pytest.mark.parametrize("kind", ["gzip-bomb", "huge-unannounced"])
def test_a_body_without_end_costs_no_more_memory_than_its_limit(sample_archive, fetch, kind):
    BY_NAME[kind].apply(sample_archive, 1)
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveError, match="sent more than 4 MB"):
            fetch(largest_bytes=4_000_000, silence_s=5, total_s=5)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 4_000_000 < peak < 12_000_000


def test_an_error_that_passes_and_a_short_retry_after_are_waited_for(sample_archive, fetch):
    BY_NAME["error-once"].apply(sample_archive, 1)
    sample_archive.fail_next("download_toi", status=429, headers={"Retry-After": "0"})
    assert fetch(retries=2).content.startswith(b"TIC ID")
    assert len(sample_archive.requests) == 3


def test_a_retry_after_given_as_a_date_is_read(sample_archive, fetch):
    date = "Fri, 31 Dec 2100 23:59:59 GMT"
    sample_archive.fail_next("download_toi", status=503, times=9, headers={"Retry-After": date})
    with pytest.raises(ArchiveError, match="asks for a pause of"):
        fetch()


def test_a_header_that_never_ends_meets_the_deadline(sample_archive, fetch):
    sample_archive.inject(Fault("download_toi", None, headers={"X-Padding": "x" * 10_000}, drip_s=0.002))
    with pytest.raises(ArchiveTimeout, match=r"incomplete after 0.8 s"):
        fetch()


@pytest.mark.parametrize("members", [1, 3])
def test_a_compressed_body_is_read_whole_and_one_that_is_cut_is_not_taken(sample_archive, fetch, members):
    compressed = b"".join(gzip.compress(b"TIC ID,TOI\n" * 10_000) for _ in range(members))
    headers = {"Content-Encoding": "gzip"}
    sample_archive.inject(Fault("whole", None, body=compressed, headers=headers))
    sample_archive.inject(Fault("cut", None, body=compressed[:-30], headers=headers))
    sample_archive.inject(Fault("odd", None, body=compressed, headers={"Content-Encoding": "br"}))
    assert fetch("/whole").content == b"TIC ID,TOI\n" * 10_000 * members
    with pytest.raises(ArchiveError, match="broke off in the middle"):
        fetch("/cut")
    with pytest.raises(ArchiveError, match="encoding 'br', which was not requested"):
        fetch("/odd")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (302, {"Location": "http://["}),
        (302, {"Location": "\xff\xfe"}),
        (302, {}),
        (200, {"Content-Length": "9" * 5000}),
        (200, {"Transfer-Encoding": "chunked"}),
    ],
)
def test_an_answer_that_is_not_http_is_an_error_of_the_archive(sample_archive, fetch, status, headers):
    fault = (
        Fault("", None, headers=headers, status=status)
        if status == 302
        else Fault("", None, headers=headers, body=b"-5\r\n")
    )
    sample_archive.inject(fault)
    with pytest.raises(ArchiveError) as caught:
        fetch()
    assert str(caught.value).startswith(sample_archive.url.removeprefix("http://"))


def test_a_redirect_to_a_configured_host_is_followed(sample_archive, shared_sample_archive, fetch):
    location = shared_sample_archive.url + TOI_TABLE
    sample_archive.fail_next("download_toi", status=302, times=2, headers={"Location": location})
    assert fetch(hosts=[shared_sample_archive.url]).url == location
    with pytest.raises(ArchiveError, match="not a configured archive host"):
        fetch()


@pytest.mark.parametrize(
    "url",
    [
        "https://mast.stsci.edu.evil.example/",
        "https://mast.stsci.edu@evil.example/",
        "https://evil.example\\@mast.stsci.edu/",
        "https://mast.stsci.edu:444/",
        "http://mast.stsci.edu/",
        "ftp://mast.stsci.edu/",
        "file:///etc/passwd",
        "//mast.stsci.edu/",
        "https://mast.stsci.edu:99999999/",
        "https://[::ffff:169.254.169.254]/",
        "",
    ],
)
def test_an_address_that_only_looks_like_an_allowed_one_is_none(url):
    assert http.origin_of(url) not in http.allow("https://mast.stsci.edu")


def test_the_same_server_is_allowed_however_its_address_is_written():
    assert http.origin_of("HTTPS://MAST.stsci.edu:443/api") in http.allow(hosts=["mast.stsci.edu"])


def test_a_request_is_given_up_as_soon_as_its_run_is_cancelled(sample_archive, fetch, monkeypatch):
    class Cancelled(Exception):
        pass

    def cancel():
        raise Cancelled

    monkeypatch.setattr("app_tess.archives.http.exchange.CHECK_EVERY_S", 0.05)
    monkeypatch.setattr("app_tess.archives.http.exchange.POLL_S", 0.02)
    for kind in ("silent", "drip"):
        BY_NAME[kind].apply(sample_archive, 0.01)
        started = time.monotonic()
        with pytest.raises(Cancelled), watched_by(cancel):
            fetch(silence_s=30, total_s=30)
        assert time.monotonic() - started < UNBOUNDED_S


def test_a_file_that_is_not_there_is_missing(fetch):
    with pytest.raises(MissingData, match=r"127.0.0.1.* has no file"):
        fetch("/nothing")


def test_each_attempt_passes_the_gate_which_hears_of_failures_and_of_the_time_waited(sample_archive, fetch):
    heard = []

    class Noted(http.Gate):
        def turn(self, host, waited):
            heard.append(f"turn {host}")
            waited(0.0)
            return super().turn(host, waited)

        def rest(self, host, seconds):
            heard.append(f"rest {seconds}")

    host = sample_archive.url.removeprefix("http://")
    sample_archive.fail_next("download_toi", status=503, times=1, headers={"Retry-After": "0.01"})
    with http.gated(Noted()):
        assert fetch().status_code == 200
    assert heard == [f"turn {host}", "rest 0.01", f"turn {host}"]
    fetch()
    assert len(heard) == 3


def test_a_session_that_is_no_longer_used_is_freed_with_its_connection(sample_archive):
    session = http.open_session(http.Limits(http.allow(sample_archive.url)))
    http.get(session, sample_archive.url + TOI_TABLE)
    adapter = weakref.ref(session.get_adapter(sample_archive.url))
    del session
    gc.collect()
    assert adapter() is None
