"""Expensive results are computed once for all who wait, one at a time, and never by all threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app_tess.config import Config
from app_tess.errors import SiteBusy
from app_tess.web.http.shared import SharedResults

WAITING = 5


@pytest.fixture
def results(tmp_path, make_app):
    """Shared results of which two are kept; its `get` runs in a context of an application, as a request does."""
    app = make_app(Config(instance_dir=tmp_path))
    found = SharedResults(2, threading.Semaphore(1), WAITING)
    get = found.get

    def get_in_context(key, compute):
        with app.app_context():
            return get(key, compute)

    found.get = get_in_context
    return found


class Work:
    """A computation that lasts until it is let go, and counts how often and how many at a time it ran."""

    def __init__(self):
        self.started, self.go_on, self.calls = threading.Event(), threading.Event(), 0

    def __call__(self):
        self.calls += 1
        self.started.set()
        assert self.go_on.wait(5)
        return self.calls


def until(condition):
    """Wait until a condition holds."""
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to that")


def test_concurrent_requests_share_one_computation_and_later_ones_its_result(results):
    work = Work()
    with ThreadPoolExecutor(WAITING) as pool:
        answers = [pool.submit(results.get, "key", work) for _ in range(WAITING)]
        until(lambda: results._waiting == WAITING)
        work.go_on.set()
        assert [answer.result(5) for answer in answers] == [1] * WAITING
    assert results.get("key", work) == 1 and work.calls == 1


def test_a_request_too_many_is_refused_at_once_and_a_known_result_is_not(results):
    work = Work()
    results.get("known", lambda: "known")
    with ThreadPoolExecutor(WAITING) as pool:
        answers = [pool.submit(results.get, number, work) for number in range(WAITING)]
        until(lambda: results._waiting == WAITING)
        with pytest.raises(SiteBusy) as refused:
            results.get("another", work)
        assert refused.value.retry_after_s > 0
        assert results.get("known", work) == "known"
        assert work.calls == 1, "the others wait for their turn"
        work.go_on.set()
        assert sorted(answer.result(5) for answer in answers) == [1, 2, 3, 4, 5]


def test_an_error_reaches_who_waits_and_is_forgotten(results):
    def fail():
        raise ValueError("no such night")

    with pytest.raises(ValueError, match="no such night"):
        results.get("key", fail)
    assert results.get("key", lambda: "later") == "later"


def test_the_longest_unused_result_is_dropped(results):
    for key in ("a", "b", "a", "c"):
        results.get(key, lambda key=key: key)
    assert results.get("a", lambda: "again") == "a"
    assert results.get("b", lambda: "again") == "again"
