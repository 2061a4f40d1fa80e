"""Measure how often noise alone makes each measurement a red flag, on one-sector light curves of simulated Suns.

    python -m benchmarks.vetting_false_alarms [--stars 600]

With a planet, every red flag is a false alarm. Without one, `depth` and `snr` must be red flags and the others not.
"""

import argparse
from collections import Counter

import numpy as np

from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from tests.support.simulated_stars import NOISES, random_star, sector_times


def rates(stars, planet, noise):
    """Return measurement -> percentage of the stars with a red flag, among the stars on which it was measured."""
    rng, time, raised, measured = np.random.default_rng(17), sector_times(), Counter(), Counter()
    for _ in range(stars):
        light_curve, ephemeris = random_star(rng, time, planet, noise)
        for row in measure(stitch([light_curve], [ephemeris]), ephemeris, "x").measurements:
            measured[row.name] += row.value is not None
            raised[row.name] += bool(row.concern)
    return {name: 100 * raised[name] / measured[name] for name in measured if measured[name] > stars / 10}


def main():
    """Print the rates with and without a planet, for each kind of noise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stars", type=int, default=600)
    options = parser.parse_args()
    columns = {(planet, noise): rates(options.stars, planet, noise) for planet in (True, False) for noise in NOISES}
    print(
        f"{options.stars} stars per column; percentage with a red flag\n{'':20s}"
        + "".join(f"{('planet ' if planet else 'none ') + noise:>16s}" for planet, noise in columns)
    )
    for name in columns[True, NOISES[0]]:
        print(
            f"{name:20s}"
            + "".join(f"{column[name]:16.2f}" if name in column else f"{'-':>16s}" for column in columns.values())
        )


if __name__ == "__main__":
    main()
