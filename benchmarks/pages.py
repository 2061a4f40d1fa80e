"""How long the server takes for many views of the table and many stars' pages, on the loaded catalogue.

    DATABASE_URL=... INSTANCE_DIR=... python -m benchmarks.pages [--stars 200] [--json FILE]

Load the catalogue first (`flask --app app_tess reset` against `flask --app app_tess archive serve --data FOLDER`). Each
view is requested through Flask's test client: routing, database and template, but no network. `first`: nothing of the
view is cached; `again`: the median of three more requests. CPU is this process's own time: on a busy machine the wall
clock waits for others. The alternative in the same run is the plain way: joined tables, ORM objects, queries per row.
"""

import argparse
import json
import platform
import random
import resource
import statistics
import time

from sqlalchemy import func, select

from app_tess.storage import ranking, stars
from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.score_models import Score, current_run_id
from app_tess.storage.star_query import DISPOSITION_CHOICES, PAGE_SIZES, QUEUES, RANGES, SORTS, StarQuery

REPEATS = 3
QUARTILES = (0.25, 0.75)


def addresses(middles):
    """Return group -> the addresses to measure; `middles`: name of a range -> limits that keep half of the TOIs."""
    return {
        "filters": [
            "/",
            *(f"/?{name}_min={low}" for name, (low, _) in middles.items()),
            *(f"/?{name}_max={high}" for name, (_, high) in middles.items()),
            *(f"/?{name}_min={low}&{name}_max={high}" for name, (low, high) in middles.items()),
            *(f"/?disposition={code}" for code in (*DISPOSITION_CHOICES, "FP&disposition=FA")),
            *(f"/?sector={number}" for number in (1, 14, 27, 55, 80)),
            "/?light_curves=yes",
            "/?light_curves=no",
            "/?alerted_since=2024-01-01",
            "/?disposition=PC&tmag_max=11&snr_min=20",
            "/?disposition=PC&planet_radius_rearth_max=4&teff_k_max=4500&sort=probability",
        ],
        "searches": [
            "/?q=TIC+231663901",
            "/?q=150428135",
            "/?q=TOI-175",
            "/?q=101.01",
            "/?q=WASP",
            "/?q=wasp+46b",
            "/?q=pi+Men+c",
            "/?q=no+such+star",
        ],
        "cones": [
            "/?q=318.737+-55.872",
            "/?q=21:14:56.9+-55:52:18&radius=2+deg",
            "/?q=90+-66.5&radius=12+deg",
            "/?q=0+90&radius=180+deg",
        ],
        "queues": [f"/?queue={name}" for name in QUEUES],
        "sorts": [f"/?sort={name}&direction={way}" for name in SORTS for way in ("asc", "desc")],
        "pages": [
            *(f"/?page={number}" for number in (2, 10, 50, 100, 145, 1000)),
            *(f"/?page_size={size}&page=7" for size in PAGE_SIZES),
            "/?page_size=100&sort=tmag&disposition=PC",
            "/?page_size=100&columns=" + ",".join(("tic_id", "toi", *RANGES)),
        ],
    }


def find_middles():
    """Return name of a range -> its quartiles in the loaded catalogue; ranges without values are left out."""
    middles = {}
    for name, limited in RANGES.items():
        values = sorted(db.session.scalars(select(limited.column).where(limited.column.is_not(None))))
        if values:
            middles[name] = tuple(values[int(share * (len(values) - 1))] for share in QUARTILES)
    return middles


def measure(client, address):
    """(first, again, first CPU, CPU again): milliseconds, and the page's bytes."""
    ranking.forget()
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
    columns = list(zip(*rows.values(), strict=True))
    first, again, first_cpu, cpu = (statistics.median(column) for column in columns[:4])
    worst = max(rows, key=lambda address: rows[address][2])
    told = {
        "pages": name,
        "views": len(rows),
        "first_median_ms": first,
        "again_median_ms": again,
        "first_cpu_median_ms": first_cpu,
        "cpu_median_ms": cpu,
        "first_worst_ms": max(columns[0]),
        "first_worst_cpu_ms": rows[worst][2],
        "worst": worst,
        "largest_kb": max(columns[4]) / 1000,
    }
    print(
        "{pages:9s} {views:4d} views: first {first_median_ms:5.1f} ms (CPU {first_cpu_median_ms:5.1f}), "
        "again {again_median_ms:5.1f} ms (CPU {cpu_median_ms:5.1f}); "
        "worst first {first_worst_ms:5.1f} ms, of CPU {first_worst_cpu_ms:5.1f} ms: {worst}".format(**told)
    )
    return told


