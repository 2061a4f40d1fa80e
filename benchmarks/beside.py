"""The table while others ask for expensive responses: its latency, their statuses, and the memory of the web processes.

    python -m benchmarks.beside [--port 8991]

Starts the site as `benchmarks.load` does. Each group of requests is sent at once, and the table is asked for four times
a second until the last of them is answered: half of the times a page that was never asked for.
"""

import argparse
import concurrent.futures
import http.client
import os
import statistics
import time
from pathlib import Path
from urllib.parse import quote

from app_tess.astro.observing.sites import SITES
from benchmarks.servers import shares_mb
from benchmarks.site import loaded_site

PATIENCE_S = 120.0
CHUNK_BYTES = 64 * 1024
FORMATS, ORDERS = ("json", "csv", "vot", "ecsv"), ("toi", "tmag", "period_d")
EXPORTS = [
    f"/api/v1/{table}.{suffix}?sort={sort}" for table in ("tois", "stars") for suffix in FORMATS for sort in ORDERS
]
GROUPS = {
    "nothing": [],
    "12 x /tonight, one site": ["/tonight"] * 12,
    "12 x /tonight, different sites": [f"/tonight?nights=3&site={quote(site.name)}" for site in SITES][:12],
    "12 x transits": [f"/stars/231663901/transits?nights={number}" for number in range(20, 32)],
    "12 x /model and its plots": ["/model", "/model/judgement-1.png", "/model/slices-1.png"] * 4,
    "12 x plots of lists": [f"/plots/sky.png?tmag_max={number}" for number in range(5, 17)],
    "20 x one export": ["/api/v1/tois.json"] * 20,
    "20 x different exports": EXPORTS[:20],
}


def ask(port, path):
    """Return (status or 0, seconds) of a request; the body is read and dropped."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        while response.read(CHUNK_BYTES):
            pass
    except (OSError, http.client.HTTPException):
        return 0, time.monotonic() - began
    finally:
        connection.close()
    return response.status, time.monotonic() - began


def measure(port, web, name, addresses):
    """Print a row of the table."""
    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        asked = [pool.submit(ask, port, address) for address in addresses]
        tables, most_mb, ends_at = [], 0.0, time.monotonic() + 2
        while time.monotonic() < ends_at or not all(job.done() for job in asked):
            paths = "/", f"/?page={1 + len(tables) % 140}&tmag_max={9 + len(tables) / 1000}"
            tables += [pool.submit(ask, port, path) for path in paths]
            most_mb = max(most_mb, sum(shares_mb(web)))
            time.sleep(0.5)
        answers, times = [job.result() for job in asked], [job.result() for job in tables]
    refused = sum(status != 200 for status, _ in answers)
    slowest = max((seconds for _, seconds in answers), default=0.0)
    seconds = [taken for _, taken in times]
    print(
        f"| {name} | {1000 * statistics.median(seconds):.0f} | {1000 * max(seconds):.0f} "
        f"| {sum(status != 200 for status, _ in times)} | {slowest:.1f} | {refused} | {most_mb:.0f} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8991)
    parser.add_argument("--log", type=Path, default=Path("/tmp/benchmark-beside.log"))
    options = parser.parse_args()
    with loaded_site(options.port, options.log) as site:
        print(f"load {os.getloadavg()[0]:.1f}")
        print("| beside | table, median ms | worst ms | failed | slowest of them, s | refused | most memory, MB |")
        print("|---|---|---|---|---|---|---|")
        for name, addresses in GROUPS.items():
            measure(options.port, site.processes["web"].pid, name, addresses)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
