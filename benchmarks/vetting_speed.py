"""Seconds to flatten and vet a sector, beside wotan's flatten and astropy's BoxLeastSquares.compute_stats.

    python -m benchmarks.vetting_speed [--shared ../shared]

Without --shared, a simulated sector is used. One core; the best of several runs. wotan's first call, which compiles, is
listed separately.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from astropy.timeseries import BoxLeastSquares

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.flatten import biweight_trend
from app_tess.astro.light_curve import select_cadences
from app_tess.astro.stitching import split_at_gaps, stitch
from app_tess.astro.vetting.measure import measure
from app_tess.astro.vetting.star import Target, vet_star
from tests.support.light_curves import PLANET, make_light_curve

WASP_46 = (
    "archive/files/tess2018206045859-s0001-0000000231663901-0120-s_lc.fits",
    Ephemeris(1.430370, 1326.0089, 1.6166),
)


def best_ms(run, repeats=7):
    """Milliseconds of a core that the quickest of several runs takes."""
    times = []
    for _ in range(repeats):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return 1e3 * min(times)


def compare_with_wotan(time_btjd, flux, masked, rows):
    """Add wotan's flatten to the table, and how far its trend is from ours."""
    import wotan

    ours = biweight_trend(time_btjd, flux, split_at_gaps(time_btjd), 0.6, masked)

    def flatten():
        return wotan.flatten(
            time_btjd, flux, method="biweight", window_length=0.6, break_tolerance=0.5, mask=masked, return_trend=True
        )[1]

    started = time.process_time()
    theirs = flatten()
    rows.append(("wotan.flatten, first call (compiles)", 1e3 * (time.process_time() - started)))
    rows.append(("wotan.flatten, biweight", best_ms(flatten, 3)))
    difference = 1e6 * np.abs(ours - theirs)
    median, high = np.nanmedian(difference), np.nanpercentile(difference, 99)
    return f"trends differ by {median:.1f} ppm in the median, {high:.0f} ppm at 99 %"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--without-wotan", action="store_true")
    options = parser.parse_args()
    path, ephemeris = WASP_46
    if options.shared:
        light_curve = read_light_curve(options.shared / path, Path(path).name)
    else:
        light_curve, ephemeris = make_light_curve(), PLANET
    keep, _ = select_cadences(light_curve)
    time_btjd, flux = (
        light_curve.time_btjd[keep],
        light_curve.flux().values[keep] / np.median(light_curve.flux().values[keep]),
    )
    masked = ephemeris.in_transit(time_btjd, 1.5)
    stitched = stitch([light_curve], [ephemeris])
    search = BoxLeastSquares(stitched.time_btjd, stitched.flux)
    rows = [
        (
            "ours: biweight trend alone",
            best_ms(lambda: biweight_trend(time_btjd, flux, split_at_gaps(time_btjd), 0.6, masked)),
        ),
        ("ours: mask, normalise, flatten, stitch", best_ms(lambda: stitch([light_curve], [ephemeris]))),
        ("ours: measurements and 5 views", best_ms(lambda: measure(stitched, ephemeris, "x"))),
        (
            "ours: all of it, with the transits located and timed",
            best_ms(lambda: vet_star([light_curve], [Target("x", ephemeris)])),
        ),
        (
            "astropy BoxLeastSquares.compute_stats (depths, odd-even, no views)",
            best_ms(lambda: search.compute_stats(ephemeris.period_d, ephemeris.duration_d, ephemeris.epoch_btjd)),
        ),
    ]
    note = "" if options.without_wotan else compare_with_wotan(time_btjd, flux, masked, rows)
    print(f"{light_curve.source}: {int(keep.sum()):,} cadences")
    for name, milliseconds in rows:
        print(f"{milliseconds:10.1f} ms  {name}")
    print(note)


if __name__ == "__main__":
    main()
