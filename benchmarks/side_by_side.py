"""How fast and how light the package is, each row against a named alternative in the same run: `make benchmark`.

    python -m benchmarks.side_by_side [--lightkurve PYTHON] [--only TEXT]

Starts everything: PostgreSQL, the archive with `../shared/archive`, and the site in production. Pairs are measured in
turn, five times; the table has medians, the spread, and peak memory. `--lightkurve`: a Python that has lightkurve,
which needs an older pandas than ours; without it the rows that need it are left out, and said to be. Needs wrk.
"""

import argparse
import contextlib
import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.measuring import (
    HEAD,
    REPEATS,
    Measured,
    Row,
    measure_pairs,
    peak,
    process,
    ratio,
    requests_per_second,
    told,
    write,
)
from benchmarks.servers import shares_mb
from benchmarks.site import BIN, REAL_ARCHIVE, ROOT, loaded_site

PYTHON = sys.executable
PORT, BARE_PORT = 8985, 8986
FILE = REAL_ARCHIVE / "files" / "tess2018206045859-s0001-0000000231663901-0120-s_lc.fits"
BARE = """
import flask
app = flask.Flask(__name__)
@app.get("/")
def index():
    return "<!doctype html><title>x</title>" + "x" * 10_000
"""
SERVER = (
    "gunicorn --bind 127.0.0.1:{port} --workers 2 --threads 48 --log-level error --no-control-socket "
    "--worker-class app_tess.gunicorn_worker.BufferingWorker"
)
EACH_ONCE = """
local paths = {{ {paths} }}
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function init(args) at = number * math.floor(#paths / 2) end
function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
"""
RESETS = {"reset": "same rows", "reset_changed": "5 % of the rows differ", "reset_first": "first load"}
"""Ways to update the catalogue."""


def at_most(times):
    """Return the target of a time: at most so many times the alternative's."""
    return lambda ours, theirs: ratio(ours, theirs) <= times


def at_least(times):
    """Return the target of a rate: at least so many times the alternative's."""
    return lambda ours, theirs: ratio(ours, theirs) >= times


def commands(site):
    """Rows of commands and of the database."""
    settings = site.environment
    way = [PYTHON, "-m", "benchmarks.our_way"]
    plain = [PYTHON, "-c", "import flask, sqlalchemy"]
    return [
        Row(
            "start of a command (`--help`)",
            '`python -c "import flask, sqlalchemy"`',
            lambda: process([BIN / "flask", "--app", "app_tess", "--help"], settings, ROOT),
            lambda: process(plain, settings, ROOT),
            "1.5 x, 100 MB",
            "s",
            lambda ours, theirs: ratio(ours, theirs) <= 1.5 and peak(ours) <= 100,
        ),
        *(
            Row(
                f"reset, database part, {of_what}",
                "PostgreSQL's COPY of the same rows",
                lambda name=name: told([*way, name], settings, ROOT),
                lambda: told([*way, "copy"], settings, ROOT),
                "2 x, 200 MB",
                "s",
                lambda ours, theirs: ratio(ours, theirs) <= 2 and peak(ours) <= 200,
            )
            for name, of_what in RESETS.items()
        ),
        Row(
            "score all TOIs with explanations, start included",
            '`python -c "import sklearn.ensemble, lightgbm, onnxruntime"`',
            lambda: process([BIN / "flask", "--app", "app_tess", "predict"], settings, ROOT),
            lambda: process([PYTHON, "-c", "import sklearn.ensemble, lightgbm, onnxruntime"], settings, ROOT),
            "4 s, 250 MB",
            "s",
            lambda ours, theirs: max(one.value for one in ours) <= 4 and peak(ours) <= 250,
        ),
    ]


EXPORTS = {"csv": "to_csv", "json": "to_json", "vot": "astropy's votable writer"}


def exports(site):
    """Rows of the tables of all TOIs: until they begin and until they end, beside pandas, which begins at its end."""
    settings = site.environment

    def row(work, alternative, part, file_format, way, target, is_met):
        return Row(
            f"all TOIs as {file_format.upper()}, {work}",
            f"pandas, `read_sql` and {alternative}, start left out",
            lambda: asked(f"{site.url}/api/v1/tois.{file_format}")[part],
            lambda: told([PYTHON, "-m", "benchmarks.our_way", way], settings, ROOT),
            target,
            "s",
            is_met,
        )

    def is_soon(ours, _theirs):
        return max(one.value for one in ours) <= 0.05

    return [
        one
        for name, writer in EXPORTS.items()
        for one in (
            row("first byte", writer, 0, name, f"pandas_{name}", "50 ms", is_soon),
            row("whole answer", "to_csv", 1, name, "pandas_csv", "1 x", at_most(1)),
        )
    ]


def pictures(lightkurve):
    """Rows of light curves, against lightkurve."""
    ephemeris = ("1.430370", "1326.0089", "0.067358")

    def row(name, work, alternative, times):
        return Row(
            work,
            alternative,
            lambda: told([PYTHON, "-m", "benchmarks.our_way", name, FILE], cwd=ROOT),
            lambda: told([lightkurve, ROOT / "benchmarks" / "lightkurve_way.py", name, FILE, *ephemeris], cwd=ROOT),
            f"1/{times}",
            "ms",
            at_most(1 / times),
        )

    return [
        row("sector", "lc.fits to PNG, a sector", "lightkurve read, scatter, savefig", 5),
        row("fold", "lc.fits to PNG, a fold", "lightkurve read, flatten, fold, scatter, savefig", 5),
        row("vet", "vet a sector, without network", "lightkurve read, flatten, fold, bin", 8),
    ]


