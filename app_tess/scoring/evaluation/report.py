"""The whole proof in one file: every rolling pair, the lessons and the peers. The model page draws from it."""

import json
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from app_tess.errors import ArtifactError, TrainingError
from app_tess.scoring.catalogue_model.artifact import ARTIFACTS_DIRECTORY
from app_tess.scoring.catalogue_model.pipeline import SEED
from app_tess.scoring.evaluation import lessons, peers
from app_tess.scoring.evaluation.development import TARGETS
from app_tess.scoring.evaluation.evaluate import evaluate_pair, judged_rows, table_date, train_all
from app_tess.scoring.evaluation.replay import replay

EVALUATION_NAME, TRACK_RECORD_NAME = "evaluation.json", "track_record.json"

COMPACT = (
    "train",
    "labels",
    "train_date",
    "labels_date",
    "n_train",
    "n",
    "base_rate",
    "model",
    "baselines",
    "above_baselines",
    "conformal",
)
"""What is kept of a pair that is not told in detail."""


def build_report(snapshots, exominer=None, vetting=None, with_stars=None, seed=SEED, progress=print, members=None):
    """Train once on each dated table and gather every figure.

    Parameters
    ----------
    snapshots : list of (name, DataFrame), oldest first
    exominer : DataFrame or None, from `peers.read_exominer`
    vetting : dict of name -> DataFrame, or None
        Raw columns of follow-up for the leak lesson, from `lessons.read_vetting`.
    with_stars : list of (name, DataFrame), or None
        The same tables joined with TIC rows of a later date: judged once more, for comparison, on the pairs in detail.

    Returns
    -------
    evaluation, track_record : dicts safe for JSON
    """
    trained = {}
    for name, frame in snapshots[:-1]:
        progress(f"training on {name}")
        trained[name] = train_all(frame, name, seed, members=members)
    pairs = []
    for (train_name, train), (labels_name, labels) in combinations(snapshots, 2):
        progress(f"judging {train_name} by {labels_name}")
        try:
            pairs.append(evaluate_pair(train, labels, train_name, labels_name, seed, trained=trained[train_name]))
        except TrainingError as error:
            progress(f"left out: {error}")
    if not pairs:
        raise TrainingError("no table settles a TOI that is open in an older one; there is nothing to judge by")
    told = pairs_in_detail(pairs)
    evaluation = {
        "pairs": told,
        "aimed_at": held_to_targets(told),
        "every_pair": [{key: pair[key] for key in COMPACT} for pair in pairs],
    }
    frames = dict(snapshots)
    evaluation |= _lessons(told[-1], frames, vetting or {}, progress)
    pipelines = {name: learned.pipeline for name, learned in trained.items()}
    if with_stars is not None:
        evaluation["with_tic_rows"] = _judged_with_stars(told, dict(with_stars), seed, progress)
    if exominer is not None:
        evaluation["exominer"] = _side_by_side(snapshots, pipelines, exominer)
    return evaluation, replay(snapshots, seed, progress, pipelines)


def pairs_in_detail(pairs):
    """The pairs that the project set itself figures for; where none is among them, the one with the most judged TOIs."""
    aimed = [pair for pair in pairs if (pair["train"], pair["labels"]) in TARGETS]
    return aimed or [max(pairs, key=lambda pair: pair["n"])]


def held_to_targets(pairs):
    """A row for each figure that the project set itself: what was wanted, what was got, and whether that is enough."""
    rows = []
    for pair in pairs:
        for metric, wanted in TARGETS.get((pair["train"], pair["labels"]), {}).items():
            got = pair["model"][metric]
            reached = got["value"] <= wanted if metric in ("brier", "ece") else got["value"] >= wanted
            rows.append(
                {
                    "train": pair["train"],
                    "labels": pair["labels"],
                    "train_date": pair["train_date"],
                    "labels_date": pair["labels_date"],
                    "figure": metric,
                    "wanted": wanted,
                    "got": got,
                    "reached": reached,
                }
            )
    return rows


def _lessons(pair, frames, vetting, progress):
    train, name = frames[pair["train"]], pair["train"]
    judged, verdicts, _ = judged_rows(train, frames[pair["labels"]], name, pair["labels"])
    progress("lessons: ablations and leaks")
    return {
        "lessons_on": {"train": name, "labels": pair["labels"], "date": table_date(train)},
        "ablations": lessons.ablations(train, name, judged, verdicts),
        "leak_lesson": lessons.leak_lesson(train, name, judged, verdicts, vetting.get(name)),
    }


def _judged_with_stars(pairs, frames, seed, progress):
    """The pairs in detail, compact, once more with TIC rows."""
    again = []
    for pair in pairs:
        progress(f"judging {pair['train']} by {pair['labels']} with TIC rows")
        result = evaluate_pair(frames[pair["train"]], frames[pair["labels"]], pair["train"], pair["labels"], seed)
        again.append({key: result[key] for key in COMPACT})
    return again


def _side_by_side(snapshots, pipelines, exominer):
    """ExoMiner against the score that each TOI had in the last table before its verdict."""
    rows, verdicts, ours = [], [], []
    for (train_name, train), (labels_name, labels) in pairwise(snapshots):
        try:
            judged, known, _ = judged_rows(train, labels, train_name, labels_name)
        except TrainingError:  # nothing was settled between these two
            continue
        rows.append(judged)
        verdicts.append(known)
        ours.append(pipelines[train_name].predict_proba(judged)[:, 1])
    rows, verdicts, ours = pd.concat(rows), np.concatenate(verdicts), np.concatenate(ours)
    last = ~rows.duplicated(
        ["toi", "tic_id"], keep="last"
    ).to_numpy()  # a verdict taken back and given again counts once
    return peers.compare(rows[last], verdicts[last], ours[last], exominer)


def write_json(path, content):
    """Write strict JSON (no NaN), readable in a diff."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_evaluation(directory=ARTIFACTS_DIRECTORY):
    """The evaluation file of the shipped model, for the page /model."""
    return _read(Path(directory) / EVALUATION_NAME, "report")


def read_track_record(directory=ARTIFACTS_DIRECTORY):
    """The replayed history of the shipped model, for the page /track-record."""
    return _read(Path(directory) / TRACK_RECORD_NAME, "track-record")


def _read(path, command):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: is missing or not JSON; `flask --app app_tess {command}` writes it") from error


def order_snapshots(frames):
    """Scoring frames by the newest date inside; the table without dates (2019) first.

    Raises
    ------
    TrainingError
        Fewer than two tables.
    """
    if len(frames) < 2:
        raise TrainingError("the report needs TOI tables of at least two dates (*.csv or *.csv.gz)")
    return sorted(frames, key=lambda named: (table_date(named[1]) or "", len(named[1])))
