"""Classify the real light curves of the development data at their true ephemerides, and the strongest dips of others.

    python -m benchmarks.real_light_curves --shared ../shared --out FILE

Planets, false positives and candidates: the archive's nine files and `light_curves/toi_hosts`, with ExoFOP's
ephemerides. Binaries: `light_curves/eclipsing_binaries`, with those of Prsa et al. 2022. Quiet stars: the period, epoch
and duration of the strongest dip that a box search finds. A star in the training data is scored by the members that
were not trained on it.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.dispositions import PLANETS
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from app_tess.errors import AppTessError
from app_tess.scoring.common.json_records import write_record
from app_tess.scoring.light_curve_model.classify import classify
from app_tess.scoring.light_curve_model.real_files import RealFile, RealFiles
from app_tess.scoring.light_curve_model.trained_network import load_network

SEARCH_DURATIONS_D = (0.08, 0.16, 0.3)
WIDTH_OF_UNKNOWN = 0.1
"""Eclipse width in periods where the catalogue of binaries gives none."""


def curves_by_star(folder):
    """Return TIC id -> the light curves of a folder, and the files that could not be read."""
    found, unread = defaultdict(list), []
    for path in sorted(folder.glob("*.fits")):
        try:
            curve = read_light_curve(path, path.name)
        except AppTessError as error:
            unread.append(f"{path.name}: {error}")
        else:
            found[curve.tic_id].append(curve)
    return found, unread


def strongest_dip(curve):
    """Return the ephemeris of the strongest dip that a box search finds."""
    from astropy.timeseries import BoxLeastSquares

    stitched = stitch([curve], [])
    step = max(1, len(stitched.time_btjd) // 4000)  # 20-minute means are enough to find a dip
    count = len(stitched.time_btjd) // step
    time, flux = (v[: count * step].reshape(count, step).mean(axis=1) for v in (stitched.time_btjd, stitched.flux))
    search = BoxLeastSquares(time, flux)
    periods = np.exp(np.linspace(np.log(0.6), np.log(12), 6000))
    power = search.power(periods, SEARCH_DURATIONS_D, objective="snr")
    best = int(np.argmax(power.power))
    return Ephemeris(float(power.period[best]), float(power.transit_time[best]), 24 * float(power.duration[best]))


def row_of(curves, ephemeris, name, expected, others=(), tmag=None):
    """Return what the network says of one object."""
    row = {"object": name, "expected": expected, "period_d": round(ephemeris.period_d or 0, 5)}
    try:
        report = measure(stitch(curves, [ephemeris, *others]), ephemeris, name, others=others)
        result = classify(report.views, (report.scalars or {}) | {"tmag": tmag}, report.tic_id, explain=False)
    except AppTessError as error:
        return row | {"best": "-", "right": False, "why": str(error)}
    right = None if expected == "any" else result["best"] in expected.split(" or ")
    return (
        row
        | {"best": result["best"], "right": right, "trained": result["seen_in_training"]}
        | {code: round(value, 2) for code, value in result["probabilities"].items()}
    )


def toi_rows(folder, tois):
    """Classify every TOI of the stars with files in a folder."""
    for tic_id, curves in curves_by_star(folder)[0].items():
        rows = tois[(tois.tic_id == tic_id) & tois.period_d.notna()]
        ephemerides = [Ephemeris(r.period_d, r.epoch_btjd, r.duration_h) for r in rows.itertuples()]
        for number, row in enumerate(rows.itertuples()):
            code = row.tfopwg_disposition or ""
            expected = "PC" if code in PLANETS else "any"
            others = [e for i, e in enumerate(ephemerides) if i != number]
            yield row_of(curves, ephemerides[number], f"TOI-{row.toi} {code}", expected, others, row.tmag)


def binary_rows(folder, binaries):
    """Classify the catalogued binaries with files in a folder."""
    for tic_id, curves in curves_by_star(folder)[0].items():
        for row in binaries[binaries.tic_id == tic_id].itertuples():
            width = row.width_primary_phase if np.isfinite(row.width_primary_phase) else WIDTH_OF_UNKNOWN
            ephemeris = Ephemeris(row.period_d, row.epoch_bjd, 24 * width * row.period_d)
            for sectors in [curves] if len(curves) == 1 else [curves, *([curve] for curve in curves)]:
                name = f"TIC {tic_id}, {len(sectors)} sectors" if len(sectors) > 1 else f"TIC {tic_id}"
                yield row_of(sectors, ephemeris, name, "EB", tmag=row.tmag)


def quiet_rows(folder):
    """Classify the strongest dip of each star in a folder."""
    for tic_id, curves in curves_by_star(folder)[0].items():
        yield row_of(curves, strongest_dip(curves[0]), f"TIC {tic_id}", "V or IS or J")


def as_record(group, row):
    """Return a row as it is kept for the model page."""
    known = row["best"] != "-"
    return RealFile(
        group,
        row["object"],
        row["expected"],
        row["best"] if known else None,
        float(row[row["best"]]) if known else None,
        None if known else row["why"],
    )


def main():
    """Print one table per group, and how many are as expected."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, help="JSON file to write, for the model page")
    options = parser.parse_args()
    shared, files = options.shared, []
    tois = parse_toi_table((shared / "archive/toi.csv").read_bytes(), "toi.csv")
    binaries = pd.read_csv(shared / "catalogues/eclipsing_binaries_prsa2022.csv.gz").dropna(subset=["period_d"])
    groups = {
        "archive": toi_rows(shared / "archive/files", tois),
        "toi_hosts": toi_rows(shared / "light_curves/toi_hosts", tois),
        "eclipsing_binaries": binary_rows(shared / "light_curves/eclipsing_binaries", binaries),
        "quiet": quiet_rows(shared / "light_curves/quiet"),
    }
    for name, rows in groups.items():
        table = pd.DataFrame(rows)
        files += [as_record(name, row) for row in table.to_dict("records")]
        asked = table[table.expected != "any"]
        print(
            f"\n{name}: {int(asked.right.sum())} of {len(asked)} as expected\n{table.to_string(index=False)}",
            flush=True,
        )
    if options.out:
        write_record(options.out, RealFiles(load_network().version, files))


if __name__ == "__main__":
    main()
