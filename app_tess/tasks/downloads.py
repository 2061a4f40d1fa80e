"""Downloads for web requests: a few threads that no page waits for.

A web thread that waits for an archive answers nobody else. So it asks for the file here and answers at once that the
file is being fetched; the page asks again.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app_tess.errors import AppTessError, ArchiveTimeout, BeingFetched

THREADS = 2
"""Downloads at a time in a web process: an archive is asked politely, and a web process has work to do."""

MOST_WAITING = 64
"""Files that may wait for one of the threads; one more is asked for again by its page."""

FAILURE_LIFE_S = 60.0
"""How long a failure is reported before the archive is asked again [s]."""

MOST_PATIENT = 1
"""Web threads in a process that may wait for a file at a time: most files take a second."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Job:
    key: str
    fetch: Callable[[], object]
    done: threading.Event = field(default_factory=threading.Event)


class Downloads:
    """The downloads of a web process.

    Parameters
    ----------
    threads, most_waiting : int
    failure_life_s : float
        See the constants.
    """

    def __init__(self, threads=THREADS, most_waiting=MOST_WAITING, failure_life_s=FAILURE_LIFE_S):
        self._threads, self._failure_life_s = threads, failure_life_s
        self._waiting: queue.Queue[_Job] = queue.Queue(most_waiting)
        self._jobs: dict[str, _Job] = {}
        self._failures: dict[str, tuple[AppTessError, float]] = {}
        self._silence: tuple[AppTessError, float] | None = None
        self._lock = threading.Lock()
        self._patience = threading.Semaphore(MOST_PATIENT)
        self._started = 0

    def request(self, key, fetch):
        """Have a file fetched, unless it is being fetched already; always raises.

        Parameters
        ----------
        key : str
            Names the file.
        fetch : callable
            Downloads and keeps it; is called in another thread.

        Raises
        ------
        BeingFetched
            It is not there yet.
        AppTessError
            The last attempt, less than `failure_life_s` ago, failed with this error; or the archive is silent.
        """
        with self._lock:
            self._raise_recent_failure(key)
            job = self._jobs.get(key)
            if job is None:
                job = _Job(key, fetch)
                try:
                    self._waiting.put_nowait(job)
                except queue.Full:
                    raise BeingFetched("Many files are being fetched; this one will follow.") from None
                self._jobs[key] = job
                self._start_thread()
        raise BeingFetched("The light-curve files are being fetched from the archive.", [job.done])

    def wait(self, pending, seconds):
        """Wait until requested files are there or have failed; return False if that takes too long.

        Only MOST_PATIENT threads may wait: for any other the answer is False at once.
        """
        if not pending.done or not self._patience.acquire(blocking=False):
            return False
        ends_at = time.monotonic() + seconds
        try:
            return all(event.wait(max(ends_at - time.monotonic(), 0)) for event in pending.done)
        finally:
            self._patience.release()

    def _raise_recent_failure(self, key):
        now = time.monotonic()
        for old in [name for name, (_, until) in self._failures.items() if until < now]:
            del self._failures[old]
        if self._silence and self._silence[1] < now:
            self._silence = None
        failure = self._failures.get(key) or self._silence
        if failure:
            error, until = failure
            raise type(error)(f"{error} The next attempt is possible in {max(until - now, 1):.0f} s.")

    def _start_thread(self):
        if self._started < self._threads:
            self._started += 1
            # a daemon: a process that ends does not wait for an archive, and what is half fetched is not kept
            threading.Thread(target=self._work, daemon=True, name=f"download-{self._started}").start()

    def _work(self):
        while True:
            job = self._waiting.get()
            failure = None
            try:
                if self._silence is None or self._silence[1] < time.monotonic():
                    job.fetch()
            except AppTessError as error:
                log.warning("%s was not fetched: %s", job.key, error)
                failure = error
            except Exception:
                log.exception("%s was not fetched", job.key)
                failure = AppTessError("Internal error while the file was fetched. It has been logged.")
            self._finish(job, failure)

    def _finish(self, job, failure):
        with self._lock:
            until = time.monotonic() + self._failure_life_s
            if isinstance(failure, ArchiveTimeout):
                self._silence = (failure, until)  # the files that wait would each wait as long
            elif failure is not None:
                self._failures[job.key] = (failure, until)
            del self._jobs[job.key]
        job.done.set()
