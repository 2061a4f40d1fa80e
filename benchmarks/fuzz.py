"""20,000 odd requests to the running site: no 5xx, and nothing slower than 2 s.

    python -m benchmarks.fuzz http://127.0.0.1:8000 [--requests 20000] [--clients 4] [--seed 1]

The site holds the real catalogue (`flask --app app_tess reset` against `flask --app app_tess archive serve --data
../shared/archive`, then `make run`). The requests are those of `tests/web/test_fuzz.py`, from another seed. Their times
are what a client measures. `/readyz` may answer 503, and a picture whose file the archive cannot deliver 502 or 504.
"""

import argparse
import collections
import concurrent.futures
import http.client
import json
import random
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from app_tess import create_app
from app_tess.config import Config
from tests.support.random_requests import random_request

PATIENCE_S, SLOW_S = 30.0, 2.0
EXPECTED = {"monitoring.readyz": (503,), "light_curves": (502, 504)}


def read_json(address):
    """Return the JSON document at an address."""
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as response:
        return json.load(response)


def known_values(site):
    """Return values of the parts of addresses that exist on the site."""
    tois = read_json(f"{site}/api/v1/tois?page_size=100&light_curves=yes")["rows"]
    star = read_json(f"{site}/api/v1/stars/{tois[0]['tic_id']}")
    return {
        "tic_id": tuple(str(row["tic_id"]) for row in tois),
        "toi": tuple(row["toi"] for row in tois),
        "filename": tuple(product["filename"] for product in star["products"]) or ("x",),
        "table": ("stars", "tois"),
        "suffix": ("json", "csv", "vot", "ecsv"),
        "event": ("1",),
        "number": ("1", "2"),
        "run_id": ("1",),
    }


def ask(place, asked):
    """Send a request; return (status or 0 for none, seconds, bytes)."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE_S)
    body = urlencode(asked.form, errors="replace") if asked.form else None
    headers = {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in asked.headers.items()}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(asked.method, asked.address, body, headers)
        response = connection.getresponse()
        size = len(response.read())
        return response.status, time.perf_counter() - began, size
    except (OSError, http.client.HTTPException) as error:
        print(f"no answer: {asked.method} {asked.address[:200]}: {error!r}", file=sys.stderr)
        return 0, time.perf_counter() - began, 0
    finally:
        connection.close()


def is_failure(status, endpoint):
    """Return whether a status is an internal error, or none at all."""
    expected = EXPECTED.get(endpoint) or EXPECTED.get(endpoint.split(".")[0], ())
    return status == 0 or (status >= 500 and status not in expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    place, known = urlsplit(options.site), known_values(options.site)
    with tempfile.TemporaryDirectory() as folder:
        routes = list(create_app(Config(instance_dir=Path(folder))).url_map.iter_rules())
    source = random.Random(options.seed)
    chosen = [source.choice(routes) for _ in range(options.requests)]
    asked = [(rule.endpoint, random_request(source, [rule], known)) for rule in chosen]
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        answers = list(pool.map(lambda pair: ask(place, pair[1]), asked))
    seconds = time.perf_counter() - began
    statuses = collections.Counter(status for status, _, _ in answers)
    times = sorted(taken for _, taken, _ in answers)
    print(f"{len(answers)} requests in {seconds:.0f} s by {options.clients} clients: {dict(sorted(statuses.items()))}")
    print(f"median {1000 * times[len(times) // 2]:.0f} ms, 99th percentile {times[int(0.99 * len(times))]:.2f} s")
    slow = sorted(
        ((taken, status, request) for (_, request), (status, taken, _) in zip(asked, answers, strict=True)),
        key=lambda item: -item[0],
    )
    print(f"slower than {SLOW_S:g} s: {sum(taken > SLOW_S for taken in times)}; the slowest:")
    for taken, status, request in slow[:8]:
        print(f"  {taken:.2f} s, {status}: {request.method} {request.address[:150]}")
    failed = [
        (status, request)
        for (endpoint, request), (status, _, _) in zip(asked, answers, strict=True)
        if is_failure(status, endpoint)
    ]
    print(f"failed: {len(failed)}")
    for status, request in failed[:20]:
        print(f"  {status}: {request.method} {request.address[:300]} {request.headers}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
