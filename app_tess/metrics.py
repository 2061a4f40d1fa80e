"""Prometheus metrics of all processes on this machine, kept in files that any of them can read; off until `start`.

Each process writes separate files (prometheus_client's multiprocess mode), the web processes in one folder and the
workers in another. `/metrics` adds them up, so it does not matter which web process answers.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PROCESSES = ("web", "worker")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Others are counted together: a client may invent any number of them."""

REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
ARCHIVE_BUCKETS_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Meters:
    """What one process counts."""

    def __init__(self, process: str) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        registry = CollectorRegistry()
        self.process = process
        self.requests = Counter(
            "app_tess_requests",
            "Responses of the site",
            ("process", "route", "method", "status"),
            registry=registry,
        )
        self.request_seconds = Histogram(
            "app_tess_request_seconds",
            "Time from a request to the end of its response [s]",
            ("process", "route"),
            buckets=REQUEST_BUCKETS_S,
            registry=registry,
        )
        self.archive_responses = Counter(
            "app_tess_archive_responses",
            "Responses of the archives, by status, or by the kind of failure where none arrived",
            ("process", "host", "outcome"),
            registry=registry,
        )
        self.archive_seconds = Histogram(
            "app_tess_archive_response_seconds",
            "Time until an archive began to respond, or was given up [s]",
            ("process", "host"),
            buckets=ARCHIVE_BUCKETS_S,
            registry=registry,
        )
        self.cache = Counter(
            "app_tess_cache_reads",
            "Reads of the disk cache, by what was asked for and whether it was there",
            ("process", "content", "outcome"),
            registry=registry,
        )


_meters: _Meters | None = None


def start(folder: Path, process: str) -> None:
    """Begin to count in this process.

    Parameters
    ----------
    folder : Path
        Shared by all processes of the site.
    process : str
        One of `PROCESSES`.
    """
    global _meters  # noqa: PLW0603 - like the loggers, the meters belong to the process
    own = folder / process
    own.mkdir(parents=True, exist_ok=True)
    _forget_earlier_processes(own)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(own)  # read by prometheus_client when it is imported
    _meters = _Meters(process)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a response; `route` is the rule of its address, not the address: there are millions of those."""
    if _meters is not None:
        route = route or "none"
        method = method if method in METHODS else "other"
        _meters.requests.labels(_meters.process, route, method, status).inc()
        _meters.request_seconds.labels(_meters.process, route).observe(seconds)


def count_archive_response(host: str, outcome: str, seconds: float) -> None:
    """Count a response of an archive; `outcome` is its status, or the kind of failure."""
    if _meters is not None:
        _meters.archive_responses.labels(_meters.process, host, outcome).inc()
        _meters.archive_seconds.labels(_meters.process, host).observe(seconds)


def count_cache_read(content: str, is_there: bool) -> None:
    """Count a read of the disk cache; `content` is `pictures` or `files`."""
    if _meters is not None:
        _meters.cache.labels(_meters.process, content, "hit" if is_there else "miss").inc()


Gauge = tuple[str, str, dict[str, str], float]
"""Name, help, labels and value of a number that is read at the moment of the request."""


def exposition(folder: Path, gauges: Iterable[Gauge] = ()) -> bytes:
    """Return what all processes have counted, and the gauges, in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_FileCollector(folder))
    registry.register(_GaugeCollector(gauges))
    return generate_latest(registry)


class _FileCollector:
    """Adds up the files of all processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Any]:
        """Yield metric families."""
        from prometheus_client.multiprocess import MultiProcessCollector

        return MultiProcessCollector.merge([str(path) for path in sorted(self._folder.glob("*/*.db"))])

    def describe(self) -> Iterable[Any]:
        """Return nothing: the names are known when the files are read."""
        return []


class _GaugeCollector:
    """Shows given values."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Any]:
        """Yield metric families."""
        from prometheus_client.core import GaugeMetricFamily

        families: dict[str, Any] = {}
        for name, description, labels, value in self._gauges:
            family = families.setdefault(name, GaugeMetricFamily(name, description, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()


def _forget_earlier_processes(folder: Path) -> None:
    """Remove the files of the last start, once none of its processes is alive.

    While one is alive the files of those that ended are kept, because their counts belong to the sum.
    """
    files = list(folder.glob("*.db"))
    others = {path.stem.rpartition("_")[2] for path in files} - {str(os.getpid())}
    if not any(_is_alive(pid) for pid in others):
        for path in files:
            path.unlink(missing_ok=True)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError, OverflowError):
        return True
    return True
