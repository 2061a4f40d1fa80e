"""The site with 1,000,000 TOIs beside itself with the real 7,525: pages, exports, memory, on SQLite or PostgreSQL.

    python -m benchmarks.million [--tois 1000000] [--shared ../shared] [--database sqlite|postgresql] [--port 8131]

Loads the real catalogue with its scores, measures the pages over HTTP with one web process of the Procfile, adds copies
of the catalogue until there are so many TOIs (see `benchmarks.enlarged`), and measures the same pages again. `first`:
the stored data have a new version, so that nothing of the page is kept; `again`: the same address after that. Medians
of five with the spread. About 10 minutes for a million; needs 5 GB of disk.
"""

import argparse
import contextlib
import datetime as dt
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from app_tess.archives.sample.server import SampleArchive
from benchmarks.servers import family, shares_mb
from benchmarks.site import BIN, REAL_ARCHIVE, Site
from tests.support.postgres import PostgresServer, find_binaries

REPEATS = 5
TARGET = 2.0
STAR = 25155310
PAGES = {
    "table, first page": "/",
    "table, page 145": "/?page=145",
    "table, page 500": "/?page=500",
    "sorted by probability": "/?sort=probability",
    "sorted by Tmag, ascending": "/?sort=tmag&direction=asc",
    "sorted by log g (no index)": "/?sort=logg",
    "filtered: bright candidates": "/?disposition=PC&tmag_max=9",
    "filtered: half of all": "/?planet_radius_rearth_max=8",
    "searched: a name": "/?q=pi+Men&radius=1+arcmin",
    "searched: part of a comment": "/?q=v-shaped",
    "cone of 10 arcmin": "/?q=318.737+-55.872&radius=10+arcmin",
    "cone of 3 deg": "/?q=318.737+-55.872&radius=3+deg",
    "star": f"/stars/{STAR}",
    "star, from the table": f"/stars/{STAR}?sort=tmag&direction=asc",
}
EXPORTS = ("/api/v1/tois.csv", "/api/v1/tois.json", "/api/v1/stars.csv")
HEAD = (
    "| page | at {small:,}: first, ms | again | at {large:,}: first, ms | again | first, ratio | |\n"
    "|---|---|---|---|---|---|---|"
)


def renew():
    """Give the stored data a new version, so that no process uses what it kept."""
    from app_tess.storage.switching import switching

    with switching():
        pass


def ask(url):
    """Return the milliseconds of a request; SystemExit where it fails."""
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=600) as response:
        response.read()
    return 1000 * (time.perf_counter() - began)


def measure_page(site, address):
    """Return REPEATS times in ms of first views, and of second views."""
    first, again = [], []
    for _ in range(REPEATS):
        renew()
        first.append(ask(site.url + address))
        again.append(ask(site.url + address))
    return first, again


def measure_export(site, address, pid):
    """Return (first byte [s], total [s], MB, growth of the web processes' memory [MB])."""
    before, most, size = sum(shares_mb(pid)), 0.0, 0
    began, looked = time.perf_counter(), time.perf_counter()
    with urllib.request.urlopen(site.url + address, timeout=1800) as response:
        size = len(response.read(1))
        first = time.perf_counter() - began
        while chunk := response.read(1 << 20):
            size += len(chunk)
            if time.perf_counter() - looked > 0.2:
                most, looked = max(most, sum(shares_mb(pid))), time.perf_counter()
    most = max(most, sum(shares_mb(pid)))
    return first, time.perf_counter() - began, size / 1e6, most - before


def measure(site, log, exports):
    """Start a web process and measure all pages, exports and its memory."""
    site.start("web", log)
    try:
        site.wait_until_it_answers()
        pid = site.processes["web"].pid
        start_mb = sum(shares_mb(pid))
        pages = {name: measure_page(site, address) for name, address in PAGES.items()}
        after_mb = sum(shares_mb(pid))
        sent = {address: measure_export(site, address, pid) for address in exports}
        return pages, sent, (start_mb, after_mb)
    finally:
        for process in family(site.processes["web"].pid):
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(process.name), signal.SIGKILL)
        site.processes.pop("web").wait()


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def report(small, large, counts):
    """Print the tables."""
    print(HEAD.format(small=counts[0], large=counts[1]))
    for name in PAGES:
        (first, again), (first_large, again_large) = small[0][name], large[0][name]
        ratio = statistics.median(first_large) / statistics.median(first)
        print(
            f"| {name} | {spread(first)} | {spread(again)} | {spread(first_large)} | {spread(again_large)} "
            f"| {ratio:.1f} | {'met' if ratio <= TARGET else '**missed**'} |"
        )
    print("\n| export | TOIs | first byte, s | whole, s | MB | memory, MB more |\n|---|---|---|---|---|---|")
    for count, found in zip(counts, (small, large), strict=True):
        for address, (first, total, size, more) in found[1].items():
            print(f"| {address} | {count:,} | {first:.2f} | {total:.1f} | {size:.1f} | {more:.0f} |")
    for count, found in zip(counts, (small, large), strict=True):
        start_mb, after_mb = found[2]
        print(f"\nWeb processes at {count:,} TOIs: {start_mb:.0f} MB, after all pages {after_mb:.0f} MB.")


@contextlib.contextmanager
def settings(kind, folder, shared, port):
    """Serve the archive and, if asked for, PostgreSQL; gives the environment of the site."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/tess.sqlite"
        if kind == "postgresql":
            server = PostgresServer.start(find_binaries())
            stack.callback(server.stop)
            url = server.create_database()
        archive = stack.enter_context(SampleArchive(shared / "archive"))
        yield os.environ | {
            "DATABASE_URL": url,
            "INSTANCE_DIR": folder,
            "EXOFOP_URL": archive.exofop_url,
            "MAST_URL": archive.mast_url,
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tois", type=int, default=1_000_000, help="TOIs of the large catalogue")
    parser.add_argument("--shared", type=Path, default=REAL_ARCHIVE.parent, help="folder that holds archive/")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--port", type=int, default=8131)
    parser.add_argument("--exports", nargs="*", default=EXPORTS, help="addresses of exports to measure")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        settings(options.database, folder, options.shared, options.port) as environment,
        open(Path(folder) / "log", "ab") as log,
    ):
        site = Site(options.port, "", environment)
        site.flask("db", "upgrade")
        print(site.flask("reset").splitlines()[-1], flush=True)
        os.environ.update({name: environment[name] for name in ("DATABASE_URL", "INSTANCE_DIR")})
        from app_tess import create_app
        from app_tess.storage.catalogue import count_tois
        from benchmarks.enlarged import enlarge

        with create_app().app_context():
            before = count_tois()
            small = measure(site, log, options.exports)
            count, seconds, list_s = enlarge(options.tois)
            print(f"{count:,} TOIs: inserted in {seconds:.0f} s, of which {list_s:.0f} s for the list.", flush=True)
            large = measure(site, log, options.exports)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    print(f"\n{options.database}, {dt.datetime.now(dt.UTC):%Y-%m-%d}, {machine}\n")
    report(small, large, (before, count))


if __name__ == "__main__":
    sys.exit(main())
