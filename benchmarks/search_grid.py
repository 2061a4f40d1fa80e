"""What the coarse grid of periods costs and saves, and how long a search of sectors that are years apart takes.

    OMP_NUM_THREADS=1 nice -n 10 .venv/bin/python -m benchmarks.search_grid [--planets 60]

SIMULATED: white noise of 1,000 ppm at 10 minutes with one planet each, in one sector; the highest peak at its period on
both grids. Then the whole search of three, and of 26, sectors of one star spread over years, with one planet.
"""

import argparse
import time as clock

import numpy as np

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.search.periodogram import (
    compute_periodogram,
    longest_period_d,
    needs_coarse_grid,
    solar_duration_d,
)
from app_tess.astro.search.star import search_star
from app_tess.astro.search.weighted_dips import WeightedDips
from tests.support.light_curves import make_light_curve

BIN_D, SECTOR_D = 10 / 1440, 27.0
LAYOUTS = {
    "26 in a row": np.arange(26),
    "3 over five years": np.array([0, 26, 66]),
    "26 over seven years": np.concatenate([np.arange(13), 40 + np.arange(6), 87 + np.arange(7)]),
}
"""Sector numbers, from the first one."""


def dips_with_planet(rng):
    """Return the dips of a sector with a planet, and its period [d]."""
    time = np.arange(0, SECTOR_D, BIN_D)
    period = float(np.exp(rng.uniform(np.log(0.5), np.log(9.0))))
    duration = solar_duration_d(period) * rng.uniform(0.5, 1.5)
    inside = np.abs((time - rng.uniform(0, period) + period / 2) % period - period / 2) < duration / 2
    depth = 12e-3 / np.sqrt(max(inside.sum(), 1))
    flux = 1e-3 * rng.standard_normal(len(time)) - depth * inside
    return WeightedDips(time, -(flux - np.median(flux)), np.full(len(time), 1e6)), period


def snr_near(dips, period, is_coarse):
    """Return the highest SNR within a percent of a period, and the CPU time of the periodogram [s]."""
    started = clock.process_time()
    found = compute_periodogram(dips, 0.3, SECTOR_D / 2, is_coarse)
    near = np.abs(found.period_d / period - 1) < 0.01
    return float(found.snr[near].max()), clock.process_time() - started


def compare_grids(planets):
    """Print how much significance the coarse grid loses, and its time over that of the fine one."""
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(planets):
        dips, period = dips_with_planet(rng)
        (fine, fine_s), (coarse, coarse_s) = (snr_near(dips, period, is_coarse) for is_coarse in (False, True))
        rows.append((coarse / fine, fine_s, coarse_s))
    ratio, fine_s, coarse_s = np.array(rows).T
    print(
        f"coarse over fine, {planets} planets of SNR 12: significance {ratio.mean():.3f} (mean), {np.median(ratio):.3f}"
        f" (median), {np.percentile(ratio, 10):.3f} (tenth); CPU {coarse_s.sum() / fine_s.sum():.2f}",
        flush=True,
    )


def search_layout(name, sectors):
    """Print how long the whole search of a layout takes, and what it finds."""
    planet = Ephemeris(4.7, 1327.0, 3.0)
    curves = []
    for number in sectors:
        start = 1325.3 + (SECTOR_D + 0.4) * number
        noise = {"seed": int(number), "noise": 5e-4, "depth": 1.5e-3, "ephemeris": planet}
        curves.append(make_light_curve(cadence_s=600, days=26, start=start, sector=int(number) + 1, **noise))
    started = clock.process_time()
    result = search_star(curves)
    cpu_s = clock.process_time() - started
    time = result.stitched.time_btjd
    longest, span = longest_period_d(time), time[-1] - time[0]
    grid = "coarse" if needs_coarse_grid(span, longest) else "fine"
    found = ", ".join(f"{signal.period_d or 0:.4f} d (SNR {signal.snr:.0f})" for signal in result.signals)
    print(
        f"| {name} | {span:,.0f} | {longest:.0f} | {grid} | {len(result.periodogram):,} | {cpu_s:.1f} | {found} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--planets", type=int, default=60)
    compare_grids(parser.parse_args().planets)
    print("| sectors | span d | longest period d | grid | periods | CPU s | found |\n|---|---|---|---|---|---|---|")
    for name, sectors in LAYOUTS.items():
        search_layout(name, sectors)


if __name__ == "__main__":
    main()
