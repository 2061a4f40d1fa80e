"""The faults that tests inject reach the client as they would from a failing archive."""

import time

import pytest
import requests

TOI_TABLE = "/tess/download_toi.php?sort=toi&output=csv"


def test_the_next_requests_fail_and_then_it_recovers(archive):
    archive.fail_next("download_toi", status=429, times=2, headers={"Retry-After": "1"})
    replies = [requests.get(archive.url + TOI_TABLE, timeout=60) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [429, 429, 200]
    assert replies[0].headers["Retry-After"] == "1"
    assert archive.requests == [("GET", TOI_TABLE)] * 3


def test_a_fault_can_single_out_a_mast_service(archive):
    archive.fail_next("Mast.Caom.Filtered", status=500)
    url = archive.mast_url + "/api/v0/invoke"
    answers = [
        requests.post(url, data={"request": f'{{"service": "{service}"}}'}, timeout=60).status_code
        for service in ("Mast.Catalogs.Filtered.Tic", "Mast.Caom.Filtered", "Mast.Caom.Filtered")
    ]
    assert answers == [200, 500, 200]


def test_a_hanging_archive_meets_the_clients_time_out_and_ends_with_the_context(archive):
    archive.hang("download_toi", seconds=60)
    with pytest.raises(requests.Timeout):
        requests.get(archive.url + TOI_TABLE, timeout=0.2)
    started = time.monotonic()
    archive.__exit__(None, None, None)
    assert time.monotonic() - started < 30  # not the minute that the archive hangs
    archive.__enter__()


def test_a_body_is_replaced_until_cleared(archive):
    archive.replace_body("download_toi", b"<html>Down for maintenance</html>")
    for _ in range(2):
        reply = requests.get(archive.url + TOI_TABLE, timeout=60)
        assert (reply.headers["Content-Type"], reply.content) == ("text/html", b"<html>Down for maintenance</html>")
    archive.clear_faults()
    assert requests.get(archive.url + TOI_TABLE, timeout=60).text.startswith("TIC ID,TOI,")


def test_a_transfer_is_cut_short(archive):
    archive.truncate("download_toi", keep_fraction=0.5)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.get(archive.url + TOI_TABLE, timeout=60)
    assert requests.get(archive.url + TOI_TABLE, timeout=60).status_code == 200
