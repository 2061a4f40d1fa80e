"""Time and recovery of box and transit searches on the same light curves with the same injected planets.

    python -m pip install --target EXTRA --no-deps transitleastsquares foldedleastsquares gerbls tqdm configparser
    PYTHONPATH=.:EXTRA python -m benchmarks.search_engines [--shared ../shared] [--planets 200] [--engines ours astropy]

Every engine gets the same flattened light curve, averaged in ten minutes (ours averages itself), and periods from
0.3 d to half of its length. A planet is recovered where the engine's best period is right to 1 % (or to the drift of
one duration over the data) and its best epoch to half a duration. A threshold is set for each engine: the statistic
that one in ten of the light curves without a planet exceeds. GERBLS needs a C++ compiler to be installed.
"""

import argparse
import resource
import time as clock
from pathlib import Path

import numpy as np

from app_tess.astro.search.box_fit import Box, fit_box
from app_tess.astro.search.periodogram import compute_periodogram, solar_duration_d
from app_tess.astro.search.star import WINDOW_D
from app_tess.astro.search.weighted_dips import weigh
from app_tess.astro.stitching import stitch
from benchmarks.search_injections import halves, inject, quiet_stars, random_injection, simulated_star

BIN_D = 10 / 1440
SHORTEST_D = 0.3


def ten_minutes(stitched):
    """Time, flux and error averaged in ten minutes."""
    slot = ((stitched.time_btjd - stitched.time_btjd[0]) / BIN_D).astype(int)
    count = np.bincount(slot)
    used = count > 0
    mean = [np.bincount(slot, weights=v)[used] / count[used] for v in (stitched.time_btjd, stitched.flux)]
    return *mean, stitched.scatter / np.sqrt(count[used])


def ours(stitched):
    """Period, epoch and SNR (fast folding in NumPy)."""
    dips = weigh(stitched)
    found = compute_periodogram(dips, SHORTEST_D, stitched.span_d / 2)
    top = int(np.argmax(found.snr))
    box = Box(found.period_d[top], found.epoch_btjd[top], found.duration_d[top], 0.0, found.snr[top])
    fit = fit_box(dips, box)
    return fit.period_d, fit.epoch_btjd, float(found.snr[top])


def optimal_periods(span_d):
    """The same spacing as ours: a drift of an eighth of the Sun's transit duration over the light curve."""
    periods = [SHORTEST_D]
    while periods[-1] < span_d / 2:
        step = solar_duration_d(periods[-1]) / 8 * periods[-1] / span_d
        periods.append(periods[-1] + step)
    return np.array(periods)


def astropy(stitched):
    """Period, epoch and SNR of astropy's BoxLeastSquares, octave by octave with durations that fit the period."""
    from astropy.timeseries import BoxLeastSquares

    time, flux, error = ten_minutes(stitched)
    search = BoxLeastSquares(time, flux, error)
    best = (0.0, 0.0, -np.inf)
    periods = optimal_periods(stitched.span_d)
    low = SHORTEST_D
    while low < periods[-1]:
        part = periods[(periods >= low) & (periods < 2 * low)]
        durations = solar_duration_d(low) * np.array([0.25, 0.375, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0])
        durations = durations[durations < 0.2 * low]
        power = search.power(part, durations, objective="snr", oversample=3)
        top = int(np.argmax(power.power))
        if power.power[top] > best[2]:
            best = (float(power.period[top]), float(power.transit_time[top]), float(power.power[top]))
        low *= 2
    return best


def _least_squares(model, **options):
    found = model.power(period_min=SHORTEST_D, use_threads=1, show_progress_bar=False, **options)
    return float(found.period), float(found.T0), float(found.SDE)


def tls(stitched):
    """Period, epoch and SDE of transitleastsquares."""
    from transitleastsquares import transitleastsquares

    time, flux, error = ten_minutes(stitched)
    return _least_squares(transitleastsquares(time, flux, error), period_max=stitched.span_d / 2, verbose=False)


def folded(stitched):
    """Period, epoch and SDE of foldedleastsquares."""
    from foldedleastsquares import transitleastsquares

    time, flux, error = ten_minutes(stitched)
    return _least_squares(transitleastsquares(time, flux, error, verbose=False), period_max=stitched.span_d / 2)


