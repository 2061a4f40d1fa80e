"""How long the server takes for a page: the median over many views of the table and many stars, on the catalogue that is loaded.

    DATABASE_URL=... INSTANCE_DIR=... python -m benchmarks.pages [--stars 200] [--json FILE]

Load the catalogue first (`flask --app app_tess reset` against `flask --app app_tess archive serve --data ../shared/archive`).
Each view is asked for through Flask's test client: routing, database and template, but no network. `first` is a view's first
request (nothing remembered), `again` the median of five more. CPU is the process's own: on a busy machine the wall clock waits.
"""
import argparse
import itertools
import json
import platform
import random
import resource
import statistics
import time

from app_tess import create_app
from app_tess.storage import stars
from app_tess.storage.star_query import QUEUES, SORTS, StarQuery

REPEATS = 5
FILTERS = ("q=WASP", "q=TOI-175", "q=318.737+-55.872&radius=120", "disposition=PC", "disposition=FP&disposition=FA", "disposition=none",
           "probability_min=0.5", "probability_max=0.1", "period_d_min=1&period_d_max=3", "planet_radius_rearth_max=2",
           "depth_ppm_min=5000", "tmag_max=9", "teff_k_max=4000", "distance_pc_max=50", "sector=27", "toi_count_min=2",
           "light_curves=yes", "light_curves=no", "alerted_since=2024-01-01", "snr_min=20&disposition=PC&tmag_max=11", "page=100",
           "page=145", "page_size=100", "q=no+such+star")


def views():
    """Addresses of the table: plain, every filter, every queue, every sort either way."""
    yield "/"
    yield from (f"/?{text}" for text in FILTERS)
    yield from (f"/?queue={name}" for name in QUEUES)
    yield from (f"/?sort={name}&direction={way}" for name, way in itertools.product(SORTS, ("asc", "desc")))


def measure(client, address):
    """(first, again, first CPU, CPU again, bytes): milliseconds of the first request and the median of the next, and the page's size."""
    walls, cpus = [], []
    for _ in range(1 + REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = client.get(address)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return walls[0], statistics.median(walls[1:]), cpus[0], statistics.median(cpus[1:]), len(answer.data)


def summarise(name, rows):
    first, again, first_cpu, cpu, size = (sorted(column) for column in zip(*rows.values(), strict=True))
    slowest = max(rows, key=lambda address: rows[address][0])
    told = {"pages": name, "views": len(rows), "first_median_ms": statistics.median(first), "again_median_ms": statistics.median(again),
            "again_worst_ms": again[-1], "first_cpu_median_ms": statistics.median(first_cpu), "cpu_median_ms": statistics.median(cpu), "first_worst_ms": first[-1],
            "first_worst": slowest, "largest_kb": size[-1] / 1000}
    print("{pages:6s} {views:4d} views: first {first_median_ms:5.1f} ms (worst {first_worst_ms:5.1f} ms, {first_worst}), again "
          "{again_median_ms:5.1f} ms (worst {again_worst_ms:5.1f} ms), CPU first {first_cpu_median_ms:.1f}, again {cpu_median_ms:.1f} ms, largest page {largest_kb:.0f} kB".format(**told))
    return told


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--stars", type=int, default=200, help="how many stars' pages")
    arguments.add_argument("--json", help="write the figures here too")
    options = arguments.parse_args()
    app = create_app()
    client = app.test_client()
    with app.app_context():
        tic_ids = [row["tic_id"] for row in stars.iter_stars(StarQuery())]
        backend = stars.db.engine.dialect.name
    client.get("/glossary")
    chosen = random.Random(0).sample(tic_ids, min(options.stars, len(tic_ids)))
    print(f"{len(tic_ids):,} stars on {backend}, Python {platform.python_version()}")
    told = [summarise("table", {address: measure(client, address) for address in views()}),
            summarise("star", {f"/stars/{tic_id}": measure(client, f"/stars/{tic_id}") for tic_id in chosen}),
            summarise("walk", {f"/stars/{tic_id}?sort=alerted_on": measure(client, f"/stars/{tic_id}?sort=alerted_on") for tic_id in chosen[:50]})]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"backend": backend, "stars": len(tic_ids), "pages": told, "peak_mb": peak_mb}, file, indent=1)


if __name__ == "__main__":
    main()
