"""Train the light-curve network on one TESS instrument's views alone, and test it on the other's.

    OMP_NUM_THREADS=1 nice -n 10 .venv/bin/python -m benchmarks.instrument_transfer --shared ../shared --work FOLDER

Yu et al. 2019 are events in full-frame images, Rao et al. 2021 in 2-minute data; 3,000 stars are in both. The network
of Yu's events is trained without these stars and tested on all of Rao's views, since Rao's views of junk have a label
on these stars only; that of Rao's is trained on all and tested on Yu's events of the other stars. Both have the shipped
plan (one member per fold), no Kepler views, and only inputs that both files have, so no secondary view. Labels are the
joined ones. Beside each stands the shipped network, trained on both, on the same events, each star by the member that
has not seen it, with the same inputs. Events are scored alone. Intervals are from resampling stars.

An interrupted run resumes in --work, which keeps both networks.
"""

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from app_tess.astro.dispositions import CANDIDATES, PLANETS
from app_tess.cli.light_curves import read_label_tables, read_training_files
from app_tess.scoring.light_curve_model.class_figures import one_against_rest
from app_tess.scoring.light_curve_model.held_out import score_file
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_file import write_network
from app_tess.scoring.light_curve_model.network_manifest import MANIFEST_NAME, TrainingPlan
from app_tess.scoring.light_curve_model.network_training import join_views, train_ensemble
from app_tess.scoring.light_curve_model.objects import Objects, catalogued, dispositions_of, join_objects
from app_tess.scoring.light_curve_model.trained_network import LightCurveNetwork, load_network
from app_tess.scoring.light_curve_model.views_file import CLASSES

YU, RAO = "tess_yu2019_views.npz", "tess_rao2021_views.npz"
PC, EB = HEADS.index("PC"), HEADS.index("EB")


def select(record, rows, n):
    """Return a ViewsFile or Objects with some of its N rows."""
    arrays = {field.name: getattr(record, field.name) for field in fields(record)}
    return replace(record, **{k: v[rows] for k, v in arrays.items() if isinstance(v, np.ndarray) and len(v) == n})


def read_files(shared, with_secondary=False):
    """Return file name -> (views, their labels), and the tables of dispositions and binaries."""
    folder = shared / "views"
    given = read_training_files(
        folder, folder / "tess_yu2019_events.csv.gz", shared / "catalogues/tic_values_rao2021.csv.gz"
    )
    files = [file if with_secondary else replace(file, secondary_view=None) for file in given if file.mission == "tess"]
    tables = read_label_tables(
        shared / "toi_snapshots/toi_2025-10-19.csv.gz", shared / "catalogues/eclipsing_binaries_prsa2022.csv.gz"
    )
    objects, at, found = join_objects(files, *tables), 0, {}
    for file in files:
        own = select(objects, slice(at, at + len(file)), len(objects.number))
        found[file.source] = (file, own)
        at += len(file)
    return found, tables


def train(views, objects, work, plan):
    """Return the network trained on one file of views; one that is there already is opened."""
    if not (work / MANIFEST_NAME).exists():
        members = train_ensemble([views], join_views([views], objects), plan, work / "unfinished", print)
        write_network(work, members, [views], objects, plan, [])
    return LightCurveNetwork(work)


def figures(network, views, objects: Objects, tables):
    """Return the figures of each question that the joined labels allow."""
    alone, _ = score_file(network, views)
    possible, stars = objects.possible, views.star_id
    known = possible.sum(axis=1) == 1
    truth = np.array(CLASSES)[possible.argmax(axis=1)]
    disposition = dispositions_of(stars, views.scalar("period_d"), tables[0])
    planet = np.isin(disposition, PLANETS)
    binary = catalogued(stars, views.scalar("period_d"), tables[1]) & ~planet & ~np.isin(disposition, CANDIDATES)
    questions = {
        "PC against the rest": (known, truth == "PC", alone[:, PC]),
        "EB against the rest": (known, truth == "EB", alone[:, EB]),
        "PC and EB against junk": (known, np.isin(truth, ["PC", "EB"]), alone[:, PC] + alone[:, EB]),
        "planets against binaries": (planet | binary, planet, alone[:, PC] / (alone[:, PC] + alone[:, EB])),
    }
    return {
        name: one_against_rest(is_one[rows], score[rows], stars[rows])
        for name, (rows, is_one, score) in questions.items()
    }


def print_rows(test, trained_on, found):
    """Print one line of a Markdown table per question."""
    for name, one in found.items():
        auc, ap = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (one.auc, one.ap))
        print(f"| {test} | {name} | {trained_on} | {one.n:,} | {one.base_rate:.1%} | {auc} | {ap} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the two networks")
    parser.add_argument("--epochs", type=int, default=TrainingPlan.epochs)
    options = parser.parse_args()
    files, tables = read_files(options.shared)
    (yu, yu_labels), (rao, rao_labels) = files[YU], files[RAO]
    alone = ~np.isin(yu.star_id, rao.star_id)
    yu, yu_labels = select(yu, alone, len(yu)), select(yu_labels, alone, len(alone))
    plan = TrainingPlan(epochs=options.epochs)
    print(json.dumps({"Yu, trained and tested": len(yu), "Rao, trained and tested": len(rao)}), flush=True)
    by_yu = train(yu, yu_labels, options.work / "yu", plan)
    by_rao = train(rao, rao_labels, options.work / "rao", plan)
    print("| test | question | trained on | n | base rate | AUC | AP |\n|---|---|---|---|---|---|---|")
    for test, views, objects in (("Rao", rao, rao_labels), ("Yu", yu, yu_labels)):
        for trained_on, network in (("Yu", by_yu), ("Rao", by_rao), ("both (shipped)", load_network())):
            print_rows(test, trained_on, figures(network, views, objects, tables))


if __name__ == "__main__":
    main()
