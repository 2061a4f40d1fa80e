"""Made-up reports, in the layout that training and evaluation write."""

from dataclasses import replace

import numpy as np

from app_tess.scoring.catalogue_model.pipeline_manifest import (
    ConformalThresholds,
    MemberRecord,
    OutOfFoldFigures,
    PipelineManifest,
    TrainingData,
    TrainingRecord,
)
from app_tess.scoring.common.metrics import METRICS, Figure, Figures, measure
from app_tess.scoring.common.provenance import SourceFile
from app_tess.scoring.evaluation.report_schema import (
    Ablation,
    ConformalCoverage,
    Curves,
    Evaluation,
    ExominerComparison,
    LaterDisposition,
    LeakageResult,
    MemberLosses,
    PairEvaluation,
    ReliabilityBin,
    StudyPair,
    SubsetFigures,
)
from app_tess.scoring.evaluation.track_record_schema import (
    FrozenDate,
    PredictionCounts,
    ReplayedScore,
    TrackRecord,
    YearFigures,
)

FIGURE = Figure(0.9, 0.85, 0.95)
UNDEFINED = Figure(None, None, None)


def made_up_figures(**changes):
    """Figures that are all 0.9, but for the changes."""
    return Figures(**(dict.fromkeys(METRICS, FIGURE) | changes))


def made_up_pair(train_date="2022-06-06", labels_date="2023-07-16", n=60, **changes):
    """A pair in detail, measured on made-up scores."""
    generator = np.random.default_rng(n)
    labels = generator.integers(0, 2, n)
    scores = np.clip(labels * 0.4 + generator.uniform(0, 0.6, n), 0, 1)
    figures = measure(labels, scores, np.arange(n), resamples=20)
    pair = PairEvaluation(
        train="a.csv",
        labels="b.csv",
        train_date=train_date,
        labels_date=labels_date,
        n_train=500,
        n=n,
        base_rate=float(labels.mean()),
        model=figures,
        baselines={"majority": made_up_figures(auc=UNDEFINED), "seed_network": figures},
        above_baselines={"auc": True, "ap": True, "brier": True},
        conformal=ConformalCoverage(0.9, 0.3, 0.7, 0.92, 0.91, 0.93, 0.15, 0.9),
        train_base_rate=0.45,
        n_ambiguous=40,
        seed=1,
        slices={
            "radius": {
                "below 2 R_Earth": SubsetFigures(10, 0.5, **vars(figures)),
                "2-4 R_Earth": SubsetFigures(3, None),
            }
        },
        reliability=[ReliabilityBin(0.0, 0.5, 30, 0.3, 0.1), ReliabilityBin(0.5, 1.0, 30, 0.7, 0.9)],
        curves=Curves([0.0, 0.2, 1.0], [0.5, 0.9, 1.0], [1.0, 0.8, 0.5]),
        weights={"boosting": 1.0},
        slopes={"log_distance": -0.2},
        member_losses=MemberLosses(0.3, 0.31, {"boosting": 0.3}, {}),
        scores=[LaterDisposition("101.01", 1, 0.9, "CP")],
    )
    return replace(pair, **changes)


def made_up_evaluation(pairs=None, **changes):
    """An evaluation report of made-up pairs."""
    pairs = [made_up_pair()] if pairs is None else pairs
    evaluation = Evaluation(
        pairs=pairs,
        targets=[],
        every_pair=[pair.summary() for pair in pairs],
        inputs_studied_on=StudyPair("a.csv", "b.csv", "2022-06-06"),
        ablations=[Ablation("all features", 0.903, 0.885, 0.124)],
        leakage=[LeakageResult("columns written by vetting", 29, 0.997, 0.796)],
        exominer=ExominerComparison(200, 90, 0.4, made_up_figures(), made_up_figures(), made_up_figures()),
    )
    return replace(evaluation, **changes)


def made_up_date(scores, **changes):
    """One date of a track record."""
    date = FrozenDate(
        name="toi_2022",
        date="2022-06-06",
        open=3000,
        dispositioned=len(scores),
        dispositioned_by="toi_2025",
        figures=SubsetFigures(900, 0.4, **vars(made_up_figures(auc=Figure(0.95, 0.92, 0.97)))),
        predictions=PredictionCounts(300, 12, 500, 88),
        scores=scores,
    )
    return replace(date, **changes)


def made_up_track_record(dates=None):
    """A replayed track record with figures for one year."""
    if dates is None:
        dates = [made_up_date([ReplayedScore("4000.01", 7, 0.95, "FP", False, "2023")])]
    figures = made_up_figures(auc=Figure(0.95, 0.92, 0.97))
    return TrackRecord("toi_2025", "2025-04-06", dates, [YearFigures(90, 0.4, **vars(figures), year="2023")])


def made_up_training_record(feature_names):
    """What a training records beside the pipeline."""
    return TrainingRecord(
        name="catalogue ensemble",
        seed=1,
        feature_names=list(feature_names),
        training_data=TrainingData(
            [SourceFile("toi.csv", "ab" * 32, 7525)], "2025-04-05", 7525, 2280, 444, 0.4561, {"CP": 492}
        ),
        known_planet_weight=0.1,
        ambiguous_weight=0.5,
        members={"Keras network": MemberRecord(0.1587, 0.3355, None)},
        corrections={"log_distance": -0.14},
        intercept=0.3,
        ensemble_log_loss=0.2931,
        ensemble_log_loss_uncorrected=0.2934,
        metrics=OutOfFoldFigures(**vars(made_up_figures()), protocol="out-of-fold predictions"),
        conformal=ConformalThresholds(0.36, 0.68, 0.1),
    )


def made_up_manifest(feature_names=("tmag", "log_depth")):
    """The manifest of a pipeline file."""
    record = made_up_training_record(feature_names)
    return PipelineManifest(
        **vars(record), sha256="0123456789abcdef" * 4, bytes=100, training_tois_sha256="", versions={}
    )
