"""The figures that the project set itself as targets, and what was achieved."""

from app_tess.scoring.evaluation.report_schema import PairEvaluation, TargetResult, is_better

TARGETS = {
    ("toi_2022-06-06.csv.gz", "toi_2023-07-16.csv.gz"): {"auc": 0.95, "ap": 0.935, "brier": 0.095, "ece": 0.05},
    ("toi_2023-07-16.csv.gz", "toi_2025-04-06.csv.gz"): {"auc": 0.92, "ap": 0.89, "brier": 0.115, "ece": 0.05},
    ("toi_2025-04-06.csv.gz", "toi_2025-10-19.csv.gz"): {"auc": 0.96, "brier": 0.08},
}
"""Targets by training and labels table; those of the last pair were set for dispositions that are not here."""


def pairs_in_detail(pairs: list[PairEvaluation]) -> list[PairEvaluation]:
    """Return the pairs that have targets; if there are none, the pair with the most evaluated TOIs."""
    with_targets = [pair for pair in pairs if (pair.train, pair.labels) in TARGETS]
    return with_targets or [max(pairs, key=lambda pair: pair.n)]


def compare_with_targets(pairs: list[PairEvaluation]) -> list[TargetResult]:
    """Return the result for each target of the pairs."""
    return [
        TargetResult(
            train=pair.train,
            labels=pair.labels,
            train_date=pair.train_date,
            labels_date=pair.labels_date,
            metric=metric,
            target=target,
            achieved=getattr(pair.model, metric),
            met=_is_met(metric, getattr(pair.model, metric).value, target),
        )
        for pair in pairs
        for metric, target in TARGETS.get((pair.train, pair.labels), {}).items()
    ]


def _is_met(metric: str, value: float | None, target: float) -> bool:
    return value is not None and not is_better(metric, target, value)