def pages(site, folder):
    """Rows of the web server, against a bare Flask route under the same one."""
    bare = f"http://127.0.0.1:{BARE_PORT}/"
    tic_ids = [line.split(",")[0] for line in fetched(site.url + "/api/v1/stars.csv").splitlines()[1:]]
    tables = [f"/?page={1 + number % 140}&period_d_min={number / 1000}" for number in range(4000)]
    stars = [f"/stars/{tic_id}" for tic_id in tic_ids if tic_id.isdigit()]

    def row(work, address, share, paths=None):
        parts = iter([paths[number::REPEATS] for number in range(REPEATS)]) if paths else None

        def ours():
            script = None
            if parts:  # other addresses in each repetition: those of the last one are kept
                script = Path(folder) / f"{share}.lua"
                script.write_text(EACH_ONCE.format(paths=", ".join(f'"{path}"' for path in next(parts))))
            return requests_per_second(site.url + address, script=script)

        return Row(
            work,
            "bare Flask route, same server",
            ours,
            lambda: requests_per_second(bare),
            f"1/{share}",
            "/s",
            at_least(1 / share),
        )

    return [
        row("table page, asked for before", "/", 3),
        row("table page, each for the first time", "/", 12, tables),
        row("star page, asked for before", f"/stars/{tic_ids[0]}", 3),
        row("star page, each for the first time", "/", 15, stars),
    ]


def start_of_web(site):
    """Return the row of a web process: from its start to its first page."""

    def until_first_page(application, port):
        command = [BIN / "gunicorn", *SERVER.format(port=port).split()[1:], "--workers", "1", application]
        began = time.perf_counter()
        with running(command, site.environment):
            wait_for(f"http://127.0.0.1:{port}/")
            return Measured(time.perf_counter() - began)

    return Row(
        "web process: start to first page",
        "bare Flask, same server",
        lambda: until_first_page("app_tess.wsgi:app", PORT + 2),
        lambda: until_first_page("bare:app", PORT + 3),
        "1.2 s",
        "s",
        lambda ours, theirs: max(one.value for one in ours) <= 1.2,
    )


def memory_of_web(site, log, tic_ids, asked=1000):
    """Return the proportional and the resident memory of each new web process after so many mixed pages [MB]."""
    site.stop("web")
    site.start("web", log)
    site.wait_until_it_answers()
    for number in range(asked):
        fetched(site.url + ("/", f"/stars/{tic_ids[number]}", f"/?page={number % 140 + 1}")[number % 3])
    pid = site.processes["web"].pid
    return list(zip(shares_mb(pid)[1:], shares_mb(pid, "Rss")[1:], strict=True))


def fetched(url):
    """Return the text at an address of the site."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def asked(url):
    """Return the seconds until the first byte of an answer and until all of it, asked for as for the first time."""
    began = time.perf_counter()
    with urllib.request.urlopen(f"{url}?period_d_min={began / 1e9:.12f}", timeout=60) as answer:
        answer.read(1)
        first = time.perf_counter() - began
        answer.read()
    return Measured(first), Measured(time.perf_counter() - began)


def wait_for(url):
    """Wait for an answer."""
    while True:
        try:
            return urllib.request.urlopen(url, timeout=30).close()
        except OSError:
            time.sleep(0.01)


@contextlib.contextmanager
def running(command, environment):
    """Run a server until the block ends."""
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lightkurve", type=Path, help="a Python that has lightkurve")
    parser.add_argument("--only", default="", help="only the rows whose work contains this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, loaded_site(PORT, Path(folder) / "log") as site:
        (Path(folder) / "bare.py").write_text(BARE)
        site.environment["PYTHONPATH"] = f"{folder}:{ROOT}"
        bare = [BIN / "gunicorn", *SERVER.format(port=BARE_PORT).split()[1:], "bare:app"]
        with running(bare, site.environment):
            wait_for(f"http://127.0.0.1:{BARE_PORT}/")
            rows = [*pages(site, folder), start_of_web(site), *commands(site), *exports(site)]
            rows += pictures(options.lightkurve) if options.lightkurve else []
            machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
            print(f"{dt.date.today()}, {machine}, load {os.getloadavg()[0]:.1f} at the start\n\n{HEAD}", flush=True)
            for row in rows:
                if options.only in row.work:
                    print(write(row, *measure_pairs(row)), flush=True)
        tic_ids = [line.split(",")[0] for line in fetched(site.url + "/api/v1/stars.csv").splitlines()[1:1001]]
        with open(Path(folder) / "log", "ab") as log:
            found = memory_of_web(site, log, tic_ids)
        shares = ", ".join(f"{share:.0f} MB ({resident:.0f} MB resident)" for share, resident in found)
        print(f"\nEach web process after 1,000 mixed pages, shared memory by its share: {shares} (target 140 MB).")
    if not options.lightkurve:
        print("Without --lightkurve the rows of light curves are left out.")


if __name__ == "__main__":
    main()
