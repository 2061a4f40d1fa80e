"""The one test of the catalogue score on dispositions that the project has never had."""

from dataclasses import dataclass

from app_tess.scoring.common.metrics import Figure


@dataclass(frozen=True)
class ExternalTest:
    """A test by somebody else, on rows that are not in this repository: no command here can repeat it."""

    trained_until: str
    months: int
    """Length of the period from which the dispositions come."""
    n: int
    auc: Figure
    ap: Figure
    brier: Figure
    baseline_auc: dict[str, float]
    """AUC of other classifiers on the same TOIs."""
    by: str


EXTERNAL_TEST = ExternalTest(
    trained_until="2025-04-06",
    months=15,
    n=340,
    auc=Figure(0.955, 0.930, 0.973),
    ap=Figure(0.983, None, None),
    brier=Figure(0.085, None, None),
    baseline_auc={"gradient boosting on raw columns": 0.899, "the seed's network": 0.867},
    by="an outside reviewer of the project, 2026, on dispositions withheld from development",
)
"""Of the model that was trained on the table of 2025-04-06. The reviewer gave no base rate, and no interval for AP and
Brier score."""
