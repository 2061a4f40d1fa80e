"""Two lessons told in figures: what each choice of the model brings, and how columns that leak deceive."""
import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.scoring.calibrate import sigmoid
from app_tess.scoring.features import FAMILIES, FEATURES, build_features
from app_tess.scoring.frame import planet_labels, settled_rows
from app_tess.scoring.members import Member, fit_member, member_logit, random_boosting
from app_tess.scoring.metrics import compute, plain
from app_tess.scoring.pipeline import SEED, training_weights

QUICK = Member("random boosting", random_boosting, 3)
"""The lessons use one member alone: they compare inputs, not models."""

ERROR_COLUMNS = ("period_err_d", "duration_err_h", "planet_radius_err_rearth", "stellar_radius_err_rsun",
                 "stellar_distance_err_pc", "teff_err_k", "metallicity_err_dex")


def ablations(settled, judged, verdicts):
    """Brier, AUC and AP on later verdicts of one member alone: with all features, without each family, and so on."""
    weights = training_weights(settled["tfopwg_disposition"], _labels(settled))
    everything, later = build_features(settled), build_features(judged)
    results = [_row("all features", everything, later, settled, verdicts, weights)]
    for family in FAMILIES:
        kept = [feature.name for feature in FEATURES if feature.family != family]
        results.append(_row(f"without {family}", everything[kept], later[kept], settled, verdicts, weights))
    results.append(_row("known planets at full weight", everything, later, settled, verdicts, np.ones(len(settled))))
    flags, later_flags = everything.isna().astype(float).add_prefix("missing_"), later.isna().astype(float).add_prefix("missing_")
    results.append(_row("with flags of missingness", everything.join(flags), later.join(later_flags), settled, verdicts, weights))
    return results


def leak_lesson(train, train_name, judged, verdicts):
    """AUC in cross-validation and on the future, of the physical features and of columns that vetting writes."""
    settled = settled_rows(train, train_name)
    weights = np.ones(len(settled))
    lessons = []
    for name, inputs in (("physical features", build_features), ("columns written by vetting", vetting_columns),
                         ("physical features and columns written by vetting",
                          lambda frame: build_features(frame).join(vetting_columns(frame)))):
        seen, later = inputs(settled), inputs(judged)
        lessons.append({"inputs": name, "cross_validation_auc": _cross_validated_auc(seen, settled, weights),
                        "future_auc": _row(name, seen, later, settled, verdicts, weights)["auc"]})
    return lessons


def vetting_columns(frame):
    """What INTERFACES.md forbids, as numbers: TESS disposition, source, comments, name, presence of errors."""
    disposition = frame["tess_disposition"].fillna("")
    columns = {f"tess_disposition_{code}": (disposition == code).astype(float) for code in ("PC", "KP", "EB", "IS", "V", "O", "")}
    source = frame["source"].fillna("").astype(str).str.lower()
    columns |= {f"source_{name}": source.str.contains(name).astype(float) for name in ("spoc", "qlp", "faint")}
    comments = frame["comments"].fillna("").astype(str)
    columns |= {"comment_length": comments.str.len().astype(float), "has_name": frame["planet_name"].notna().astype(float)}
    columns |= {f"has_{name}": frame[name].notna().astype(float) for name in ERROR_COLUMNS if name in frame}
    return pd.DataFrame(columns, index=frame.index)


def _row(name, seen, later, settled, verdicts, weights):
    probability = _fit_and_judge(seen, _labels(settled), weights, later)
    figures = compute(verdicts, probability, np.ones((1, len(verdicts))))
    return {"name": name} | {metric: plain(figures[metric][0]) for metric in ("auc", "ap", "brier")}


def _cross_validated_auc(seen, settled, weights):
    labels, answers = _labels(settled), np.full(len(settled), np.nan)
    for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=SEED).split(seen, labels, settled["tic_id"]):
        answers[test] = _fit_and_judge(seen.iloc[train], labels[train], weights[train], seen.iloc[test])
    return plain(compute(labels, answers, np.ones((1, len(labels))))["auc"][0])


def _fit_and_judge(seen, labels, weights, later):
    imputer = SimpleImputer(strategy="median", keep_empty_features=True).fit(seen)
    models = fit_member(QUICK, np.asarray(imputer.transform(seen)), labels.astype(int), weights, SEED)
    return sigmoid(member_logit(models, np.asarray(imputer.transform(later))))


def _labels(settled):
    return planet_labels(settled["tfopwg_disposition"]).to_numpy()
