"""How often noise alone makes each measurement a red flag: simulated Suns, one sector each.

    python -m benchmarks.vetting_false_alarms [--stars 600]

With a planet every concern is a false alarm; without one `depth` and `snr` must be raised and the others not.
"""

import argparse
from collections import Counter

import numpy as np

from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from tests.support.simulated_stars import NOISES, random_star, sector_times


def rates(stars, planet, noise):
    """Return measurement -> on how many of the stars where it was measured it is a red flag [per cent]."""
    rng, time, raised, measured = np.random.default_rng(17), sector_times(), Counter(), Counter()
    for _ in range(stars):
        light_curve, ephemeris = random_star(rng, time, planet, noise)
        for row in measure(stitch([light_curve], [ephemeris]), ephemeris, "x").measurements:
            measured[row.name] += row.value is not None
            raised[row.name] += bool(row.concern)
    return {name: 100 * raised[name] / measured[name] for name in measured if measured[name] > stars / 10}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stars", type=int, default=600)
    options = parser.parse_args()
    columns = {(planet, noise): rates(options.stars, planet, noise) for planet in (True, False) for noise in NOISES}
    print(
        f"{options.stars} stars a column; per cent of them\n{'':20s}"
        + "".join(f"{('planet ' if planet else 'none ') + noise:>16s}" for planet, noise in columns)
    )
    for name in columns[True, NOISES[0]]:
        print(
            f"{name:20s}"
            + "".join(f"{column[name]:16.2f}" if name in column else f"{'-':>16s}" for column in columns.values())
        )


if __name__ == "__main__":
    main()
