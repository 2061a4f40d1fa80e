"""How long the light-curve classifier takes: one object, one with its occlusion map, and a batch of 10,000.

    OMP_NUM_THREADS=1 nice -n 10 .venv/bin/python -m benchmarks.classifier_speed --shared ../shared [--repeats 30]

Views of Rao et al. 2021, all inputs known. CPU time of this process, which on a busy machine is the one to compare;
wall time beside it. The batch is divided among the cores, one thread each, so the objects per second on two cores are
twice those of a second of CPU time if the cores are free.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from app_tess.scoring.light_curve_model.classify import classify
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import SCALAR_NAMES, read_views

BATCH = 10_000
ONE_MS, EXPLAINED_MS, BATCH_PER_S = 10.0, 120.0, 2000.0
"""Targets: on one core [ms], and on two cores [objects per second]."""


def timed(work):
    """Return CPU and wall time of a call [s]."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def medians(work, repeats):
    """Return the medians of CPU and wall time [ms], and the fastest CPU time [ms]."""
    work()
    cpu, wall = zip(*(timed(work) for _ in range(repeats)), strict=True)
    return 1000 * statistics.median(cpu), 1000 * statistics.median(wall), 1000 * min(cpu)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=30)
    options = parser.parse_args()
    file, network = read_views(options.shared / "views/tess_rao2021_views.npz"), load_network()
    views = {
        "global_view": file.global_view[0],
        "local_view": file.local_view[0],
        "secondary_view": file.secondary_or_nan[0],
    }
    scalars = {name: value for name, value in zip(SCALAR_NAMES, file.scalars[0], strict=True) if np.isfinite(value)}
    print("| what | CPU ms, median (fastest) | wall ms | target |\n|---|---|---|---|")
    for name, explain, target in (("one object", False, ONE_MS), ("with its occlusion map", True, EXPLAINED_MS)):
        cpu, wall, fastest = medians(
            lambda explain=explain: classify(views, scalars, network=network, explain=explain), options.repeats
        )
        print(f"| {name} | {cpu:.1f} ({fastest:.1f}) | {wall:.1f} | {target:.0f} |", flush=True)
    batch = [values[:BATCH] for values in file.inputs]
    network.probabilities(*(values[:512] for values in batch))
    cpu, wall = min(timed(lambda: network.probabilities(*batch)) for _ in range(3))
    print(
        f"| {len(batch[0]):,} objects | {1000 * cpu:,.0f}, {len(batch[0]) / cpu:,.0f} per s of CPU,"
        f" {2 * len(batch[0]) / cpu:,.0f} per s on two free cores | {1000 * wall:,.0f} | {BATCH_PER_S:,.0f} per s |"
    )


if __name__ == "__main__":
    main()
