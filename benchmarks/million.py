"""The site with 1,000,000 TOIs beside itself with the real 7,525: pages, exports, memory and resets, on both databases.

    python -m benchmarks.million [--tois 1000000] [--shared ../shared] [--databases sqlite postgresql] [--port 8131]

Loads the real catalogue with its scores, measures the pages over HTTP with one web process of the Procfile, adds copies
of the catalogue until there are so many TOIs (see `benchmarks.enlarged`), and measures the same pages again. `first`:
the stored data have a new version, so that nothing of the page is kept; `again`: the same address after that. Medians
of five in ms; of first views also the processor time of the site and the database's server, which a busy machine does
not change, and by which they are compared. Resets load 1, 4 and 16 copies of the catalogue's files into an empty SQLite
database. About an hour; needs 10 GB of disk.
"""

import argparse
import contextlib
import datetime as dt
import os
import platform
import statistics
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from app_tess.archives.sample.server import SampleArchive
from benchmarks.measuring import process
from benchmarks.servers import family, shares_mb
from benchmarks.site import BIN, REAL_ARCHIVE, ROOT, Site
from tests.support.postgres import PostgresServer, find_binaries

REPEATS = 5
TARGET = 2.0
IDLE_S, IDLE_MS = 2.0, 20.0
"""A web process has loaded what it needs later when it takes less processor time than this [ms] in some seconds."""

