"""The proof: train on the catalogue of one date, judge by the verdicts given after it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.astro.dispositions import AMBIGUOUS
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.frame import (
    planet_labels,
    refuse_infinities,
    settled_rows,
    training_rows,
)
from app_tess.scoring.catalogue_model.pipeline import CORRECTED, SEED, fit_pipeline
from app_tess.scoring.common.metrics import curve_counts, measure, plain
from app_tess.scoring.evaluation.baselines import BASELINES, baseline_probabilities, fit_baselines

RADIUS_SLICES = (
    (0, 2, "below 2 R_Earth"),
    (2, 4, "2-4 R_Earth"),
    (4, 9, "4-9 R_Earth"),
    (9, 16, "9-16 R_Earth (giants)"),
    (16, np.inf, "above 16 R_Earth"),
)
SMALLEST_SLICE = 10
"""A slice of fewer TOIs gets its count only."""

RELIABILITY_BINS = 10

HEADLINES = ("auc", "ap", "brier")
"""The figures in which the model is held against the baselines."""


@dataclass(frozen=True)
class Trained:
    """What learned from one dated table: the model and the baselines."""

    pipeline: object
    baselines: dict


def train_all(train, train_name, seed=SEED, progress=None, members=None):
    """Train the model and the baselines on a scoring frame.

    Raises
    ------
    TrainingError
        Too few settled TOIs, or infinite values; names the file and the column.
    """
    settled = settled_rows(train, train_name)
    refuse_infinities(train, train_name)
    return Trained(
        fit_pipeline(training_rows(train, train_name), seed, members, progress),
        fit_baselines(settled, progress=progress),
    )


def evaluate_pair(train, labels, train_name, labels_name, seed=SEED, progress=None, trained=None):
    """Train on the first table, judge its open TOIs by the verdicts in `labels`.

    Parameters
    ----------
    train, labels : DataFrame
        Scoring frames of two dates; the judged TOIs' features come from the first alone.
    trained : Trained or None
        What has learned from `train` already.

    Returns
    -------
    dict
        n, base_rate, model, baselines, above_baselines, slices and more, safe for JSON.

    Raises
    ------
    TrainingError
        Too few settled TOIs, infinite values, or a labels file that is not later; names the file and the column.
    """
    judged, verdicts, dispositions = judged_rows(train, labels, train_name, labels_name)
    settled = settled_rows(train, train_name)
    trained = trained or train_all(train, train_name, seed, progress)
    probability = trained.pipeline.predict_proba(judged)[:, 1]
    stars = judged["tic_id"].to_numpy()
    model = measure(verdicts, probability, stars)
    baselines = {
        name: measure(verdicts, values, stars)
        for name, values in baseline_probabilities(trained.baselines, judged).items()
    }
    result = {
        "train": train_name,
        "labels": labels_name,
        "train_date": table_date(train),
        "labels_date": table_date(labels),
        "n_train": len(settled),
        "train_base_rate": plain(planet_labels(settled["tfopwg_disposition"]).mean()),
        "n_ambiguous": int((train["tfopwg_disposition"] == AMBIGUOUS).sum()),
        "n": len(judged),
        "base_rate": plain(verdicts.mean()),
        "seed": seed,
        "model": model,
        "baselines": baselines,
        "above_baselines": above_baselines(model, baselines),
        "slices": slices(judged, verdicts, probability),
    }
    return result | describe(trained.pipeline, judged, verdicts, dispositions, probability)


def above_baselines(model, baselines):
    """Whether the model's value beats every baseline's, for each of HEADLINES; None where it has no meaning."""
    answers = {}
    for metric in HEADLINES:
        ours = model[metric]["value"]
        theirs = [figures[metric]["value"] for figures in baselines.values() if figures[metric]["value"] is not None]
        better = ours is not None and (ours < min(theirs) if metric == "brier" else ours > max(theirs))
        answers[metric] = better if ours is not None else None
    return answers


def describe(pipeline, judged, verdicts, dispositions, probability):
    """What the model page draws besides the metrics."""
    model = pipeline.named_steps["model"]
    return {
        "reliability": reliability(verdicts, probability),
        "curves": curves(verdicts, probability),
        "conformal": conformal_coverage(verdicts, probability, model.explainer_.thresholds),
        "weights": {name: plain(value) for name, value in model.weights_.items()},
        "slopes": dict(zip(CORRECTED, (plain(value) for value in model.slopes_))),
        "member_losses": model.member_losses_,
        "scores": [
            {"toi": str(toi), "tic_id": int(star), "probability": plain(p), "verdict": str(verdict)}
            for toi, star, p, verdict in zip(judged["toi"], judged["tic_id"], probability, dispositions)
        ],
    }


def judged_rows(train, labels, train_name, labels_name):
    """TOIs open in `train` and settled in `labels` (same TOI, same star), with their verdicts and dispositions."""
    refuse_wrong_order(train, labels, train_name, labels_name)
    later = labels.assign(verdict=planet_labels(labels["tfopwg_disposition"]))
    later = later[later["verdict"].notna()].set_index(["toi", "tic_id"])
    is_open = planet_labels(train["tfopwg_disposition"]).isna()
    keys = list(zip(train["toi"], train["tic_id"]))
    chosen = is_open.to_numpy() & np.array([key in later.index for key in keys], dtype=bool)
    if not chosen.any():
        raise TrainingError(
            f"{labels_name}: column 'TFOPWG Disposition' settles no TOI that is open in {train_name}; "
            "there is nothing to judge by"
        )
    rows = later.loc[[key for key, kept in zip(keys, chosen) if kept]]
    return train[chosen], rows["verdict"].to_numpy(), rows["tfopwg_disposition"].to_numpy()


def table_date(frame):
    """The newest date inside a TOI table as "YYYY-MM-DD", or None (the seed's table has no dates)."""
    dates = [
        str(value)[:10]
        for column in ("alerted_on", "updated_on", "modified_at")
        if column in frame
        for value in frame[column].dropna()
    ]
    return max(dates) if dates else None


def refuse_wrong_order(train, labels, train_name, labels_name):
    """Raise TrainingError unless the labels table is later; a table without dates is the oldest (2019)."""
    first, second = table_date(train), table_date(labels)
    same = first == second and len(train) >= len(labels)
    if (first or "") > (second or "") or same:
        raise TrainingError(
            f"{labels_name}: columns 'Date TOI Alerted', 'Date TOI Updated' and 'Date Modified' end on {second or 'no date'}, "
            f"{train_name} on {first or 'no date'}; the labels file must be later than the training file"
        )


def slices(judged, verdicts, probability):
    """The figures by radius and by the disposition that each TOI had on the training date."""
    radius = judged["planet_radius_rearth"].to_numpy(dtype=float)
    parts = {
        "radius": {name: (radius >= low) & (radius < high) for low, high, name in RADIUS_SLICES},
        "disposition": {
            name: (judged["tfopwg_disposition"].fillna("blank") == name).to_numpy() for name in ("PC", "APC", "blank")
        },
    }
    parts["radius"]["no radius listed"] = np.isnan(radius)
    return {
        kind: {name: _slice(judged, verdicts, probability, rows) for name, rows in named.items()}
        for kind, named in parts.items()
    }


def _slice(judged, verdicts, probability, rows):
    count = int(rows.sum())
    figures = {"n": count, "base_rate": plain(verdicts[rows].mean()) if count else None}
    if count >= SMALLEST_SLICE:
        figures |= measure(verdicts[rows], probability[rows], judged["tic_id"].to_numpy()[rows])
    return figures


def reliability(verdicts, probability):
    """Bins of equal width: mean probability, share of planets and count of each."""
    number = np.minimum((probability * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    return [
        {
            "from": index / RELIABILITY_BINS,
            "to": (index + 1) / RELIABILITY_BINS,
            "n": int((number == index).sum()),
            "mean_probability": plain(probability[number == index].mean()),
            "share_of_planets": plain(verdicts[number == index].mean()),
        }
        for index in range(RELIABILITY_BINS)
        if (number == index).any()
    ]


def curves(verdicts, probability):
    """Points of the ROC and the precision-recall curve, from the strictest threshold to the loosest."""
    planets, others = curve_counts(verdicts, probability, np.ones((1, len(verdicts))))
    found, wrong = planets[0].cumsum(), others[0].cumsum()
    n_planets, n_others = max(found[-1], 1), max(wrong[-1], 1)
    return {
        "false_positive_rate": [plain(value) for value in wrong / n_others],
        "recall": [plain(value) for value in found / n_planets],
        "precision": [plain(value) for value in found / (found + wrong)],
    }


def conformal_coverage(verdicts, probability, thresholds):
    """How often the conformal set held the true verdict, and how often it decided."""
    sets = [calibrate.conformal_set(p, thresholds) for p in probability]
    truth = np.where(verdicts == 1, calibrate.PLANET, calibrate.OTHER)
    held = np.array([name in names for name, names in zip(truth, sets)])
    decided = np.array([len(names) == 1 for names in sets])
    return {
        "promised": 1 - thresholds["error"],
        "planet_from": plain(thresholds["planet_from"]),
        "other_up_to": plain(thresholds["other_up_to"]),
        "coverage": plain(held.mean()),
        "coverage_of_planets": plain(held[verdicts == 1].mean()) if (verdicts == 1).any() else None,
        "coverage_of_others": plain(held[verdicts == 0].mean()) if (verdicts == 0).any() else None,
        "uncertain_share": plain(1 - decided.mean()),
        "accuracy_when_decided": plain(held[decided].mean()) if decided.any() else None,
    }


def cross_validate(train, train_name, seed=SEED, folds=5, progress=None):
    """Star-grouped cross-validation on the settled TOIs: the same figures, which flatter (see the model card)."""
    settled = settled_rows(train, train_name)
    refuse_infinities(train, train_name)
    doubted = train[train["tfopwg_disposition"] == AMBIGUOUS]
    verdicts = planet_labels(settled["tfopwg_disposition"]).to_numpy()
    stars = settled["tic_id"].to_numpy()
    answers = {name: np.full(len(settled), np.nan) for name in ("model", *BASELINES)}
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    for number, (seen, held_out) in enumerate(splitter.split(settled, verdicts, stars), 1):
        if progress is not None:
            progress(f"cross-validation: fold {number} of {folds}")
        rows, judged = settled.iloc[seen], settled.iloc[held_out]
        taught = pd.concat([rows, doubted[~doubted["tic_id"].isin(judged["tic_id"])]])
        answers["model"][held_out] = fit_pipeline(taught, seed).predict_proba(judged)[:, 1]
        for name, values in baseline_probabilities(fit_baselines(rows), judged).items():
            answers[name][held_out] = values
    without = (settled["tfopwg_disposition"] != "KP").to_numpy()
    figures = {name: measure(verdicts, values, stars) for name, values in answers.items()}
    return {
        "n": len(settled),
        "base_rate": plain(verdicts.mean()),
        "folds": folds,
        "model": figures.pop("model"),
        "baselines": figures,
        "model_without_known_planets": measure(verdicts[without], answers["model"][without], stars[without]),
    }
