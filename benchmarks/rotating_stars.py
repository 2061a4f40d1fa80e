"""Recover the depth of transits on simulated spotted stars, beside polynomials around each transit.

    python -m benchmarks.rotating_stars [--stars 12]

One sector at 10-minute cadence each. The alternative is, for each transit, the polynomial (degree 1 to 6, 3 to 8
durations long) with the smallest predicted error at mid-transit.
"""

import argparse
import time

import numpy as np

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from tests.support.simulated_stars import NOISE, light_curve, sector_times

CASES = {
    "rotation 1.4 d of 1.7 %, transits of 4.85 h": (1.4, 0.017, 6.96, 4.85),
    "rotation 0.73 d of 0.6 %, transits of 0.5 h": (0.73, 0.006, 1.24, 0.5),
    "rotation 0.5 d of 1 %, transits of 3 h": (0.5, 0.010, 4.1, 3.0),
    "rotation 3 d of 3 %, transits of 6 h": (3.0, 0.030, 9.3, 6.0),
    "rotation 1 d of 2 %, transits of 2 h": (1.0, 0.020, 3.3, 2.0),
}
DEPTH = 0.004


def polynomial_depth(curve_time, flux, ephemeris):
    """Return the mean depth of all transits above their best polynomials [ppm]."""
    masked, depths = ephemeris.in_transit(curve_time, 1.5), []
    for middle in ephemeris.transit_times(curve_time[0], curve_time[-1]):
        offset = (curve_time - middle) / ephemeris.duration_d
        floor = np.abs(offset) < 0.3
        best = (np.inf, 0.0)
        for half in (1.5, 2.5, 4.0):
            used = (np.abs(offset) < half) & ~masked
            for degree in range(1, 7):
                if floor.sum() < 1 or used.sum() < degree + 3:
                    continue
                design = np.polynomial.legendre.legvander(offset[used] / half, degree)
                solution = np.linalg.lstsq(design, flux[used], rcond=None)[0]
                chi2 = np.square(flux[used] - design @ solution).sum() / NOISE**2 / (used.sum() - degree - 1)
                there = np.polynomial.legendre.legvander(offset[floor] / half, degree).mean(axis=0)
                error = max(chi2, 1) ** 3 * there @ np.linalg.pinv(design.T @ design) @ there
                best = min(best, (error, 1e6 * (1 - flux[floor].mean() / (there @ solution))))
        if np.isfinite(best[0]):
            depths.append(best[1])
    return np.mean(depths)


def main():
    """Print mean and scatter of the recovered depths, the stated error, and the time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stars", type=int, default=12)
    stars = parser.parse_args().stars
    print(
        f"{stars} stars per row; true depth {1e6 * DEPTH:.0f} ppm\n{'':46s}{'ours':>12s}{'stated':>8s}{'ms':>6s}"
        f"{'polynomials':>16s}"
    )
    sector = sector_times()
    for name, (rotation_d, amplitude, period_d, duration_h) in CASES.items():
        ours, stated, theirs, taken = [], [], [], []
        for seed in range(stars):
            rng, angle = np.random.default_rng(seed), 2 * np.pi * sector / rotation_d
            ephemeris = Ephemeris(period_d, 1325 + rng.uniform(0.3, period_d), duration_h)
            evolving = 1 + 0.3 * np.sin(sector / 4)
            spots = 1 + amplitude * (evolving * np.sin(angle + seed) + 0.4 * np.sin(2.05 * angle + 2))
            dip = DEPTH * np.clip((1 - np.abs(ephemeris.fold(sector)) / (ephemeris.duration_d / 2)) / 0.2, 0, 1)
            flux = spots * (1 - dip) + NOISE * rng.standard_normal(len(sector))
            started = time.process_time()
            depth = measure(stitch([light_curve(flux, sector, rng)], [ephemeris]), ephemeris, "x").get("depth")
            taken.append(1e3 * (time.process_time() - started))
            ours.append(depth.value)
            stated.append(depth.error)
            theirs.append(polynomial_depth(sector, flux, ephemeris))
        print(
            f"{name:46s}{np.mean(ours):6.0f} ±{np.std(ours):4.0f}{np.median(stated):8.0f}{np.median(taken):6.0f}"
            f"{np.mean(theirs):10.0f} ±{np.std(theirs):4.0f}"
        )


if __name__ == "__main__":
    main()
