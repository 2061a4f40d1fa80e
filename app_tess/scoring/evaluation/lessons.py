"""Two lessons told in figures: what each choice of the model brings, and how columns that leak deceive."""

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.scoring.catalogue_model.features import FAMILIES, FEATURES, build_features
from app_tess.scoring.catalogue_model.frame import planet_labels, settled_rows, training_labels, training_rows
from app_tess.scoring.catalogue_model.members import Member, fit_member, member_logit, random_boosting
from app_tess.scoring.catalogue_model.pipeline import SEED, training_weights
from app_tess.scoring.common.metrics import compute, plain

QUICK = Member("random boosting", random_boosting, 3)
"""The lessons use one member alone: they compare inputs, not models."""

VETTING_COLUMNS = (
    "Master",
    "SG1A",
    "SG1B",
    "SG2",
    "SG3",
    "SG4",
    "SG5",
    "Time Series Observations",
    "Spectroscopy Observations",
    "Imaging Observations",
)
"""ExoFOP's grades by follow-up group and its counts of observations."""

ERROR_COLUMNS = (
    "period_err_d",
    "duration_err_h",
    "planet_radius_err_rearth",
    "stellar_radius_err_rsun",
    "stellar_distance_err_pc",
    "teff_err_k",
    "metallicity_err_dex",
)


def ablations(train, train_name, judged, verdicts):
    """AUC, AP and Brier on later verdicts of one member alone: with all features, without each family, and so on."""
    rows = training_rows(train, train_name)
    weights = training_weights(rows["tfopwg_disposition"])
    everything, later = build_features(rows), build_features(judged)
    results = [_row("all features", everything, later, rows, verdicts, weights)]
    for family in FAMILIES:
        kept = [feature.name for feature in FEATURES if feature.family != family]
        results.append(_row(f"without {family}", everything[kept], later[kept], rows, verdicts, weights))
    settled = planet_labels(rows["tfopwg_disposition"]).notna().to_numpy()
    results.append(
        _row("known planets at full weight", everything, later, rows, verdicts, np.where(settled, 1.0, weights))
    )
    results.append(
        _row("without the ambiguous (APC)", everything[settled], later, rows[settled], verdicts, weights[settled])
    )
    flags, later_flags = (
        everything.isna().astype(float).add_prefix("missing_"),
        later.isna().astype(float).add_prefix("missing_"),
    )
    results.append(
        _row("with flags of missingness", everything.join(flags), later.join(later_flags), rows, verdicts, weights)
    )
    return results


def leak_lesson(train, train_name, judged, verdicts, vetting=None):
    """AUC in cross-validation and on the future, of the physical features and of columns that vetting writes.

    `vetting` holds the raw columns that parsing drops, from `read_vetting`, or is None where there are none.
    """
    settled = settled_rows(train, train_name)
    weights = np.ones(len(settled))
    lessons = []
    for name, inputs in (
        ("physical features", build_features),
        ("columns written by vetting", vetting_columns),
        (
            "physical features and columns written by vetting",
            lambda frame, raw=None: build_features(frame).join(vetting_columns(frame, raw)),
        ),
    ):
        raw = () if inputs is build_features else (vetting,)
        seen, later = inputs(settled, *raw), inputs(judged, *raw)
        lessons.append(
            {
                "inputs": name,
                "columns": seen.shape[1],
                "cross_validation_auc": _cross_validated_auc(seen, settled, weights),
                "future_auc": _row(name, seen, later, settled, verdicts, weights)["auc"],
            }
        )
    return lessons


def read_vetting(path):
    """The raw columns of follow-up that no other part of the package reads, by TOI; empty where the table has none."""
    raw = pd.read_csv(path, dtype=str)
    present = [name for name in VETTING_COLUMNS if name in raw]
    if not present:
        return pd.DataFrame()
    return raw.drop_duplicates("TOI").set_index("TOI")[present].apply(pd.to_numeric, errors="coerce")


def vetting_columns(frame, vetting=None):
    """What follows from vetting, as numbers: follow-up grades and counts, TESS disposition, source, comments, name, errors."""
    disposition = frame["tess_disposition"].fillna("")
    columns = {
        f"tess_disposition_{code}": (disposition == code).astype(float)
        for code in ("PC", "KP", "EB", "IS", "V", "O", "")
    }
    source = frame["source"].fillna("").astype(str).str.lower()
    columns |= {f"source_{name}": source.str.contains(name).astype(float) for name in ("spoc", "qlp", "faint")}
    comments = frame["comments"].fillna("").astype(str)
    columns |= {
        "comment_length": comments.str.len().astype(float),
        "has_name": frame["planet_name"].notna().astype(float),
    }
    columns |= {f"has_{name}": frame[name].notna().astype(float) for name in ERROR_COLUMNS if name in frame}
    columns = pd.DataFrame(columns, index=frame.index)
    if vetting is None or vetting.empty:
        return columns
    return columns.join(vetting.reindex(frame["toi"]).set_axis(frame.index))


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
    return expit(member_logit(models, np.asarray(imputer.transform(later))))


def _labels(rows):
    return training_labels(rows["tfopwg_disposition"]).to_numpy()
