"""What a star's other signals and its neighbors' add to the classes of single stars, on stars never trained on.

    python -m benchmarks.signals_in_context --shared ../shared

The views of Rao et al. 2021 and the events of Yu et al. 2019, one view per signal as in a vetting (that with the
highest SNR); each star is scored by the members that have not seen it, and labels are the joined ones. Neighbors are
what a database would hold: the TOIs, and the catalogued binaries of Prsa et al. 2022 with a position in the table of
stars, within 3 arcmin. Compared are the two forms of the calibration on the signals to which the second one applies,
with intervals from resampling stars; then each signal with a deeper neighbor is listed.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from app_tess.archives.exofop import parse_toi_table
from app_tess.astro.constants import HOURS_PER_DAY, PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.sky import separation_deg
from app_tess.errors import AppTessError
from app_tess.scoring.common.metrics import star_resamples
from app_tess.scoring.light_curve_model.classify import classify
from app_tess.scoring.light_curve_model.objects import dispositions_of
from app_tess.scoring.light_curve_model.views_file import CLASSES, SCALAR_NAMES
from app_tess.storage.known_signals import RADIUS_ARCSEC
from app_tess.tasks.star_context import ClassifiedSignal, classify_together
from app_tess.tasks.star_input import ListedNeighbor, StarInput
from benchmarks.instrument_transfer import read_files, select

RESAMPLES = 1000


def catalogued_signals(shared):
    """Return the TOIs and binaries with a position, as a DataFrame of ListedNeighbor's fields and a position."""
    with gzip.open(shared / "toi_snapshots/toi_2025-10-19.csv.gz") as file:
        tois = parse_toi_table(file.read(), "toi.csv")
    tois = tois.assign(kind="TOI", name="TOI-" + tois["toi"].astype(str))
    binaries = pd.read_csv(shared / "catalogues/eclipsing_binaries_prsa2022.csv.gz").dropna(subset=["period_d"])
    stars = pd.read_csv(shared / "catalogues/tic_values_rao2021.csv.gz").drop_duplicates("TIC_ID").set_index("TIC_ID")
    binaries = binaries.assign(
        kind="eclipsing binary",
        name="TIC " + binaries["tic_id"].astype(str),
        epoch_btjd=binaries["epoch_bjd"],
        duration_h=binaries["width_primary_phase"] * binaries["period_d"] * HOURS_PER_DAY,
        depth_ppm=binaries["depth_primary"] * PPM,
        ra_deg=binaries["tic_id"].map(stars["RA"]),
        dec_deg=binaries["tic_id"].map(stars["DEC"]),
    )
    return pd.concat([tois, binaries], ignore_index=True).dropna(subset=["ra_deg", "dec_deg"])


def unit_vectors(ra_deg, dec_deg):
    """Return positions as unit vectors, shape (N, 3)."""
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def find_neighbors(stars, known):
    """Return TIC id -> its ListedNeighbor, the nearest first, of those stars that have some.

    Parameters
    ----------
    stars : dict
        TIC id -> position [deg].
    known : DataFrame
        From `catalogued_signals`.
    """
    tic_ids, places = np.array(list(stars)), np.array(list(stars.values()), dtype=float)
    tree = cKDTree(unit_vectors(known["ra_deg"], known["dec_deg"]))
    near = tree.query_ball_point(unit_vectors(*places.T), 2 * np.sin(np.radians(RADIUS_ARCSEC / 3600) / 2))
    names, found = list(ListedNeighbor.__dataclass_fields__), {}
    for tic_id, place, rows in zip(tic_ids, places, near, strict=True):
        others = known.iloc[rows][known["tic_id"].iloc[rows] != tic_id] if rows else known[:0]
        if len(others):
            away = 3600 * separation_deg(others["ra_deg"].to_numpy(), others["dec_deg"].to_numpy(), *place)
            table = others.assign(separation_arcsec=away).sort_values("separation_arcsec").reindex(columns=names)
            rows_found = table.astype(object).where(table.notna(), None).to_dict("records")
            found[int(tic_id)] = tuple(ListedNeighbor(**row) for row in rows_found)
    return found


def one_view_each(views, objects):
    """Return the rows of the view with the highest SNR of each signal."""
    order = np.lexsort((-np.nan_to_num(views.scalar("snr")), objects.number))
    return np.sort(order[np.concatenate([[True], np.diff(objects.number[order]) > 0])])


