"""Train the model that ships: from TOI and TIC tables to a pipeline and its manifest."""

import time

from app_tess.astro.dispositions import FINAL
from app_tess.scoring.catalogue_model import artifact
from app_tess.scoring.catalogue_model.features import FEATURE_NAMES
from app_tess.scoring.catalogue_model.frame import planet_labels, refuse_infinities, training_rows
from app_tess.scoring.catalogue_model.pipeline import (
    AMBIGUOUS_WEIGHT,
    CORRECTED,
    KNOWN_PLANET_WEIGHT,
    SEED,
    fit_pipeline,
)
from app_tess.scoring.common.metrics import measure, plain
from app_tess.scoring.evaluation.evaluate import table_date


def train(frame, sources, directory, seed=SEED, progress=None):
    """Train on every settled TOI of a scoring frame and write the artifact.

    Parameters
    ----------
    frame : DataFrame
        From `frame.join_stars`.
    sources : list of dict
        The files it came from: name, sha256, rows; the first is the TOI table.
    directory : Path
        Where pipeline.pkl and manifest.json go.

    Returns
    -------
    dict : the manifest

    Raises
    ------
    TrainingError
        Too few settled TOIs of a kind, or an infinite value; names the file and the column.
    """
    name = sources[0]["name"]
    refuse_infinities(frame, name)
    rows = training_rows(frame, name)
    started = time.monotonic()
    pipeline = fit_pipeline(rows, seed, progress=progress)
    seconds = time.monotonic() - started
    return artifact.save(directory, pipeline, _manifest(frame, rows, sources, pipeline, seed)), seconds


def _manifest(frame, rows, sources, pipeline, seed):
    model = pipeline.named_steps["model"]
    is_settled = planet_labels(rows["tfopwg_disposition"]).notna().to_numpy()
    settled = rows[is_settled]
    labels = planet_labels(settled["tfopwg_disposition"])
    figures = measure(labels.to_numpy(), model.out_of_fold_["probability"][is_settled], settled["tic_id"].to_numpy())
    return {
        "name": "catalogue ensemble",
        "seed": seed,
        "feature_names": list(FEATURE_NAMES),
        "training_data": {
            "files": sources,
            "date": table_date(frame),
            "n_tois": len(frame),
            "n_settled": len(settled),
            "n_ambiguous": len(rows) - len(settled),
            "base_rate": plain(labels.mean()),
            "dispositions": {code: int((settled["tfopwg_disposition"] == code).sum()) for code in FINAL},
        },
        "known_planet_weight": KNOWN_PLANET_WEIGHT,
        "ambiguous_weight": AMBIGUOUS_WEIGHT,
        "members": {
            name: {
                "weight": plain(weight),
                "log_loss_alone": plain(model.member_losses_["alone"][name]),
                "ensemble_log_loss_without": plain(model.member_losses_["without"].get(name)),
            }
            for name, weight in model.weights_.items()
        },
        "corrections": dict(zip(CORRECTED, (plain(slope) for slope in model.slopes_))),
        "intercept": plain(model.intercept_),
        "ensemble_log_loss": plain(model.member_losses_["ensemble"]),
        "ensemble_log_loss_uncorrected": plain(model.member_losses_["uncorrected"]),
        "metrics": {"protocol": "out-of-fold predictions of the training rows, star-grouped, 5 folds", **figures},
        "conformal": {key: plain(value) for key, value in model.explainer_.thresholds.items()},
    }
