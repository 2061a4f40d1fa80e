"""False alarms of the search, and the recovery of injected transits by depth, period and duration.

    python -m benchmarks.search_completeness --choose [--shared ../shared]
    python -m benchmarks.search_completeness [--planets 600] [--docs docs]

Thresholds are chosen on simulated stars and on every second quiet star, and rates are reported for the others and for
other simulated stars. The picture and the table in the documentation are made from the report.
"""

import argparse
import datetime as dt
import itertools
import json
from pathlib import Path

import numpy as np

from app_tess.astro.search.signal import Settings
from app_tess.astro.search.star import search_star
from benchmarks.search_injections import halves, inject, quiet_stars, random_injection, simulated_star

LOW = Settings(least_snr=5.0, least_sde=3.0, least_single_snr=5.0)
"""Thresholds so low that noise exceeds them: the false alarms of every higher threshold follow."""

DEPTHS_PPM = (100, 200, 400, 800, 1600, 3200, 10_000)
PERIODS_D = (0.5, 1.5, 4.0, 8.0, 13.0)
DURATIONS_H = (0.5, 1.5, 2.5, 4.0, 12.0)
SNRS = (0, 4, 6, 7, 8, 10, 12, 16, 25, 1e9)


def false_alarms(stars):
    """Return, for each star without a planet, its highest periodic (SNR, SDE) pairs and its highest single SNR."""
    found = []
    for curves in stars:
        signals = search_star(curves, settings=LOW).signals
        found.append(
            (
                [(s.snr, s.sde) for s in signals if not s.is_single],
                max([s.snr for s in signals if s.is_single], default=0.0),
            )
        )
        print(".", end="", flush=True)
    print()
    return found


def choose(shared, simulated):
    """Print the false alarms per star for several thresholds, on the stars on which thresholds are chosen."""
    chosen, _ = halves(quiet_stars(shared))
    groups = {
        "simulated, white": [simulated_star(1000 + n, "white") for n in range(simulated)],
        "simulated, red": [simulated_star(2000 + n, "red") for n in range(simulated)],
        "quiet, first half": [[curve] for _, curve in chosen],
    }
    for name, stars in groups.items():
        alarms = false_alarms(stars)
        print(name, len(stars))
        for sde in (5.0, 6.0, 6.5, 7.0, 8.0):
            rates = [
                sum(any(s >= snr and d >= sde for s, d in pairs) for pairs, _ in alarms) / len(stars)
                for snr in (6.0, 6.5, 7.0, 7.5, 8.0)
            ]
            print(f"  SDE {sde:4.1f}, SNR 6.0 6.5 7.0 7.5 8.0: " + " ".join(f"{rate:.3f}" for rate in rates))
        singles = [sum(single >= snr for _, single in alarms) / len(stars) for snr in (6, 7, 8, 9, 10)]
        print("  single SNR 6 7 8 9 10: " + " ".join(f"{rate:.3f}" for rate in singles), flush=True)


def is_recovered(signal, planet, span_d):
    """Whether a signal has the planet's period, or half or twice it, and its transit times."""
    if signal.is_single:
        return False
    for factor in (1.0, 0.5, 2.0):
        period = factor * planet.period_d
        near = abs(signal.period_d - period) < max(0.003 * period, planet.duration_h / 24 * period / span_d)
        cycles = (signal.epoch_btjd - planet.epoch_btjd) / min(period, planet.period_d)
        late = abs(cycles - round(cycles)) * min(period, planet.period_d)
        if near and late < planet.duration_h / 48:
            return True
    return False


def recover(stars, planets, seed):
    """Inject planets one after another; return a row for each."""
    rng, rows = np.random.default_rng(seed), []
    for number in range(planets):
        curves = stars[number % len(stars)]
        planet = random_injection(rng, float(np.nanmin(curves[0].time_btjd)))
        result = search_star([inject(curve, planet) for curve in curves])
        sigma = result.stitched.scatter * 1e6
        in_transit = planet.duration_h / 24 / planet.period_d * len(result.stitched.time_btjd)
        rows.append(
            {
                "depth_ppm": planet.depth_ppm,
                "period_d": planet.period_d,
                "duration_h": planet.duration_h,
                "expected_snr": planet.depth_ppm / sigma * np.sqrt(in_transit),
                "recovered": any(is_recovered(s, planet, result.stitched.span_d) for s in result.signals),
                "simulated": bool(curves[0].source.startswith("simulated")),
            }
        )
        if number % 25 == 24:
            print(f"{number + 1} of {planets}", flush=True)
    return rows


def cells(rows, columns):
    """Return the recovered share and number in each cell of two columns' bins: dict with edges, share and count."""
    (one, edges), (other, other_edges) = columns
    x, y = (np.array([row[name] for row in rows]) for name in (one, other))
    good = np.array([row["recovered"] for row in rows], dtype=float)
    count, _, _ = np.histogram2d(x, y, [edges, other_edges])
    hits, _, _ = np.histogram2d(x, y, [edges, other_edges], weights=good)
    share = np.divide(hits, count, out=np.full_like(hits, np.nan), where=count > 0)
    return {
        "x": one,
        "y": other,
        "x_edges": list(edges),
        "y_edges": list(other_edges),
        "count": count.astype(int).tolist(),
        "share": [[None if np.isnan(v) else round(float(v), 3) for v in line] for line in share],
    }


def report(shared, planets, simulated):
    """Return the figures of the report as plain values."""
    _, reported = halves(quiet_stars(shared))
    real = [[curve] for _, curve in reported]
    made = [simulated_star(5000 + n, "red") for n in range(simulated)]
    alarms = {}
    for name, stars in (("real", real), ("simulated", made)):
        found = [search_star(curves).signals for curves in stars]
        alarms[name] = {
            "stars": len(stars),
            "with_periodic": sum(any(not s.is_single for s in signals) for signals in found),
            "with_single": sum(any(s.is_single for s in signals) for signals in found),
        }
    print(alarms, flush=True)
    rows = recover(real, planets, 33) + recover(made, planets, 34)
    result = {"date": f"{dt.date.today()}", "alarms": alarms, "planets": planets, "settings": Settings().__dict__}
    for name, chosen in (("real", False), ("simulated", True)):
        part = [row for row in rows if row["simulated"] == chosen]
        snr = np.array([row["expected_snr"] for row in part])
        good = np.array([row["recovered"] for row in part])
        result[name] = {
            "recovered": int(good.sum()),
            "by_period": cells(part, (("period_d", PERIODS_D), ("depth_ppm", DEPTHS_PPM))),
            "by_duration": cells(part, (("duration_h", DURATIONS_H), ("depth_ppm", DEPTHS_PPM))),
            "by_snr": [
                [low, high, int(((snr >= low) & (snr < high)).sum()), int(good[(snr >= low) & (snr < high)].sum())]
                for low, high in itertools.pairwise(SNRS)
            ],
        }
    return result


def main():
    """Print the figures, and write them and the picture into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--planets", type=int, default=600)
    parser.add_argument("--simulated", type=int, default=60)
    parser.add_argument("--docs", type=Path)
    options = parser.parse_args()
    if options.choose:
        choose(options.shared, options.simulated)
        return
    result = report(options.shared, options.planets, options.simulated)
    print(json.dumps(result, indent=1))
    if options.docs:
        from benchmarks.search_completeness_docs import write

        write(result, options.docs)


if __name__ == "__main__":
    main()