def gerbls(stitched):
    """Period, epoch and SNR of GERBLS (fast folding in C++)."""
    import gerbls as package

    time, flux, error = ten_minutes(stitched)
    data = package.pyDataContainer()
    data.store(time, flux, error, convert_to_flux=False)
    search = package.pyFastBLS()
    durations = list(np.geomspace(0.02, 0.5, 8))
    search.setup(
        data,
        SHORTEST_D,
        stitched.span_d / 2,
        t_samp=BIN_D,
        duration_mode="constant",
        durations=durations,
        downsample=True,
    )
    search.run(verbose=False)
    found = package.pyBLSAnalyzer(search)
    dips = np.where((found.dmag > 0) & np.isfinite(found.dchi2), found.dchi2, 0.0)  # it finds brightenings as well
    top = int(np.argmax(dips))
    return float(found.P[top]), None, float(np.sqrt(dips[top]))  # its t0 has another origin: not compared


ENGINES = {"ours": ours, "astropy": astropy, "tls": tls, "gerbls": gerbls, "folded": folded}


def is_recovered(found, planet, span_d):
    """Whether period and epoch are those of the planet."""
    period, epoch, _ = found
    tolerance = max(0.01 * planet.period_d, planet.duration_h / 24 * planet.period_d / span_d)
    if epoch is None:
        return abs(period - planet.period_d) < tolerance
    cycles = (epoch - planet.epoch_btjd) / planet.period_d
    late = abs(cycles - round(cycles)) * planet.period_d
    return abs(period - planet.period_d) < tolerance and late < max(planet.duration_h / 48, 2 * BIN_D)


def flatten(curves):
    """The light curve that every engine gets."""
    return stitch(curves).flattened_again([], WINDOW_D)


def measure(engines, stars, planets, rng):
    """Run all engines on the same curves; return engine -> statistics without planets, and (recovered, statistic)."""
    nulls = {name: [] for name in engines}
    found = {name: [] for name in engines}
    seconds = dict.fromkeys(engines, 0.0)
    for curves in stars:
        for name in engines:
            nulls[name].append(ENGINES[name](flatten(curves))[2])
    for number in range(planets):
        curves = stars[number % len(stars)]
        planet = random_injection(rng, float(np.nanmin(curves[0].time_btjd)))
        stitched = flatten([inject(curve, planet) for curve in curves])
        for name in engines:
            started = clock.process_time()
            result = ENGINES[name](stitched)
            seconds[name] += clock.process_time() - started
            found[name].append((is_recovered(result, planet, stitched.span_d), result[2]))
        print(".", end="", flush=True)
    return nulls, found, {name: value / max(planets, 1) for name, value in seconds.items()}


def time_long(engines, sectors):
    """Seconds for a simulated star with many sectors."""
    stitched = flatten(simulated_star(0, "white", sectors=sectors))
    for name in engines:
        started = clock.process_time()
        ENGINES[name](stitched)
        print(f"{name:10s} {clock.process_time() - started:8.1f} s for {sectors} sectors", flush=True)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--planets", type=int, default=200)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=["ours", "astropy", "tls", "gerbls"])
    parser.add_argument("--sectors", type=int, default=0, help="time a star with so many sectors instead")
    options = parser.parse_args()
    if options.sectors:
        time_long(options.engines, options.sectors)
        return
    for name in options.engines:
        ENGINES[name](flatten(simulated_star(0)))  # numba compiles at the first call
    _, reported = halves(quiet_stars(options.shared))
    stars = [[curve] for _, curve in reported] + [simulated_star(number) for number in range(12)]
    nulls, found, seconds = measure(options.engines, stars, options.planets, np.random.default_rng(2014))
    print(f"\n{options.planets} planets in {len(reported)} real quiet stars and 12 simulated ones (red noise)")
    print(f"{'engine':10s} {'s per sector':>13s} {'best period right':>18s} {'and above threshold':>20s}")
    for name in options.engines:
        threshold = float(np.quantile(nulls[name], 0.9))
        right = sum(good for good, _ in found[name])
        above = sum(good and value > threshold for good, value in found[name])
        share = f"{100 * right / options.planets:.1f} %", f"{100 * above / options.planets:.1f} %"
        print(f"{name:10s} {seconds[name]:13.2f} {share[0]:>18s} {share[1]:>20s}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