def classified(views, row):
    """Return a signal as a vetting hands it on; None where its ephemeris is none."""
    scalars = dict(zip(SCALAR_NAMES, views.scalars[row], strict=True))
    scalars = {name: None if np.isnan(value) else float(value) for name, value in scalars.items()}
    shapes = {"global_view": views.global_view[row], "local_view": views.local_view[row]}
    if np.isfinite(views.secondary_or_nan[row]).all():
        shapes["secondary_view"] = views.secondary_or_nan[row]
    try:
        duration_h = HOURS_PER_DAY * scalars["duration_d"] if scalars["duration_d"] else None
        ephemeris = Ephemeris(scalars["period_d"], float(views.epoch_btjd[row]), duration_h)
        judgement = classify(shapes, scalars, int(views.star_id[row]), explain=False)
    except AppTessError:
        return None
    return ClassifiedSignal(
        f"signal at {ephemeris.period_d:.4f} d", ephemeris, {"judgement": judgement, "scalars": scalars}
    )


def in_context(views, neighbors):
    """Yield (row, judgement) of each signal that the second form applies to."""
    order = np.argsort(views.star_id, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(views.star_id[order])) + 1):
        tic_id = int(views.star_id[rows[0]])
        beside = neighbors.get(tic_id, ())
        if len(rows) < 2 and not beside:
            continue
        found = [(row, signal) for row in rows if (signal := classified(views, row)) is not None]
        classify_together(StarInput(tic_id, None, None, None, (), (), None, beside), [signal for _, signal in found])
        for row, signal in found:
            if signal.report["judgement"]["context"]:
                yield row, signal.report["judgement"]


def losses(table, column):
    """Return minus the logarithm of the probability of the true class."""
    return -np.log([max(p[c], 1e-6) for p, c in zip(table[column], table["truth"], strict=True)])


def report(name, table):
    """Print n, log loss and accuracy of both forms, and the difference of the log losses with its interval."""
    known = table[table["truth"] != ""]
    if known.empty:
        return
    before, after = losses(known, "alone"), losses(known, "together")
    right = [
        np.mean([max(p, key=p.get) == c for p, c in zip(known[n], known["truth"], strict=True)])
        for n in ("alone", "together")
    ]
    counts = np.concatenate(list(star_resamples(known["tic_id"].to_numpy(), RESAMPLES, 0)))
    low, high = np.percentile(counts @ (after - before) / counts.sum(axis=1), [2.5, 97.5])
    print(
        f"| {name} | {len(known)} | {before.mean():.3f} | {after.mean():.3f} | {(after - before).mean():+.3f}"
        f" ({low:+.3f} to {high:+.3f}) | {right[0]:.3f} | {right[1]:.3f} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True)
    shared = parser.parse_args().shared
    files, tables = read_files(shared, with_secondary=True)
    known = catalogued_signals(shared)
    stars = pd.read_csv(shared / "catalogues/tic_values_rao2021.csv.gz").drop_duplicates("TIC_ID")
    rao = dict(zip(stars["TIC_ID"], stars[["RA", "DEC"]].to_numpy(), strict=True))
    print("| signals | n | log loss alone | together | difference | accuracy alone | together |")
    print("|---|---|---|---|---|---|---|")
    named = []
    for source, (views, objects) in files.items():
        rows = one_view_each(views, objects)
        part, labels = select(views, rows, len(views)), select(objects, rows, len(views))
        own = {} if part.position_deg is None else dict(zip(part.star_id.tolist(), part.position_deg, strict=True))
        positions = {tic_id: place for tic_id, place in (rao | own).items() if np.isfinite(place).all()}
        truth = np.where(labels.possible.sum(axis=1) == 1, np.array(CLASSES)[labels.possible.argmax(axis=1)], "")
        disposition = dispositions_of(part.star_id, part.scalar("period_d"), tables[0])
        table = pd.DataFrame(
            {
                "tic_id": int(part.star_id[row]),
                "period_d": part.scalar("period_d")[row],
                "truth": truth[row],
                "disposition": disposition[row],
                "alone": judgement["context"]["alone"],
                "together": judgement["probabilities"],
                "others": bool(judgement["context"]["other_signals"]),
                "neighbors": judgement["context"]["deeper_neighbors"],
            }
            for row, judgement in in_context(part, find_neighbors(positions, known))
        )
        deeper = table["neighbors"].map(bool)
        report(f"{source}: with other signals on the star", table[table["others"]])
        report(f"{source}: with a deeper neighbor", table[deeper])
        named += table[deeper].to_dict("records")
    for one in named:
        neighbor = one["neighbors"][0]
        changes = ", ".join(f"{c} {one['alone'][c]:.2f} -> {one['together'][c]:.2f}" for c in ("PC", "EB"))
        print(
            f"TIC {one['tic_id']} {one['period_d']:.4f} d, truth {one['truth'] or '-'} {one['disposition']}: {changes};"
            f" {neighbor['name']} {neighbor['separation_arcsec']:.0f} arcsec, {neighbor['depth_ratio']:.1f} x"
        )


if __name__ == "__main__":
    main()
