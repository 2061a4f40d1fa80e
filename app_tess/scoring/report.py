"""The whole proof in one file: every rolling pair, the lessons and the peers. The model page draws from it."""
import json
from pathlib import Path

from app_tess.errors import ArtifactError, TrainingError
from app_tess.scoring import lessons, peers
from app_tess.scoring.artifact import ARTIFACTS_DIRECTORY
from app_tess.scoring.evaluate import evaluate_pair, judged_rows, table_date
from app_tess.scoring.frame import settled_rows
from app_tess.scoring.pipeline import SEED, fit_pipeline
from app_tess.scoring.track_record import replay

EVALUATION_NAME, TRACK_RECORD_NAME = "evaluation.json", "track_record.json"

LONG_PAIRS = ((0, 3), (1, 3), (4, 7))
"""Pairs beside the consecutive ones, by position among the eight tables: longer waits, and the second reach pair."""


def build_report(snapshots, exominer=None, seed=SEED, progress=print, pipelines=None):
    """Train once on each dated table and gather every figure.

    Parameters
    ----------
    snapshots : list of (name, DataFrame), oldest first
    exominer : DataFrame or None, from `peers.read_exominer`
    pipelines : dict of name -> pipeline already trained on that table, or None

    Returns
    -------
    evaluation, track_record : dicts safe for JSON
    """
    pipelines = dict(pipelines or {})
    for name, frame in snapshots[:-1]:
        if name not in pipelines:
            progress(f"training on {name}")
            pipelines[name] = fit_pipeline(settled_rows(frame, name), seed)
    pairs, chosen = [], None
    for first, second in rolling_pairs(len(snapshots)):
        (train_name, train), (labels_name, labels) = snapshots[first], snapshots[second]
        progress(f"judging {train_name} by {labels_name}")
        pairs.append(evaluate_pair(train, labels, train_name, labels_name, seed, progress, pipelines[train_name]))
        if (first, second) == LONG_PAIRS[-1] or chosen is None:
            chosen = (first, second)
    evaluation = {"pairs": pairs} | _lessons_and_peers(snapshots, chosen, pipelines, exominer, progress)
    return evaluation, replay(snapshots, seed, progress, pipelines)


def rolling_pairs(count):
    """Positions (train, labels) of the pairs to judge among `count` tables."""
    consecutive = [(number, number + 1) for number in range(count - 1)]
    return sorted(set(consecutive) | {pair for pair in LONG_PAIRS if pair[1] < count})


def _lessons_and_peers(snapshots, chosen, pipelines, exominer, progress):
    (train_name, train), (labels_name, labels) = snapshots[chosen[0]], snapshots[chosen[1]]
    judged, verdicts, _ = judged_rows(train, labels, train_name, labels_name)
    progress("lessons: ablations and leaks")
    result = {"lessons_on": {"train": train_name, "labels": labels_name, "date": table_date(train)},
              "ablations": lessons.ablations(settled_rows(train, train_name), judged, verdicts),
              "leak_lesson": lessons.leak_lesson(train, train_name, judged, verdicts)}
    if exominer is not None:
        ours = pipelines[train_name].predict_proba(judged)[:, 1]
        result["exominer"] = peers.compare(judged, verdicts, ours, exominer)
    return result


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
