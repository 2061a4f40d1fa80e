"""Train the light-curve network on one TESS instrument's views alone, and test it on the other's.

    OMP_NUM_THREADS=1 nice -n 10 .venv/bin/python -m benchmarks.instrument_transfer --shared ../shared --work FOLDER

Yu et al. 2019 are events in full-frame images, Rao et al. 2021 in 2-minute data; 3,000 stars are in both. The network
of Yu's events is trained without these stars and tested on all of Rao's views, since Rao's views of junk have a label
on these stars only; that of Rao's is trained on all and tested on Yu's events of the other stars. Both have the shipped
plan, with --members members (each trained on four fifths of its file's stars), no Kepler views, and only inputs that
both files have, so no secondary view. Labels are the joined ones, and events without one are left out. Beside each
stands the shipped network, trained on both, on the same events, each star by the member that has not seen it, with the
same inputs. Scores are those before calibration, of events alone. Intervals are from resampling stars.

An interrupted run resumes in --work, which keeps the members.
"""

import argparse
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from scipy.special import softmax

from app_tess.astro.dispositions import CANDIDATES, PLANETS
from app_tess.cli.light_curves import read_label_tables, read_training_files
from app_tess.scoring.light_curve_model.class_figures import one_against_rest
from app_tess.scoring.light_curve_model.export import join_members
from app_tess.scoring.light_curve_model.folds import FOLDS
from app_tess.scoring.light_curve_model.held_out import raw_probabilities
from app_tess.scoring.light_curve_model.inputs import network_inputs
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.network_manifest import TrainingPlan
from app_tess.scoring.light_curve_model.network_training import join_views, train_member
from app_tess.scoring.light_curve_model.objects import Objects, catalogued, dispositions_of, join_objects
from app_tess.scoring.light_curve_model.trained_network import BATCH, load_network
from app_tess.scoring.light_curve_model.trees import fit_trees
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


def train(views, objects, work, plan, members):
    """Return the graphs of some members trained on one file of views; those that are there already are read."""
    from onnxruntime import InferenceSession

    data = join_views([views], objects)
    found = []
    for fold in range(FOLDS)[-members:]:
        network = train_member(data, fold, 0, plan, work / f"fold{fold}", print)
        graph = work / f"fold{fold}" / "with_trees.onnx"
        if not graph.exists():
            graph.write_bytes(join_members([(network, fit_trees(data, fold))]))
        found.append(InferenceSession(graph.read_bytes(), providers=["CPUExecutionProvider"]))
    return found


def score(graphs, views):
    """Return the mean probabilities (N, 6) of some members, of which only the classes count."""
    total = 0.0
    for start in range(0, len(views), BATCH):
        inputs = network_inputs(*(values[start : start + BATCH] for values in views.inputs))
        each = [softmax(graph.run(None, inputs)[0][0].astype(float)[:, PC:], axis=-1) for graph in graphs]
        mean = np.mean(each, axis=0)
        total = mean if start == 0 else np.concatenate([total, mean])
    return np.column_stack([np.zeros(len(views)), total])


def figures(probability, views, objects: Objects, tables):
    """Return the figures of each question that the joined labels allow."""
    stars = views.star_id
    truth = np.array(CLASSES)[objects.possible.argmax(axis=1)]
    disposition = dispositions_of(stars, views.scalar("period_d"), tables[0])
    planet = np.isin(disposition, PLANETS)
    binary = catalogued(stars, views.scalar("period_d"), tables[1]) & ~planet & ~np.isin(disposition, CANDIDATES)
    every, pc, eb = np.ones(len(views), bool), probability[:, PC], probability[:, EB]
    questions = {
        "PC against the rest": (every, truth == "PC", pc),
        "EB against the rest": (every, truth == "EB", eb),
        "PC and EB against junk": (every, np.isin(truth, ["PC", "EB"]), pc + eb),
        "planets against binaries": (planet | binary, planet, pc / (pc + eb)),
    }
    return {
        name: one_against_rest(is_one[rows], value[rows], stars[rows])
        for name, (rows, is_one, value) in questions.items()
    }


def print_rows(test, trained_on, found):
    """Print one line of a Markdown table per question."""
    for name, one in found.items():
        auc, ap = (f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in (one.auc, one.ap))
        print(f"| {test} | {name} | {trained_on} | {one.n:,} | {one.base_rate:.1%} | {auc} | {ap} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the members")
    parser.add_argument("--epochs", type=int, default=TrainingPlan.epochs)
    parser.add_argument("--members", type=int, default=FOLDS, help="of each network, at most one per fold")
    options = parser.parse_args()
    files, tables = read_files(options.shared)
    parts = {}
    for name, source, other in (("Yu", YU, RAO), ("Rao", RAO, None)):
        views, objects = files[source]
        rows = objects.possible.sum(axis=1) == 1
        if other is not None:
            rows &= ~np.isin(views.star_id, files[other][0].star_id)
        parts[name] = (select(views, rows, len(views)), select(objects, rows, len(views)))
    plan = TrainingPlan(epochs=options.epochs)
    graphs = {name: train(*part, options.work / name, plan, options.members) for name, part in parts.items()}
    print("| test | question | trained on | n | base rate | AUC | AP |\n|---|---|---|---|---|---|---|")
    for test, trained_on in (("Rao", "Yu"), ("Yu", "Rao")):
        views, objects = parts[test]
        print_rows(test, trained_on, figures(score(graphs[trained_on], views), views, objects, tables))
        print_rows(test, "both (shipped)", figures(raw_probabilities(load_network(), views), views, objects, tables))


if __name__ == "__main__":
    main()
