"""Mixed browsing by many clients while the catalogue is updated and rescored: errors, latencies, memory.

    python -m benchmarks.load [--clients 100] [--seconds 600] [--think 7] [--port 8990]

Starts everything: PostgreSQL (without fsync), the archive with `../shared/archive`, the site in production as in the
Procfile. One visitor first sees the pages with pictures, as on a site in use. Then an update is requested at a quarter
of the time and a rescoring at half of it. Each client asks for a page and then for its pictures over one connection,
thinks for an exponential time of mean --think, by default the 7 s of the web benchmark TPC-W, and goes on. 0: clients
that never pause. No client keeps anything, so none asks conditionally.
"""

import argparse
import collections
import concurrent.futures
import http.client
import json
import os
import random
import re
import threading
import time
import urllib.request
from pathlib import Path

from benchmarks.servers import shares_mb
from benchmarks.site import loaded_site

PATIENCE_S = 30.0
TARGET_MS = 500
PICTURE = re.compile(r'<img[^>]+src="?(/[^" >]+)')
MOST_PICTURES = 6
"""Pictures of a page that a client asks for: those near the top; the others are loaded when they are scrolled to."""

WITH_FILES = (231663901, 149603524, 231670397, 38846515, 281459670, 25155310, 260271203, 300013921, 52204645)
"""The stars whose light curves the archive has; of the others it has only tables."""

