"""The gate that all workers of a survey share: so many downloads from a host at a time, and one back-off for all."""

import contextlib
import time
from functools import cache, partial

from app_tess.archives import http

POLL_S = 1.0
"""How often a worker that waits looks whether its request is still wanted [s]."""

ASK_S = 10
"""Longest wait for the scheduler's answer [s]."""

LONGEST_REST_S = 300.0
"""Longest common pause after a failure [s]: the clocks of two machines may differ."""


class DaskGate(http.Gate):
    """A semaphore and a time for each host, both with the scheduler, so that a worker that dies leaves nothing behind.

    Parameters
    ----------
    downloads : int
        Requests to a host at a time, of all workers together.
    """

    def __init__(self, downloads):
        self.downloads = downloads

    def open_host(self, host):
        """Let the workers' requests to a host begin; called once, where the survey is driven."""
        import distributed

        distributed.Variable(_rest_name(host)).set(0.0)
        distributed.Semaphore(max_leases=self.downloads, name=_turn_name(host))

    @contextlib.contextmanager
    def turn(self, host, waited):
        """Wait for a lease, and for the end of the common pause."""
        import distributed

        semaphore = _semaphore(_turn_name(host), self.downloads, distributed.get_client().id)
        while not _timed(partial(semaphore.acquire, timeout=POLL_S), waited):
            pass
        try:
            while (left := self._rest_ends(host) - time.time()) > 0:
                _timed(partial(time.sleep, min(left, POLL_S)), waited)
            yield
        finally:
            semaphore.release()

    def rest(self, host, seconds):
        """Let no worker ask the host for some seconds."""
        import distributed

        until = time.time() + min(seconds, LONGEST_REST_S)
        if until > self._rest_ends(host):
            distributed.Variable(_rest_name(host)).set(until)

    def _rest_ends(self, host):
        import distributed

        try:
            until = distributed.Variable(_rest_name(host)).get(timeout=ASK_S)
        except TimeoutError:
            return 0.0
        return min(until, time.time() + LONGEST_REST_S)


@cache
def _semaphore(name, leases, _client_id):
    """Return this process's semaphore of a name: each has a timer that renews its leases and keeps it for good."""
    import distributed

    return distributed.Semaphore(max_leases=leases, name=name)


def _timed(wait, waited):
    started = time.monotonic()
    found = wait()
    waited(time.monotonic() - started)
    return found


def _rest_name(host):
    return f"rest of {host}"


def _turn_name(host):
    return f"downloads from {host}"
