"""How long loading takes: our batches against one query a star, from the same archive, in the same run.

python -m benchmarks.loading [--data DIR] [--stars N]
"""

import argparse
import resource
import sys
import time
from pathlib import Path

from app_tess.archives import http
from app_tess.archives.exofop import fetch_toi_table
from app_tess.archives.mast import MastClient
from app_tess.archives.sample.server import SampleArchive

BATCH = 400


def open_session(archive):
    """Return a session that may ask this archive."""
    return http.open_session(http.Limits(http.allow(archive.url)))


def load(archive, tic_ids, batch_size):
    """Seconds, requests and rows for the TIC rows and products of some stars, a batch at a time."""
    client = MastClient(archive.mast_url, open_session(archive))
    before, started, rows = len(archive.requests), time.perf_counter(), 0
    for start in range(0, len(tic_ids), batch_size):
        batch = tic_ids[start : start + batch_size]
        rows += len(client.fetch_tic_rows(batch)) + len(client.fetch_products(batch))
    return time.perf_counter() - started, len(archive.requests) - before, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder such as ../shared/archive (default: the bundled sample)")
    parser.add_argument("--stars", type=int, default=400, help="stars in the comparison (one query each is slow)")
    arguments = parser.parse_args()
    with SampleArchive(arguments.data) as archive:
        tois = fetch_toi_table(archive.exofop_url, open_session(archive)).frame
        tic_ids = sorted(tois["tic_id"].unique().tolist())
        few = tic_ids[: arguments.stars]
        load(archive, few[:1], 1)  # the column lists, asked for once by every client
        print(f"{'what':42} {'stars':>6} {'seconds':>8} {'requests':>9} {'rows':>7}")
        for name, ids, size in (
            (f"ours, batches of {BATCH}", few, BATCH),
            ("alternative, one query a star", few, 1),
            (f"ours, batches of {BATCH}, whole catalogue", tic_ids, BATCH),
        ):
            seconds, requests, rows = load(archive, ids, size)
            print(f"{name:42} {len(ids):6} {seconds:8.2f} {requests:9} {rows:7}")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"peak memory of client and archive together: {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
