"""Study the inputs: what each family of features contributes, and how columns that leak the label mislead."""

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.scoring.catalogue_model.feature_list import FAMILIES, FEATURES
from app_tess.scoring.catalogue_model.features import build_features
from app_tess.scoring.catalogue_model.frame import dispositioned_rows, planet_labels, training_labels, training_rows
from app_tess.scoring.catalogue_model.members import Member, fit_member, member_logit, random_boosting
from app_tess.scoring.catalogue_model.pipeline import SEED, training_weights
from app_tess.scoring.common.metrics import compute, plain
from app_tess.scoring.evaluation.report_schema import COMPARED, Ablation, LeakageResult

QUICK = Member("random boosting", random_boosting, 3)
"""The studies use one member alone: they compare inputs, not models."""

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
"""ExoFOP's follow-up grades by subgroup, and its counts of observations."""

ERROR_COLUMNS = (
    "period_err_d",
    "duration_err_h",
    "planet_radius_err_rearth",
    "stellar_radius_err_rsun",
    "stellar_distance_err_pc",
    "teff_err_k",
    "metallicity_err_dex",
)


def ablations(train, train_name, evaluated, outcomes) -> list[Ablation]:
    """Measure one member on later dispositions: with all features, without each family, and with other weights.

    Parameters
    ----------
    train : DataFrame
        Scoring frame to train on, of the file `train_name`.
    evaluated : DataFrame
        N rows to evaluate.
    outcomes : ndarray, shape (N,)
        1 for planets, 0 for others.
    """
    rows = training_rows(train, train_name)
    weights = training_weights(rows["tfopwg_disposition"])
    everything, later = build_features(rows), build_features(evaluated)
    known = planet_labels(rows["tfopwg_disposition"]).notna().to_numpy()
    flags, later_flags = (frame.isna().astype(float).add_prefix("missing_") for frame in (everything, later))
    kept = {family: [feature.name for feature in FEATURES if feature.family != family] for family in FAMILIES}
    variants = [
        ("all features", everything, later, rows, weights),
        *((f"without {family}", everything[names], later[names], rows, weights) for family, names in kept.items()),
        ("known planets at full weight", everything, later, rows, np.where(known, 1.0, weights)),
        ("without ambiguous candidates (APC)", everything[known], later, rows[known], weights[known]),
        ("with flags for missing values", everything.join(flags), later.join(later_flags), rows, weights),
    ]
    results = []
    for name, seen, unseen, trained_on, weight in variants:
        figures = _figures(seen, unseen, trained_on, outcomes, weight)
        results.append(Ablation(name, **{metric: plain(figures[metric][0]) for metric in COMPARED}))
    return results


def label_leakage(train, train_name, evaluated, outcomes, vetting=None) -> list[LeakageResult]:
    """Measure the AUC in cross-validation and on later dispositions, for physical features and for vetting columns.

    Parameters
    ----------
    train, train_name, evaluated, outcomes
        As for `ablations`.
    vetting : DataFrame, optional
        Raw follow-up columns of the training table, from `read_vetting`.
    """
    rows = dispositioned_rows(train, train_name)
    weights = np.ones(len(rows))
    physical, later_physical = build_features(rows), build_features(evaluated)
    written, later_written = vetting_columns(rows, vetting), vetting_columns(evaluated, vetting)
    variants = [
        ("physical features", physical, later_physical),
        ("columns written by vetting", written, later_written),
        (
            "physical features and columns written by vetting",
            physical.join(written),
            later_physical.join(later_written),
        ),
    ]
    return [
        LeakageResult(
            inputs=name,
            columns=seen.shape[1],
            cross_validation_auc=_cross_validated_auc(seen, rows, weights),
            future_auc=plain(_figures(seen, later, rows, outcomes, weights)["auc"][0]),
        )
        for name, seen, later in variants
    ]


def read_vetting(path):
    """Read the raw follow-up columns of a TOI table, by TOI; empty if the table has none."""
    raw = pd.read_csv(path, dtype=str)
    present = [name for name in VETTING_COLUMNS if name in raw]
    if not present:
        return pd.DataFrame()
    return raw.drop_duplicates("TOI").set_index("TOI")[present].apply(pd.to_numeric, errors="coerce")


def vetting_columns(frame, vetting=None):
    """Return what vetting writes as numbers: grades, counts, TESS disposition, source, comments, name, errors."""
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


def _figures(seen, later, rows, outcomes, weights):
    """Train on the inputs of `rows` and measure the later ones."""
    probability = _fit_and_score(seen, _labels(rows), weights, later)
    return compute(outcomes, probability, np.ones((1, len(outcomes))))


def _cross_validated_auc(seen, rows, weights):
    labels, answers = _labels(rows), np.full(len(rows), np.nan)
    for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=SEED).split(seen, labels, rows["tic_id"]):
        answers[test] = _fit_and_score(seen.iloc[train], labels[train], weights[train], seen.iloc[test])
    return plain(compute(labels, answers, np.ones((1, len(labels))))["auc"][0])


def _fit_and_score(seen, labels, weights, later):
    imputer = SimpleImputer(strategy="median", keep_empty_features=True).fit(seen)
    models = fit_member(QUICK, np.asarray(imputer.transform(seen)), labels.astype(int), weights, SEED)
    return expit(member_logit(models, np.asarray(imputer.transform(later))))


def _labels(rows):
    return training_labels(rows["tfopwg_disposition"]).to_numpy()