STAR = 25155310
PAGES = {
    "table, first page": "/",
    "table, page 145": "/?page=145",
    "table, page 500 (of 7,525 TOIs: 145)": ("/?page=145", "/?page=500"),
    "sorted by probability": "/?sort=probability",
    "sorted by Tmag, ascending": "/?sort=tmag&direction=asc",
    "sorted by log g (no index)": "/?sort=logg",
    "filtered: bright candidates": "/?disposition=PC&tmag_max=9",
    "filtered: half of all": "/?planet_radius_rearth_max=8",
    "searched: a name": "/?q=pi+Men&radius=1+arcmin",
    "searched: part of a comment": "/?q=v-shaped",
    "searched: a TOI": "/?q=TOI+700&sort=toi",
    "cone of 10 arcmin": "/?q=318.737+-55.872&radius=10+arcmin",
    "cone of 3 deg": "/?q=318.737+-55.872&radius=3+deg",
    "cone search of 1 deg, VOTable": "/api/v1/cone?RA=318.737&DEC=-55.872&SR=1",
    "star": f"/stars/{STAR}",
    "star, from the middle of a list": f"/stars/{STAR}?sort=tmag&direction=asc",
}
EXPORTS = ("/api/v1/tois.csv", "/api/v1/tois.vot", "/api/v1/tois.json", "/api/v1/stars.csv")
RESETS = (1, 4, 16)
HEAD = (
    "| page | at {small:,}: first | CPU | again | at {large:,}: first | CPU | again | CPU, ratio | |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Page:
    """What a page needs [ms]: wall times, and the processor time of a first view."""

    first: list[float]
    cpu: list[float]
    again: list[float]


@dataclass(frozen=True)
class Export:
    """What a whole table needs: until its first byte and in all [s], its size, and the growth of the memory [MB]."""

    first_s: float
    total_s: float
    cpu_s: float
    size_mb: float
    more_mb: float


@dataclass(frozen=True)
class Found:
    """All measurements at a number of TOIs."""

    tois: int
    pages: dict[str, Page]
    exports: dict[str, Export]
    memory_mb: tuple[float, float]


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


def cpu_ms(pids):
    """Return the processor time of processes and their children, ended ones to the tick [ms].

    The number of another process's clock is made as the C library's clock_getcpuclockid makes it.
    """
    ended = total = 0.0
    for root in pids:
        for found in family(root):
            with contextlib.suppress(OSError):
                fields = (found / "stat").read_text().rpartition(")")[2].split()
                total += 1000 * time.clock_gettime(~int(found.name) << 3 | 2)
                ended += 1000 * (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return total + ended


def wait_until_idle(pid):
    """Wait until a web process has loaded what it needs later."""
    before = -IDLE_MS
    while (now := cpu_ms([pid])) - before >= IDLE_MS:
        before = now
        time.sleep(IDLE_S)


def measure_page(url, pids):
    """Return what REPEATS first views need, and second views."""
    found = Page([], [], [])
    for _ in range(REPEATS):
        renew()
        before = cpu_ms(pids)
        found.first.append(ask(url))
        found.cpu.append(cpu_ms(pids) - before)
        found.again.append(ask(url))
    return found


def measure_export(url, pids):
    """Read a whole table."""
    before, before_ms, most, size = sum(shares_mb(pids[0])), cpu_ms(pids), 0.0, 0
    began = looked = time.perf_counter()
    with urllib.request.urlopen(url, timeout=1800) as response:
        size = len(response.read(1))
        first = time.perf_counter() - began
        while chunk := response.read(1 << 20):
            size += len(chunk)
            if time.perf_counter() - looked > 0.2:
                most, looked = max(most, sum(shares_mb(pids[0]))), time.perf_counter()
    total, used_ms = time.perf_counter() - began, cpu_ms(pids) - before_ms
    return Export(first, total, used_ms / 1000, size / 1e6, max(most, sum(shares_mb(pids[0]))) - before)


def measure(site, log, exports, server_pids, tois, is_large):
    """Start a web process and measure all pages, exports and its memory."""
    site.start("web", log)
    try:
        site.wait_until_it_answers()
        pids = [site.processes["web"].pid, *server_pids]
        wait_until_idle(pids[0])
        start_mb = sum(shares_mb(pids[0]))
        pages = {
            name: measure_page(site.url + (address if isinstance(address, str) else address[is_large]), pids)
            for name, address in PAGES.items()
        }
        after_mb = sum(shares_mb(pids[0]))
        sent = {address: measure_export(site.url + address, pids) for address in exports}
        return Found(tois, pages, sent, (start_mb, after_mb))
    finally:
        site.stop("web")


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


def report(small, large):
    """Print the tables of a database."""
    print(HEAD.format(small=small.tois, large=large.tois))
    for name, one in small.pages.items():
        other = large.pages[name]
        ratio = statistics.median(other.cpu) / statistics.median(one.cpu)
        times = " | ".join(spread(values) for page in (one, other) for values in (page.first, page.cpu, page.again))
        print(f"| {name} | {times} | {ratio:.1f} | {'met' if ratio <= TARGET else '**missed**'} |")
    print(
        "\n| export | TOIs | first byte, s | whole, s | CPU, s | MB | memory, MB more |\n|---|---|---|---|---|---|---|"
    )
    for found in (small, large):
        for address, sent in found.exports.items():
            times = f"{sent.first_s:.2f} | {sent.total_s:.1f} | {sent.cpu_s:.1f}"
            print(f"| `{address}` | {found.tois:,} | {times} | {sent.size_mb:.1f} | {sent.more_mb:.0f} |")
    for found in (small, large):
        start_mb, after_mb = found.memory_mb
        print(f"\nWeb processes at {found.tois:,} TOIs: {start_mb:.0f} MB, after all pages {after_mb:.0f} MB.")


@contextlib.contextmanager
def settings(kind, folder, data, port):
    """Serve the archive and, if asked for, PostgreSQL; gives the environment of the site and the server's process."""
    with contextlib.ExitStack() as stack:
        url, pids = f"sqlite:///{folder}/tess.sqlite", []
        if kind == "postgresql":
            server = PostgresServer.start(find_binaries())
            stack.callback(server.stop)
            url = server.create_database()
            pids.append(int((server.root / "data" / "postmaster.pid").read_text().split()[0]))
        archive = stack.enter_context(SampleArchive(data))
        yield (
            os.environ
            | {
                "DATABASE_URL": url,
                "INSTANCE_DIR": folder,
                "EXOFOP_URL": archive.exofop_url,
                "MAST_URL": archive.mast_url,
                "PORT": str(port),
                "WEB_CONCURRENCY": "1",
                "PATH": f"{BIN}:{os.environ['PATH']}",
            },
            pids,
        )


def measure_database(kind, options):
    """Print the tables of one database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        settings(kind, folder, options.shared / "archive", options.port) as (environment, pids),
        open(Path(folder) / "log", "ab") as log,
    ):
        site = Site(options.port, "", environment)
        site.flask("db", "upgrade")
        print(f"\n{kind}: {site.flask('reset').splitlines()[-1]}", flush=True)
        os.environ.update({name: environment[name] for name in ("DATABASE_URL", "INSTANCE_DIR")})
        from app_tess import create_app
        from app_tess.storage.catalogue import count_tois
        from benchmarks.enlarged import enlarge

        with create_app().app_context():
            small = measure(site, log, options.exports, pids, count_tois(), False)
            count, seconds, list_s = enlarge(options.tois)
            print(f"{count:,} TOIs: inserted in {seconds:.0f} s, of which {list_s:.0f} s for the list.", flush=True)
            large = measure(site, log, options.exports, pids, count, True)
    print(f"\n{dt.datetime.now(dt.UTC):%Y-%m-%d}, {machine()}\n")
    report(small, large)


def machine():
    """Say on what was measured."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


def measure_resets(options):
    """Print what resets of the catalogue's files, copied several times, take."""
    from benchmarks.enlarged import enlarge_files

    print(f"\n{machine()}\n\n| copies of the catalogue | reset with scores, s | peak memory, MB |\n|---|---|---|")
    for copies in options.resets:
        with tempfile.TemporaryDirectory() as folder:
            enlarge_files(options.shared / "archive", Path(folder) / "archive", copies)
            with settings("sqlite", folder, Path(folder) / "archive", options.port) as (environment, _):
                Site(options.port, "", environment).flask("db", "upgrade")
                ran = process([BIN / "flask", "--app", "app_tess", "reset"], environment, ROOT)
        print(f"| {copies} | {ran.value:.0f} | {ran.peak_mb:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tois", type=int, default=1_000_000, help="TOIs of the large catalogue")
    parser.add_argument("--shared", type=Path, default=REAL_ARCHIVE.parent, help="folder that holds archive/")
    parser.add_argument("--databases", nargs="*", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--port", type=int, default=8131)
    parser.add_argument("--exports", nargs="*", default=EXPORTS, help="addresses of exports to measure")
    parser.add_argument("--resets", nargs="*", type=int, default=RESETS, help="copies of the catalogue to load")
    options = parser.parse_args()
    for kind in options.databases:
        measure_database(kind, options)
    measure_resets(options)


if __name__ == "__main__":
    sys.exit(main())
