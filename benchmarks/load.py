"""Mixed browsing by many clients while the catalogue is updated and rescored: errors, latencies, memory.

    python -m benchmarks.load http://127.0.0.1:8000 [--clients 100] [--seconds 600] [--pids WEB_MASTER_PID ...]

The site holds the real catalogue on PostgreSQL, its archive is `flask --app app_tess archive serve --data
../shared/archive`, and its worker runs. With ADMIN_TOKEN set, an update is requested at a quarter of the time and a
rescoring at half of it. Each client asks, reads for some seconds, and asks again: the table, filters,
stars, pictures, the API.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import http.client
import json
import os
import random
import threading
import time
import urllib.request
from urllib.parse import urlsplit

from benchmarks.servers import cpu_s, memory_mb

PATIENCE_S = 30.0
THINK_S = (1.0, 9.0)
"""How long a client reads before it asks again [s]: 100 clients ask 20 times a second."""
TARGET_S = 0.5
KINDS = {
    "table": (
        0.3,
        (
            "/",
            "/?page={page}",
            "/?sort=tmag&page={page}",
            "/?page_size=100&page={few}",
            "/?queue=candidates",
        ),
    ),
    "filters": (
        0.2,
        (
            "/?disposition=PC&tmag_max={magnitude}",
            "/?period_d_min=1&period_d_max={magnitude}&page={few}",
            "/?q=TOI-{toi}",
            "/?q=WASP",
            "/?q={ra}+-55&radius=2+deg",
            "/?sector={sector}",
        ),
    ),
    "star": (0.25, ("/stars/{tic_id}",)),
    "picture": (0.1, ("/plots/sky.png", "/plots/period-radius.png", "/plots/sky.png?disposition=CP", "/tonight.png")),
    "api": (
        0.15,
        (
            "/api/v1/stars/{tic_id}",
            "/api/v1/tois?page_size=50&page={page}",
            "/api/v1/stars.csv?tmag_max=9&page_size=100",
            "/api/v1/cone?RA={ra}&DEC=-50&SR=2",
            "/api/v1/tois.csv",
        ),
    ),
}
"""Kind -> its share of the requests, and its addresses."""


def address(source, kind, tic_ids):
    """Return a random address of a kind."""
    return source.choice(KINDS[kind][1]).format(
        page=source.randint(1, 140),
        few=source.randint(1, 10),
        magnitude=source.randint(8, 14),
        toi=source.randint(101, 6000),
        ra=source.randint(0, 359),
        sector=source.randint(1, 80),
        tic_id=source.choice(tic_ids),
    )


class Client:
    """One visitor, with one connection that is kept open."""

    def __init__(self, place, number, tic_ids, stop):
        self._place, self._tic_ids, self._stop = place, tic_ids, stop
        self._source = random.Random(number)
        self.answers: list[tuple[str, int, float, float]] = []

    def browse(self):
        """Ask and think until the end; fills `answers` with (kind, status or 0, seconds, moment)."""
        names, shares = list(KINDS), [share for share, _ in KINDS.values()]
        self._stop.wait(self._source.uniform(0, THINK_S[1]))
        connection = None
        while not self._stop.is_set():
            if connection is None:
                connection = http.client.HTTPConnection(self._place.hostname, self._place.port, timeout=PATIENCE_S)
            kind = self._source.choices(names, shares)[0]
            began = time.monotonic()
            try:
                path = address(self._source, kind, self._tic_ids)
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                response = connection.getresponse()
                response.read()
                status = response.status
            except (OSError, http.client.HTTPException):
                status = 0
                connection.close()
                connection = None
            self.answers.append((kind, status, time.monotonic() - began, began))
            self._stop.wait(self._source.uniform(*THINK_S))
        if connection:
            connection.close()


def start_run(site, kind):
    """Request a run; return what the site says."""
    request = urllib.request.Request(
        f"{site}/{kind}",
        method="POST",
        headers={"Authorization": f"Bearer {os.environ['ADMIN_TOKEN']}", "Accept": "application/json"},
    )
    with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        return json.load(response)
    return None


def percentile(times, share):
    """Return a percentile of some times [ms]."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def summarize(answers):
    """Print a row for each kind, and one for all."""
    print("| kind | requests | errors | median ms | 95 % ms | 99 % ms | worst ms |\n|---|---|---|---|---|---|---|")
    for kind in (*KINDS, "all"):
        some = [answer for answer in answers if kind in (answer[0], "all")]
        if not some:
            continue
        times, errors = [answer[2] for answer in some], sum(not 200 <= answer[1] < 400 for answer in some)
        shares = " | ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1))
        print(f"| {kind} | {len(some)} | {errors} | {shares} |")
    print("statuses:", dict(collections.Counter(status for _, status, _, _ in answers)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pids", type=int, nargs="*", default=[])
    options = parser.parse_args()
    with urllib.request.urlopen(f"{options.site}/api/v1/stars?page_size=100", timeout=PATIENCE_S) as response:
        tic_ids = [row["tic_id"] for row in json.load(response)["rows"]]
    stop = threading.Event()
    clients = [Client(urlsplit(options.site), number, tic_ids, stop) for number in range(options.clients)]
    began, used = time.monotonic(), sum(map(cpu_s, options.pids))
    due = [(0.25, "reset"), (0.5, "predict")] if os.environ.get("ADMIN_TOKEN") else []
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        jobs = [pool.submit(client.browse) for client in clients]
        while (passed := time.monotonic() - began) < options.seconds:
            if due and passed > due[0][0] * options.seconds:
                print(f"{passed:.0f} s: {due[0][1]}: {start_run(options.site, due.pop(0)[1])}", flush=True)
            if options.pids and int(passed) % max(1, int(options.seconds / 6)) == 0:
                print(f"{passed:.0f} s: " + ", ".join(f"{memory_mb(pid):.0f} MB" for pid in options.pids), flush=True)
            time.sleep(1)
        stop.set()
        for job in jobs:
            job.result()
    answers = [answer for client in clients for answer in client.answers]
    summarize(answers)
    if options.pids:
        used = sum(map(cpu_s, options.pids)) - used
        print(f"CPU of the web processes: {used:.0f} s, {1000 * used / len(answers):.1f} ms a request")


if __name__ == "__main__":
    main()
