"""Star-grouped cross-validation on one table: the same figures, which are optimistic (see the model card)."""

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.astro.dispositions import AMBIGUOUS
from app_tess.scoring.catalogue_model.frame import dispositioned_rows, planet_labels, refuse_infinities
from app_tess.scoring.catalogue_model.pipeline import SEED, fit_pipeline
from app_tess.scoring.common.metrics import measure, plain
from app_tess.scoring.evaluation.baselines import BASELINES, baseline_probabilities, fit_baselines
from app_tess.scoring.evaluation.report_schema import CrossValidation


def cross_validate(train, train_name, seed=SEED, folds=5, progress=None) -> CrossValidation:
    """Cross-validate the model and the baselines on the dispositioned TOIs of a scoring frame."""
    dispositioned = dispositioned_rows(train, train_name)
    refuse_infinities(train, train_name)
    ambiguous = train[train["tfopwg_disposition"] == AMBIGUOUS]
    labels = planet_labels(dispositioned["tfopwg_disposition"]).to_numpy()
    stars = dispositioned["tic_id"].to_numpy()
    answers = {name: np.full(len(dispositioned), np.nan) for name in ("model", *BASELINES)}
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    for number, (seen, held_out) in enumerate(splitter.split(dispositioned, labels, stars), 1):
        if progress is not None:
            progress(f"cross-validation: fold {number} of {folds}")
        rows, evaluated = dispositioned.iloc[seen], dispositioned.iloc[held_out]
        trained_on = pd.concat([rows, ambiguous[~ambiguous["tic_id"].isin(evaluated["tic_id"])]])
        answers["model"][held_out] = fit_pipeline(trained_on, seed).predict_proba(evaluated)[:, 1]
        for name, values in baseline_probabilities(fit_baselines(rows), evaluated).items():
            answers[name][held_out] = values
    without = (dispositioned["tfopwg_disposition"] != "KP").to_numpy()
    figures = {name: measure(labels, values, stars) for name, values in answers.items()}
    return CrossValidation(
        n=len(dispositioned),
        base_rate=plain(labels.mean()),
        folds=folds,
        model=figures.pop("model"),
        baselines=figures,
        model_without_known_planets=measure(labels[without], answers["model"][without], stars[without]),
    )
