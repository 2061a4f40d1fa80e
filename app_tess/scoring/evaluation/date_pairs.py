"""Train on the catalogue of one date and evaluate on the dispositions in a later one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.astro.dispositions import AMBIGUOUS
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.frame import (
    dispositioned_rows,
    planet_labels,
    refuse_infinities,
    table_date,
    training_rows,
)
from app_tess.scoring.catalogue_model.pipeline import CORRECTED, SEED, fit_pipeline
from app_tess.scoring.common.metrics import Figures, measure, plain
from app_tess.scoring.evaluation import pair_figures
from app_tess.scoring.evaluation.baselines import baseline_probabilities, fit_baselines
from app_tess.scoring.evaluation.report_schema import (
    COMPARED,
    LaterDisposition,
    MemberLosses,
    PairEvaluation,
    find_best_baseline,
    is_better,
)


@dataclass(frozen=True)
class Trained:
    """The model and the baselines, trained on one dated table."""

    pipeline: Any
    baselines: dict[str, Any]


def train_all(train, train_name, seed=SEED, progress=None, members=None, kept=None) -> Trained:
    """Train the model and the baselines on a scoring frame.

    Raises
    ------
    TrainingError
        Too few dispositioned TOIs, or infinite values; the message names the file and the column.
    """
    dispositioned = dispositioned_rows(train, train_name)
    refuse_infinities(train, train_name)
    return Trained(
        fit_pipeline(training_rows(train, train_name), seed, members, progress, kept),
        fit_baselines(dispositioned, progress=progress),
    )


def evaluate_pair(
    train, labels, train_name, labels_name, seed=SEED, progress=None, trained=None, kept=None
) -> PairEvaluation:
    """Train on the first table and evaluate its open TOIs on the dispositions in `labels`.

    Parameters
    ----------
    train, labels : DataFrame
        Scoring frames of two dates; the features of the evaluated TOIs come from the first alone.
    train_name, labels_name : str
        Names of the tables, for the report and for messages.
    trained : Trained, optional
        What has been trained on `train` already.
    kept : KeptFits, optional
        With it, an interrupted training resumes.

    Raises
    ------
    TrainingError
        Too few dispositioned TOIs, infinite values, or a labels table that is not later; the message names the file and
        the column.
    """
    evaluated, outcomes, dispositions = evaluated_rows(train, labels, train_name, labels_name)
    dispositioned = dispositioned_rows(train, train_name)
    trained = trained or train_all(train, train_name, seed, progress, kept=kept)
    probability = trained.pipeline.predict_proba(evaluated)[:, 1]
    stars = evaluated["tic_id"].to_numpy()
    model = measure(outcomes, probability, stars)
    baselines = {
        name: measure(outcomes, values, stars)
        for name, values in baseline_probabilities(trained.baselines, evaluated).items()
    }
    ensemble = trained.pipeline.named_steps["model"]
    return PairEvaluation(
        train=train_name,
        labels=labels_name,
        train_date=table_date(train),
        labels_date=table_date(labels),
        n_train=len(dispositioned),
        n=len(evaluated),
        base_rate=plain(outcomes.mean()),
        model=model,
        baselines=baselines,
        above_baselines=above_baselines(model, baselines),
        conformal=pair_figures.conformal_coverage(outcomes, probability, ensemble.explainer_.thresholds),
        train_base_rate=plain(planet_labels(dispositioned["tfopwg_disposition"]).mean()),
        n_ambiguous=int((train["tfopwg_disposition"] == AMBIGUOUS).sum()),
        seed=seed,
        slices=pair_figures.slices(evaluated, outcomes, probability),
        reliability=pair_figures.reliability(outcomes, probability),
        curves=pair_figures.curves(outcomes, probability),
        weights={name: plain(value) for name, value in ensemble.weights_.items()},
        slopes=dict(zip(CORRECTED, (plain(value) for value in ensemble.slopes_), strict=True)),
        member_losses=MemberLosses(**ensemble.member_losses_),
        scores=[
            LaterDisposition(str(toi), int(star), plain(p), str(disposition))
            for toi, star, p, disposition in zip(evaluated["toi"], stars, probability, dispositions, strict=True)
        ],
    )


def above_baselines(model: Figures, baselines: dict[str, Figures]) -> dict[str, bool | None]:
    """Return whether the model is better than every baseline, by each metric in COMPARED; None if undefined."""
    answers: dict[str, bool | None] = {}
    for metric in COMPARED:
        ours, best = getattr(model, metric).value, find_best_baseline(baselines, metric)
        answers[metric] = None if ours is None else best is None or is_better(metric, ours, best.value)
    return answers


def evaluated_rows(train, labels, train_name, labels_name):
    """Select the TOIs that are open in `train` and dispositioned in `labels`: the same TOI on the same star.

    Returns
    -------
    evaluated : DataFrame
        Their N rows in `train`.
    outcomes : ndarray of float, shape (N,)
        1 for planets, 0 for others.
    dispositions : ndarray of str, shape (N,)

    Raises
    ------
    TrainingError
        The labels table is not later, or there is no such TOI.
    """
    refuse_wrong_order(train, labels, train_name, labels_name)
    later = labels.assign(outcome=planet_labels(labels["tfopwg_disposition"]))
    later = later[later["outcome"].notna()].set_index(["toi", "tic_id"])
    is_open = planet_labels(train["tfopwg_disposition"]).isna()
    keys = list(zip(train["toi"], train["tic_id"], strict=True))
    chosen = is_open.to_numpy() & np.array([key in later.index for key in keys], dtype=bool)
    if not chosen.any():
        raise TrainingError(
            f"{labels_name}: column 'TFOPWG Disposition' has no final disposition for a TOI that is open in "
            f"{train_name}; there is nothing to evaluate on"
        )
    rows = later.loc[[key for key, kept in zip(keys, chosen, strict=True) if kept]]
    return train[chosen], rows["outcome"].to_numpy(), rows["tfopwg_disposition"].to_numpy()


def refuse_wrong_order(train, labels, train_name, labels_name):
    """Raise TrainingError unless the labels table is later; a table without dates is the oldest (2019)."""
    first, second = table_date(train), table_date(labels)
    same = first == second and len(train) >= len(labels)
    if (first or "") > (second or "") or same:
        raise TrainingError(
            f"{labels_name}: columns 'Date TOI Alerted', 'Date TOI Updated' and 'Date Modified' end on "
            f"{second or 'no date'}, those of {train_name} on {first or 'no date'}; the labels file must be later than "
            "the training file"
        )