KINDS = {
    "table": (
        0.3,
        ("/", "/?page={page}", "/?sort=tmag&page={page}", "/?page_size=100&page={few}", "/?queue=candidates"),
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
    "star": (0.3, ("/stars/{tic_id}", "/stars/{tic_id}", "/stars/{with_files}")),
    "others": (0.05, ("/tonight", "/changes", "/model", "/glossary", "/stars/{with_files}/transits", "/operations")),
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
"""Kind of page -> its share, and its addresses."""


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
        with_files=source.choice(WITH_FILES),
    )


class Client:
    """One visitor, with one connection that is kept open."""

    def __init__(self, port, number, tic_ids, think_s, stop):
        self._port, self._tic_ids, self._think_s, self._stop = port, tic_ids, think_s, stop
        self._source = random.Random(number)
        self._connection = None
        self.answers: list[tuple[str, int, float, str]] = []
        """(kind, status or 0, seconds, address) of every request."""

    def browse(self):
        """Ask and think until the end."""
        names, shares = list(KINDS), [share for share, _ in KINDS.values()]
        self._stop.wait(self._source.uniform(0, 2 * self._think_s))
        while not self._stop.is_set():
            kind = self._source.choices(names, shares)[0]
            self.see(kind, address(self._source, kind, self._tic_ids))
            if self._think_s:
                self._stop.wait(self._source.expovariate(1 / self._think_s))
        self.leave()

    def see(self, kind, path):
        """Ask for a page, and then for its pictures."""
        status, headers, body = self._ask(kind, path)
        if status == 302:
            path = headers["Location"]
            _, _, body = self._ask("star", path)
        for picture in self._pictures(path, body):
            self._ask("picture", picture)

    def leave(self):
        """Close the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _pictures(self, path, body):
        """Return the addresses of a page's pictures, without those whose files the archive does not have."""
        if path.startswith("/stars/") and not path.startswith(tuple(f"/stars/{tic_id}" for tic_id in WITH_FILES)):
            return []
        found = dict.fromkeys(PICTURE.findall(body.decode("utf-8", "replace")))
        return [picture.replace("&amp;", "&") for picture in found if self._is_available(picture)][:MOST_PICTURES]

    def _is_available(self, picture):
        return "/validation/" not in picture and ("/sectors/" not in picture or "-s0001-" in picture)

    def _ask(self, kind, path):
        was_idle = self._connection is not None
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        began = time.monotonic()
        try:
            self._connection.request("GET", path, headers={"Accept": "image/*" if kind == "picture" else "*/*"})
            response = self._connection.getresponse()
            body, status, headers = response.read(), response.status, response.headers
        except (OSError, http.client.HTTPException) as error:
            self.leave()
            if was_idle and isinstance(error, ConnectionError):
                return self._ask(kind, path)  # the site closed the idle connection: as a browser, ask on a new one
            body, status, headers = b"", 0, {}
        self.answers.append((kind, status, time.monotonic() - began, path))
        return status, headers, body


def percentile(times, share):
    """Return a percentile of some times [ms]."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def summarize(answers, seconds):
    """Print a row for each kind and one for all, and what failed."""
    print("| kind | requests | errors | median ms | 95 % ms | 99 % ms | worst ms |\n|---|---|---|---|---|---|---|")
    for kind in (*KINDS, "picture", "all"):
        some = [answer for answer in answers if kind in (answer[0], "all")]
        if some:
            times, errors = [answer[2] for answer in some], sum(is_error(answer[1], answer[0]) for answer in some)
            shares = " | ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1))
            print(f"| {kind} | {len(some)} | {errors} | {shares} |")
    statuses = dict(sorted(collections.Counter(status for _, status, _, _ in answers).items()))
    print(f"{len(answers) / seconds:.0f} requests per second; statuses: {statuses}")
    failed = collections.Counter((status, path) for kind, status, _, path in answers if is_error(status, kind))
    for (status, path), count in failed.most_common(10):
        print(f"  {count} x {status or 'no answer'}: {path}")
    print("slowest:", *(f"{1000 * a[2]:.0f} ms {a[3]}" for a in sorted(answers, key=lambda a: -a[2])[:8]), sep="\n  ")


def is_error(status, kind):
    """Return whether a status is neither an answer nor a redirect; 404 of a picture is a notice why there is none."""
    return not 200 <= status < 400 and (status, kind) != (404, "picture")


def warm_up(port):
    """Let one visitor see the stars with light curves and the other pages, with their pictures."""
    client = Client(port, 0, WITH_FILES, 0, threading.Event())
    for path in ("/", *KINDS["others"][1][:4], *(f"/stars/{tic_id}" for tic_id in WITH_FILES)):
        for _ in range(4):  # so that each web process gets some of them
            client.see("star", path)
            client.leave()


def watch(site, seconds):
    """Request the two runs at their times, and print the memory of web and worker twelve times."""
    began = time.monotonic()
    due = [(0.25, "reset"), (0.5, "predict")]
    runs, next_look = [], 0.0
    while (passed := time.monotonic() - began) < seconds:
        if due and passed > due[0][0] * seconds:
            kind = due.pop(0)[1]
            status, body = site.post(f"/{kind}")
            print(f"{passed:4.0f} s: {kind}: {status} {body.strip()}", flush=True)
            runs.append(json.loads(body).get("run"))
        if passed >= next_look:
            next_look += seconds / 12
            memory = ", ".join(
                f"{name} {sum(shares_mb(process.pid)):.0f} MB" for name, process in site.processes.items()
            )
            print(f"{passed:4.0f} s: {memory}; load {os.getloadavg()[0]:.1f}", flush=True)
        time.sleep(0.5)
    return runs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--think", type=float, default=7.0, help="mean of the time between two pages [s]")
    parser.add_argument("--port", type=int, default=8990)
    parser.add_argument("--log", type=Path, default=Path("/tmp/benchmark-load.log"))
    options = parser.parse_args()
    with loaded_site(options.port, options.log) as site:
        with urllib.request.urlopen(f"{site.url}/api/v1/stars.json", timeout=PATIENCE_S) as response:
            tic_ids = [row["tic_id"] for row in json.load(response)["rows"]]
        print(f"{options.clients} clients, thinking {options.think:g} s; load {os.getloadavg()[0]:.1f}", flush=True)
        warm_up(options.port)
        stop = threading.Event()
        clients = [Client(options.port, number, tic_ids, options.think, stop) for number in range(options.clients)]
        with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
            jobs = [pool.submit(client.browse) for client in clients]
            runs = watch(site, options.seconds)
            stop.set()
            for job in jobs:
                job.result()
        summarize([answer for client in clients for answer in client.answers], options.seconds)
        for run in runs:
            with urllib.request.urlopen(f"{site.url}/runs/{run}.json", timeout=PATIENCE_S) as response:
                found = json.load(response)
            print(f"run {run}: {found['status']} in {found['duration_s']} s: {found['message']}")


if __name__ == "__main__":
    main()
