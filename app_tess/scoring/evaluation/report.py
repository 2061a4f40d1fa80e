"""Build the evaluation report: every pair of dated tables, the input studies, ExoMiner, and the track record."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.frame import table_date
from app_tess.scoring.catalogue_model.pipeline import SEED
from app_tess.scoring.evaluation import exominer_comparison, input_studies
from app_tess.scoring.evaluation.date_pairs import Trained, evaluate_pair, evaluated_rows, train_all
from app_tess.scoring.evaluation.replay import replay
from app_tess.scoring.evaluation.report_schema import Evaluation, PairEvaluation, PairSummary, StudyPair
from app_tess.scoring.evaluation.targets import compare_with_targets, pairs_in_detail
from app_tess.scoring.evaluation.track_record_schema import TrackRecord


def build_report(
    snapshots, exominer=None, vetting=None, with_stars=None, seed=SEED, progress=print, members=None, kept=None
) -> tuple[Evaluation, TrackRecord]:
    """Train once on each dated table and compute every figure.

    Parameters
    ----------
    snapshots : list of (str, DataFrame)
        Names and scoring frames, in ascending order of date.
    exominer : DataFrame, optional
        From `exominer_comparison.read_exominer`.
    vetting : dict of str to DataFrame, optional
        Raw follow-up columns by table, from `input_studies.read_vetting`.
    with_stars : list of (str, DataFrame), optional
        The same tables joined with TIC rows of a later date; the pairs in detail are evaluated with them too, for
        comparison.
    kept : KeptFits, optional
        With it, an interrupted report resumes.

    Raises
    ------
    TrainingError
        No table has a later disposition for a TOI that is open in an earlier one.
    """
    trained = {}
    for name, frame in snapshots[:-1]:
        progress(f"training on {name}")
        trained[name] = train_all(frame, name, seed, members=members, kept=kept)
    pairs = _evaluate_pairs(snapshots, trained, seed, progress)
    detailed = pairs_in_detail(pairs)
    studied, ablations, leakage = _study_inputs(detailed[-1], dict(snapshots), vetting or {}, progress)
    pipelines = {name: models.pipeline for name, models in trained.items()}
    evaluation = Evaluation(
        pairs=detailed,
        targets=compare_with_targets(detailed),
        every_pair=[pair.summary() for pair in pairs],
        inputs_studied_on=studied,
        ablations=ablations,
        leakage=leakage,
        with_tic_rows=None
        if with_stars is None
        else _evaluate_with_stars(detailed, dict(with_stars), seed, progress, kept),
        exominer=None if exominer is None else _compare_with_exominer(snapshots, pipelines, exominer),
    )
    return evaluation, replay(snapshots, seed, progress, pipelines)


def _evaluate_pairs(snapshots, trained: dict[str, Trained], seed, progress) -> list[PairEvaluation]:
    pairs = []
    for (train_name, train), (labels_name, labels) in combinations(snapshots, 2):
        progress(f"evaluating {train_name} on {labels_name}")
        try:
            pairs.append(evaluate_pair(train, labels, train_name, labels_name, seed, trained=trained[train_name]))
        except TrainingError as error:
            progress(f"left out: {error}")
    if not pairs:
        raise TrainingError(
            "no TOI is open in one table and dispositioned in a later one; there is nothing to evaluate on"
        )
    return pairs


def _study_inputs(pair: PairEvaluation, frames, vetting, progress):
    train, name = frames[pair.train], pair.train
    evaluated, outcomes, _ = evaluated_rows(train, frames[pair.labels], name, pair.labels)
    progress("input studies: ablations and label leakage")
    return (
        StudyPair(name, pair.labels, table_date(train)),
        input_studies.ablations(train, name, evaluated, outcomes),
        input_studies.label_leakage(train, name, evaluated, outcomes, vetting.get(name)),
    )


def _evaluate_with_stars(pairs: list[PairEvaluation], frames, seed, progress, kept) -> list[PairSummary]:
    """Evaluate the pairs once more, with TIC rows."""
    summaries = []
    for pair in pairs:
        progress(f"evaluating {pair.train} on {pair.labels} with TIC rows")
        again = evaluate_pair(frames[pair.train], frames[pair.labels], pair.train, pair.labels, seed, kept=kept)
        summaries.append(again.summary())
    return summaries


def _compare_with_exominer(snapshots, pipelines, exominer):
    """Compare ExoMiner with the score that each TOI had in the last table before its disposition."""
    rows, outcomes, ours = [], [], []
    for (train_name, train), (labels_name, labels) in pairwise(snapshots):
        try:
            evaluated, known, _ = evaluated_rows(train, labels, train_name, labels_name)
        except TrainingError:  # no TOI was dispositioned between these two
            continue
        rows.append(evaluated)
        outcomes.append(known)
        ours.append(pipelines[train_name].predict_proba(evaluated)[:, 1])
    all_rows = pd.concat(rows)
    last = ~all_rows.duplicated(["toi", "tic_id"], keep="last").to_numpy()  # a disposition withdrawn and given again
    return exominer_comparison.compare(
        all_rows[last], np.concatenate(outcomes)[last], np.concatenate(ours)[last], exominer
    )


def order_snapshots(frames):
    """Sort scoring frames by the newest date inside, in ascending order; the table without dates (2019) comes first.

    Raises
    ------
    TrainingError
        Fewer than two tables.
    """
    if len(frames) < 2:
        raise TrainingError("the report needs TOI tables of at least two dates (*.csv or *.csv.gz)")
    return sorted(frames, key=lambda named: (table_date(named[1]) or "", len(named[1])))