def plain_orm(sort, descending):
    """A page of the table the plain way, as text cells: what a page costs when objects fetch what belongs to them."""
    value = {"tmag": Star.tmag, "period_d": Toi.period_d, "probability": Score.planet_probability}[sort]
    best = (func.max if descending else func.min)(value)
    found = (
        select(Star)
        .join(Toi)
        .outerjoin(Score, (Score.toi == Toi.toi) & (Score.scoring_run_id == current_run_id))
        .group_by(Star)
        .order_by(best.is_(None), best.desc() if descending else best, Star.tic_id)
    )
    db.session.scalar(select(func.count()).select_from(found.subquery()))
    return [
        [
            (
                star.tic_id,
                toi.toi,
                toi.period_d,
                db.session.get(Score, (db.session.scalar(select(current_run_id)), toi.toi)).planet_probability,
                db.session.scalar(
                    select(func.count()).select_from(DataProduct).where(DataProduct.tic_id == star.tic_id)
                ),
            )
            for toi in star.tois
        ]
        for star in db.session.scalars(found.limit(50))
    ]


def compare(app):
    """Finding a page's rows, our way and the plain way: medians in milliseconds of CPU."""
    told = {}
    ways = {
        "ours": lambda sort, descending: stars.find_stars(StarQuery(sort=sort, descending=descending)),
        "plain ORM": plain_orm,
    }
    for name, way in ways.items():
        spent = []
        for sort in ("tmag", "period_d", "probability"):
            for descending in (True, False, True):
                with app.app_context():
                    ranking.forget()
                    begun = time.perf_counter(), time.process_time()
                    way(sort, descending)
                    spent.append((1000 * (time.perf_counter() - begun[0]), 1000 * (time.process_time() - begun[1])))
        told[name] = {
            "wall_ms": statistics.median(wall for wall, _ in spent),
            "cpu_ms": statistics.median(cpu for _, cpu in spent),
        }
        print(f"rows of a page, {name}: {told[name]['wall_ms']:.1f} ms (CPU {told[name]['cpu_ms']:.1f})")
    return told


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--stars", type=int, default=200, help="how many stars' pages")
    arguments.add_argument("--json", help="write the figures here too")
    options = arguments.parse_args()
    from app_tess.wsgi import app  # as it is served: here, so that importing this module opens nothing

    client = app.test_client()
    with app.app_context():
        tic_ids = [row["tic_id"] for row in stars.iter_stars(StarQuery())]
        backend = db.engine.dialect.name
        kinds = addresses(find_middles())
    client.get("/")
    client.get(f"/stars/{tic_ids[0]}")
    chosen = random.Random(0).sample(tic_ids, min(options.stars, len(tic_ids)))
    print(f"{len(tic_ids):,} stars on {backend}, Python {platform.python_version()}")
    rows = {name: {address: measure(client, address) for address in group} for name, group in kinds.items()}
    told = [summarise(name, found) for name, found in rows.items()]
    told.append(summarise("table", {address: row for found in rows.values() for address, row in found.items()}))
    told.append(summarise("star", {f"/stars/{tic_id}": measure(client, f"/stars/{tic_id}") for tic_id in chosen}))
    told.append(
        summarise(
            "walk",
            {
                address: measure(client, address)
                for address in (f"/stars/{tic_id}?sort=alerted_on" for tic_id in chosen[:50])
            },
        )
    )
    compared = compare(app)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "backend": backend,
                    "stars": len(tic_ids),
                    "pages": told,
                    "rows_of_a_page": compared,
                    "peak_mb": peak_mb,
                },
                file,
                indent=1,
            )


if __name__ == "__main__":
    main()
