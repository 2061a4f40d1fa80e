"""Blind search of the real files: are the known signals found, at which period, and what is missed?

    python -m benchmarks.search_known [--shared ../shared] [--docs docs]

Known signals: the TOIs of the archive's files, `light_curves/toi_hosts` and `light_curves/hlsp` (ExoFOP's ephemerides),
and the binaries of `light_curves/eclipsing_binaries` (Prsa et al. 2022). Nothing is masked before a search.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.products import LIGHT_CURVE_KINDS, parse_name
from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.search.star import search_star
from app_tess.errors import AppTessError

NOTES = {
    55652896: "one transit of each planet away from gaps, days from where the catalogue predicts it: single transits",
    103098373: "not in Prsa et al. 2022; two eclipses in the sector, so no period",
    350298314: "one eclipse (P = 47.7 d), over 0.06 d before the data end: a single transit",
}


def read_any(path):
    """The light curve of a file of any kind; None where it has none that we read."""
    named = parse_name(path.name)
    kind = named.kind if named else None
    try:
        if kind is not None and kind in LIGHT_CURVE_KINDS:
            return kind.read(path.read_bytes(), path.name)
        return read_light_curve(path, path.name)
    except AppTessError as error:
        print(f"{path.name}: {error}")
        return None


def stars_of(folder):
    """Return (TIC id, kind) -> light curves."""
    found = defaultdict(list)
    for path in sorted(folder.glob("*.fits")):
        curve = read_any(path)
        if curve is not None:
            found[curve.tic_id, curve.origin].append(curve)
    return found


def agreement(signals, ephemeris):
    """Return how a known signal was found: "P", "P/2", "2P", "single", or "missed"."""
    for signal in signals:
        if ephemeris.period_d is None or signal.is_single:
            error = 3 * (ephemeris.error_at(signal.epoch_btjd) or 0.0)
            if abs(float(ephemeris.from_transit(signal.epoch_btjd))) < max(0.15, error) and signal.is_single:
                return "single", signal
            continue
        for name, factor in (("P", 1.0), ("P/2", 0.5), ("2P", 2.0)):
            if abs(signal.period_d / (factor * ephemeris.period_d) - 1) < 0.005:
                return name, signal
    return "missed", None


def rows_of(group, stars, known_of):
    """Yield one row per known signal, or per star without one."""
    for (tic_id, origin), curves in stars.items():
        try:
            result = search_star(curves)
        except AppTessError as error:
            yield {"star": f"TIC {tic_id}", "data": origin, "found": "refused", "note": str(error)}
            continue
        known, matched = known_of(tic_id), set()
        for name, ephemeris in known:
            found, signal = agreement(result.signals, ephemeris)
            matched.add(signal)
            yield {
                "group": group,
                "star": f"TIC {tic_id}",
                "data": f"{origin}, {len(curves)} sector{'s' if len(curves) > 1 else ''}",
                "known": name,
                "known_period_d": ephemeris.period_d,
                "found": found,
                "period_d": signal and signal.period_d,
                "depth_ppm": signal and signal.depth_ppm,
                "snr": signal and signal.snr,
                "sde": signal and signal.sde,
                "note": NOTES.get(tic_id, "") if found in ("missed", "single") else "",
            }
        for signal in result.signals:
            if signal not in matched:
                yield {
                    "group": group,
                    "star": f"TIC {tic_id}",
                    "data": origin,
                    "known": "(none)",
                    "known_period_d": None,
                    "found": "single" if signal.is_single else "extra",
                    "period_d": signal.period_d,
                    "depth_ppm": signal.depth_ppm,
                    "snr": signal.snr,
                    "sde": signal.sde,
                    "note": NOTES.get(tic_id, f"epoch {signal.epoch_btjd:.2f}"),
                }


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    shared = parser.parse_args().shared
    tois = parse_toi_table((shared / "archive/toi.csv").read_bytes(), "toi.csv")
    binaries = pd.read_csv(shared / "catalogues/eclipsing_binaries_prsa2022.csv.gz").dropna(subset=["period_d"])

    def tois_of(tic_id):
        rows = tois[tois.tic_id == tic_id].itertuples()
        return [
            (f"TOI-{r.toi} {r.planet_name if isinstance(r.planet_name, str) else ''}".strip(), _ephemeris(r))
            for r in rows
        ]

    def binaries_of(tic_id):
        rows = binaries[binaries.tic_id == tic_id].itertuples()
        return [("binary", Ephemeris(r.period_d, r.epoch_bjd)) for r in rows]

    groups = {
        "archive": (shared / "archive/files", tois_of),
        "toi_hosts": (shared / "light_curves/toi_hosts", tois_of),
        "hlsp": (shared / "light_curves/hlsp", lambda tic_id: tois_of(tic_id) + binaries_of(tic_id)),
        "binaries": (shared / "light_curves/eclipsing_binaries", binaries_of),
    }
    rows = [row for name, (folder, known_of) in groups.items() for row in rows_of(name, stars_of(folder), known_of)]
    pd.set_option("display.width", 250, "display.max_colwidth", 90, "display.max_rows", 200)
    print(pd.DataFrame(rows).to_string(index=False))


def _ephemeris(row):
    values = [getattr(row, name) for name in ("period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d")]
    return Ephemeris(*(None if value is None or not np.isfinite(value) else float(value) for value in values))


if __name__ == "__main__":
    main()
