"""Measure what light curves and centroids add to the catalogue score, on dispositions given later.

    python -m benchmarks.join_gain --shared ../shared [--draws 2000]

The catalogue scores are those frozen in the track record: the model trained on the table of a date, applied to the TOIs
open then; each TOI counts once, with the score of the last date before its disposition. Light curves: views of Rao et
al. 2021 of the TOI, scored by members of the network that were not trained on its star. (The network has seen
dispositions of other stars up to 2025-10, also later ones.) Centroids: the median distance over a star's sectors of the
difference image from the star, of fits of good quality. A combined score is a logistic regression on log-odds and log
distance, fitted without the fold of stars that it is evaluated on, and averaged over REPEATS splits; the catalogue
score alone is refitted in the same way. Intervals: resamples of stars, the same for both.
"""

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.astro.observing.giants import GIANT_REARTH
from app_tess.scoring.common.metrics import star_resamples
from app_tess.scoring.light_curve_model.event_context import log_odds
from app_tess.scoring.light_curve_model.held_out import score_file
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import read_views

TRACK_RECORD = Path("app_tess/scoring/catalogue_model/artifacts/track_record.json")
REPEATS = 10
"""Random splits into folds that a combined score is averaged over: a single split is too noisy."""

LEAST_FIT_QUALITY = 0.8
"""Of a centroid: correlation of the difference image with the pixel response."""

METRICS = ("auc", "ap", "brier")


def frozen_scores():
    """Return one row for each TOI with a later disposition: toi, tic_id, catalogue [log-odds], planet."""
    record = json.loads(TRACK_RECORD.read_text(encoding="utf-8"))
    dated = sorted(record["dates"], key=lambda date: date["date"] or "")
    rows = pd.concat(pd.DataFrame(date["scores"]) for date in dated if date["date"])
    rows = rows.drop_duplicates("toi", keep="last").reset_index(drop=True)
    return rows.assign(catalogue=log_odds(rows["probability"].to_numpy(float)))


def radii(shared):
    """Return TOI -> radius [R_Earth]."""
    from app_tess.archives.exofop import parse_toi_table

    tois = parse_toi_table((shared / "archive/toi.csv").read_bytes(), "toi.csv")
    return tois.set_index("toi")["planet_radius_rearth"]


def light_curve_odds(shared):
    """Return TOI -> log-odds of PC, and of PC against EB, mean over its events."""
    path = shared / "views/tess_rao2021_views.npz"
    toi = np.load(path)["toi"].astype(str)
    views, rows = read_views(path), toi != ""
    arrays = {field.name: getattr(views, field.name) for field in fields(views)}
    part = replace(views, **{k: v[rows] for k, v in arrays.items() if isinstance(v, np.ndarray)})
    alone, _ = score_file(load_network(), part)
    pc, eb = alone[:, HEADS.index("PC")], alone[:, HEADS.index("EB")]
    table = pd.DataFrame({"toi": toi[rows], "pc": log_odds(pc), "pc_or_eb": log_odds(pc / (pc + eb))})
    return table.groupby("toi").mean()


def centroids(shared):
    """Return TIC id -> log10 of the median distance [arcsec]."""
    table = pd.read_csv(shared / "catalogues/mit_centroid_distances.csv.gz")
    good = table[table["prf_fit_quality"] > LEAST_FIT_QUALITY]
    return np.log10(good.groupby("tic_id")["centroid_distance_arcsec"].median().clip(0.1, 60))


def cross_fit(features, answers, stars):
    """Return the probability fitted without the star, averaged over REPEATS splits."""
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    total = np.zeros(len(answers))
    for repeat in range(REPEATS):
        for seen, rest in StratifiedGroupKFold(5, shuffle=True, random_state=repeat).split(scaled, answers, stars):
            step = LogisticRegression(C=1.0, max_iter=1000).fit(scaled[seen], answers[seen])
            total[rest] += step.predict_proba(scaled[rest])[:, 1]
    return total / REPEATS


def figures(answers, probability, counts):
    """Return AUC, AP and Brier score of each resample, shape (draws, 3).

    Parameters
    ----------
    answers, probability : ndarray, shape (N,)
    counts : ndarray, shape (draws, N)
        How often each TOI is drawn.
    """
    order = np.argsort(-probability, kind="stable")
    truth, weight = answers[order], counts[:, order].astype(float)
    positive, negative = weight * truth, weight * (1 - truth)
    above = np.cumsum(positive, axis=1)
    total = positive.sum(axis=1)
    with np.errstate(invalid="ignore"):  # a resample without a false positive has no AUC
        auc = (negative * above).sum(axis=1) / (total * negative.sum(axis=1))
    ap = (positive * above / np.maximum(np.cumsum(weight, axis=1), 1)).sum(axis=1) / total
    brier = (counts * (probability - answers) ** 2).sum(axis=1) / counts.sum(axis=1)
    return np.column_stack([auc, ap, brier])


def compare(answers, stars, scores, draws):
    """Return of each score its figures and gain over the first one, each with a 95 % interval over stars."""
    resamples, once = list(star_resamples(stars, draws, 0)), np.ones((1, len(answers)))
    drawn = {k: np.concatenate([figures(answers, v, counts) for counts in resamples]) for k, v in scores.items()}
    whole = {k: figures(answers, v, once)[0] for k, v in scores.items()}
    first, result = next(iter(scores)), {}
    for name in scores:
        spread = np.nanpercentile(drawn[name], [2.5, 97.5], axis=0)
        gain = np.nanpercentile(drawn[name] - drawn[first], [2.5, 97.5], axis=0)
        rows = zip(METRICS, whole[name], *spread, whole[name] - whole[first], *gain, strict=True)
        keys = ("value", "low", "high", "gain", "gain_low", "gain_high")
        result[name] = {
            metric: dict(zip(keys, (round(float(v), 4) for v in row), strict=True)) for metric, *row in rows
        }
    return result


def study(rows, evidence, draws):
    """Compare the catalogue score with its combination with each set of columns, on the rows that have them all."""
    rows = rows.dropna(subset=sorted({name for names in evidence.values() for name in names}))
    answers, stars = rows["planet"].to_numpy(int), rows["tic_id"].to_numpy()
    scores = {
        name: cross_fit(rows[["catalogue", *columns]].to_numpy(float), answers, stars)
        for name, columns in {"catalogue": [], **evidence}.items()
    }
    alone = {name: roc_auc_score(answers, rows[columns[0]]) for name, columns in evidence.items() if len(columns) == 1}
    return {
        "tois": len(rows),
        "planets": int(answers.sum()),
        "scores": compare(answers, stars, scores, draws),
        "auc_alone": {name: round(max(auc, 1 - auc), 4) for name, auc in alone.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=2000, help="resamples of the stars")
    options = parser.parse_args()
    rows = frozen_scores().join(light_curve_odds(options.shared), on="toi")
    rows["distance"] = rows["tic_id"].map(centroids(options.shared))
    rows["radius"] = rows["toi"].map(radii(options.shared))
    light_curve = {"with light curve": ["pc"], "with light curve and PC against EB": ["pc", "pc_or_eb"]}
    centroid = {"with centroid": ["distance"]}
    giants = rows[rows["radius"].between(*GIANT_REARTH)]
    for name, part in (("all", rows), ("giants", giants)):
        for kind, evidence in (("light curve", light_curve), ("centroid", centroid)):
            print(f"{name}, {kind}: {json.dumps(study(part, evidence, options.draws))}", flush=True)


if __name__ == "__main__":
    main()
