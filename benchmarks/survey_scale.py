"""A survey over thousands of generated stars: do scheduling, memory and the database hold?

    nice -n 10 .venv/bin/python -m benchmarks.survey_scale --stars 5000

A small archive over real HTTP serves simulated light curves (30-minute cadence), a list of their sector as MAST's bulk
script, and their TIC rows. `survey --sector 1 --search` is run over 100 stars and over all of them, each in an empty
database, with local Dask workers. So that thousands of stars take minutes, one star in 25 has four days of data and is
searched, half of these with transits; the others have three days, are read, and are refused as too short. The speed of
searching is measured by `search_engines`, not here.

Printed for each: wall time and CPU time of all processes per star, the memory of the command and of the largest worker
in each tenth of the run, rows and bytes of the database. The target is a time per star within 1.2 of that for 100
stars. The start of the processes, which few stars share, is left out of both: the times are those between the first
stars stored and the last. On a busy machine the CPU time is the one to compare.
"""

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import psutil

from app_tess.archives.sample.mast_api import MastApi
from app_tess.archives.sample.mast_columns import columns_config
from app_tess.archives.sample.sectors import light_curve_name
from app_tess.astro.ephemeris import Ephemeris
from tests.support.light_curves import make_lc_fits

FIRST_TIC_ID = 700_000_000
CADENCE_S, SHORT_D, LONG_D, SEARCHED_OF = 1800.0, 3.0, 4.0, 25
SHAPES = 50
POLL_S = 0.5
"""Different light curves; each star has one of them under its own number."""
PLANET = Ephemeris(1.2, 1326.3, 3.0)
BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[1]


@cache
def light_curve(shape):
    """Return the bytes of a light curve of star FIRST_TIC_ID; shape 0 has transits of 1 %."""
    depth = 0.01 if shape == 0 else 0.0
    days = SHORT_D if shape % SEARCHED_OF else LONG_D
    noise = {"seed": shape, "noise": 1e-3, "depth": depth, "ephemeris": PLANET}
    return make_lc_fits(tic_id=FIRST_TIC_ID, cadence_s=CADENCE_S, days=days, **noise)


def file_of(tic_id):
    """Return a star's light curve, with its own number in every header."""
    card, own = (f"TICID   = {number:>20}".encode() for number in (FIRST_TIC_ID, tic_id))
    data = light_curve(tic_id % SHAPES)
    if card not in data:
        raise SystemExit("The generated file has no TICID to replace.")
    return data.replace(card, own)


class Archive(BaseHTTPRequestHandler):
    """Answers as MAST does; `stars` and `mast` are set before it starts."""

    protocol_version = "HTTP/1.1"
    stars = 0
    mast: MastApi

    def do_GET(self):
        """Send a bulk script or a file."""
        parts = urlsplit(self.path)
        if parts.path.endswith(".sh"):
            names = (light_curve_name(FIRST_TIC_ID + number, 1) for number in range(self.stars))
            lines = [f"curl -C - -L -o {name} https://mast/file/?uri=mast:TESS/product/{name}" for name in names]
            self.answer("\n".join(lines).encode())
            return
        name = parse_qs(parts.query)["uri"][0].rsplit("/", 1)[-1]
        self.answer(file_of(int(re.search(r"-(\d{16})-", name)[1])))

    def do_POST(self):
        """Send TIC rows."""
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        reply = self.mast.invoke(form) if "invoke" in self.path else columns_config(parse_qs(form)["colConfigId"][0])
        self.answer(json.dumps(reply).encode())

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Log nothing."""


def tic_row(number):
    """Return the TIC row of a generated star."""
    rng = np.random.default_rng(number)
    place = {"ra": float(rng.uniform(0, 360)), "dec": float(rng.uniform(-80, 80))}
    return {"ID": str(FIRST_TIC_ID + number), "objType": "STAR", "Tmag": 10.0, "rad": 1.0, "rho": 1.0} | place


def survey(stars, workers, folder, url):
    """Run the command over some stars in an empty database; return its figures."""
    environment = os.environ | {"INSTANCE_DIR": str(folder), "MAST_URL": url, "EXOFOP_URL": url, "OMP_NUM_THREADS": "1"}
    flask = [BIN / "flask", "--app", "app_tess"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    command = [*flask, "survey", "--sector", "1", "--search", "--workers", str(workers)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    memory, points = [], []
    while process.poll() is None:
        time.sleep(POLL_S)
        own, largest_worker, cpu = usage(process.pid)
        if done := count_done(folder / "tess.sqlite"):
            points.append((done, time.monotonic(), cpu))
            memory.append((done, own, largest_worker))
    first, last = points[0], max(points[1:], key=lambda point: (point[0], -point[1]))
    between = last[0] - first[0]
    database = folder / "tess.sqlite"
    with sqlite3.connect(database) as connection:
        count = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("stars", "survey_stars", "searches", "detected_signals")
        }
        done, read, search = connection.execute(
            "SELECT sum(state = 'done'), avg(read_s), avg(search_s) FROM survey_stars"
        ).fetchone()
    return {
        "stars": stars,
        "done": done,
        "measured_over": between,
        "wall_s_per_star": round((last[1] - first[1]) / between, 4),
        "cpu_s_per_star": round((last[2] - first[2]) / between, 4),
        "read_s": round(read, 4),
        "search_s": round(search, 4),
        "command_mb": at_tenths(memory, 1),
        "largest_worker_mb": at_tenths(memory, 2),
        "database_bytes_per_star": round(database.stat().st_size / stars),
        "rows": count,
    }


def at_tenths(memory, column):
    """Return the most memory while each tenth of the stars was measured [MB]."""
    last, found = memory[-1][0], {}
    for row in memory:
        tenth = min(10 * row[0] // last, 9)
        found[tenth] = max(found.get(tenth, 0), row[column])
    return [round(found[tenth] / 1e6) for tenth in sorted(found)]


def usage(pid):
    """Return the memory of a command and of its largest child [bytes], and the CPU time of all [s]."""
    try:
        processes = [psutil.Process(pid)]
        processes += processes[0].children(recursive=True)
        times = [one.cpu_times() for one in processes]
        own, *others = [one.memory_info().rss for one in processes]
        return own, max(others, default=0), sum(one.user + one.system for one in times)
    except psutil.Error:
        return 0, 0, 0.0


def count_done(database):
    """Return how many stars are stored."""
    with sqlite3.connect(database) as connection:
        return connection.execute("SELECT count(*) FROM survey_stars WHERE state != 'waiting'").fetchone()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--stars", type=int, default=5000)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    Archive.mast = MastApi([tic_row(number) for number in range(options.stars)], [], 0, [])
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Archive)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    for stars in (options.few, options.stars):
        Archive.stars = stars
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(survey(stars, options.workers, Path(folder), url)), flush=True)
    server.shutdown()


if __name__ == "__main__":
    main()
