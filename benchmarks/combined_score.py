"""Measure what the light-curve network adds to the catalogue score, on dispositioned TOIs with real views.

    python -m benchmarks.combined_score --shared ../shared

Both scores are held out by star: the catalogue pipeline is trained on the other four fifths of the dispositioned TOIs,
the members of the network were not trained on the star, and the combined score (a logistic regression on both log-odds)
is fitted without the fold that it is evaluated on. The views are those of Yu et al. 2019; TOIs match an event by TIC id
and period. Intervals: 2,000 resamples of the stars, the same for both.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.tic_rows import read_tic_csv
from app_tess.scoring.catalogue_model.frame import dispositioned_rows, join_stars, planet_labels
from app_tess.scoring.catalogue_model.members import MEMBERS
from app_tess.scoring.catalogue_model.pipeline import fit_pipeline
from app_tess.scoring.light_curve_model.event_context import log_odds
from app_tess.scoring.light_curve_model.held_out import score_file
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import read_views

PERIOD_TOLERANCE = 0.005
REPEATS = 20
"""Random splits into folds that the combined score is averaged over: with 160 TOIs a single split is too noisy."""


def held_out_catalogue(dispositioned, members):
    """Return the catalogue probability of each dispositioned TOI from a pipeline trained without its star."""
    labels = planet_labels(dispositioned["tfopwg_disposition"]).to_numpy()
    held_out = np.full(len(dispositioned), np.nan)
    for seen, rest in StratifiedGroupKFold(5, shuffle=True, random_state=1).split(
        dispositioned, labels, dispositioned["tic_id"]
    ):
        held_out[rest] = fit_pipeline(dispositioned.iloc[seen], members=members).predict_proba(
            dispositioned.iloc[rest]
        )[:, 1]
    return held_out


def match(dispositioned, views, scores):
    """Return positions in `dispositioned`, and the mean held-out log-odds of PC, and of PC or EB, for each TOI."""
    pc, eb = HEADS.index("PC"), HEADS.index("EB")
    scores = np.column_stack([scores[:, pc], scores[:, pc] + scores[:, eb]])
    rows, odds = [], []
    for position, (tic_id, period) in enumerate(zip(dispositioned["tic_id"], dispositioned["period_d"], strict=True)):
        same = (views.star_id == tic_id) & (np.abs(views.scalars[:, 0] / period - 1) < PERIOD_TOLERANCE)
        if same.any():
            rows.append(position)
            odds.append(log_odds(scores[same]).mean(axis=0))
    return np.array(rows), np.array(odds)


def held_out_combination(features, answers, stars):
    """Return the combined probability, fitted without the star and averaged over REPEATS splits."""
    total = np.zeros(len(answers))
    for repeat in range(REPEATS):
        for seen, rest in StratifiedGroupKFold(5, shuffle=True, random_state=repeat).split(features, answers, stars):
            step = LogisticRegression(C=0.3, max_iter=1000).fit(features[seen], answers[seen])
            total[rest] += step.predict_proba(features[rest])[:, 1]
    return total / REPEATS


def figures(answers, probability):
    """Return AUC, AP and log loss [nat]."""
    clipped = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.array(
        [roc_auc_score(answers, clipped), average_precision_score(answers, clipped), log_loss(answers, clipped)]
    )


def compare(answers, stars, scores, draws=2000):
    """Return the figures of each score and its gain over "catalogue", with 95 % intervals from resampling stars."""
    rng, names = np.random.default_rng(0), list(scores)
    star = np.unique(stars, return_inverse=True)[1]
    drawn = []
    while len(drawn) < draws:
        rows = np.concatenate([np.flatnonzero(star == s) for s in rng.integers(0, star.max() + 1, star.max() + 1)])
        if 0 < answers[rows].mean() < 1:
            drawn.append([figures(answers[rows], scores[name][rows]) for name in names])
    drawn = np.array(drawn)
    result = {}
    for i, name in enumerate(names):
        value, gain = (
            figures(answers, scores[name]),
            figures(answers, scores[name]) - figures(answers, scores["catalogue"]),
        )
        spread, spread_gain = (
            np.percentile(d, [2.5, 97.5], axis=0)
            for d in (drawn[:, i], drawn[:, i] - drawn[:, names.index("catalogue")])
        )
        result[name] = {
            metric: {
                "value": value[k],
                "low": spread[0, k],
                "high": spread[1, k],
                "gain": gain[k],
                "gain_low": spread_gain[0, k],
                "gain_high": spread_gain[1, k],
            }
            for k, metric in enumerate(("auc", "ap", "log_loss"))
        }
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument(
        "--members", default="boosting,random boosting,extra trees", help="members of the catalogue ensemble"
    )
    options = parser.parse_args()
    tois = parse_toi_table((options.shared / "archive/toi.csv").read_bytes(), "toi.csv")
    dispositioned = dispositioned_rows(join_stars(tois, read_tic_csv(options.shared / "archive/tic.csv")), "toi.csv")
    views = read_views(options.shared / "views/tess_yu2019_views.npz")
    alone, _ = score_file(load_network(), views)
    rows, odds = match(dispositioned, views, alone)
    catalogue = held_out_catalogue(dispositioned, [m for m in MEMBERS if m.name in options.members.split(",")])[rows]
    answers = planet_labels(dispositioned["tfopwg_disposition"]).to_numpy()[rows].astype(int)
    stars = dispositioned["tic_id"].to_numpy()[rows]
    own = log_odds(catalogue)[:, None]
    result = compare(
        answers,
        stars,
        {
            "catalogue": catalogue,
            "catalogue, recalibrated here": held_out_combination(own, answers, stars),
            "network": held_out_combination(odds[:, :1], answers, stars),
            "combined": held_out_combination(np.column_stack([own, odds[:, :1]]), answers, stars),
            "combined with both heads": held_out_combination(np.column_stack([own, odds]), answers, stars),
        },
    )
    print(json.dumps({"tois": len(rows), "planets": int(answers.sum()), "scores": result}, indent=1))


if __name__ == "__main__":
    main()
