"""Train the model that ships: from TOI and TIC tables to a pipeline and its manifest."""

import time

import numpy as np

from app_tess.astro.dispositions import FINAL
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES
from app_tess.scoring.catalogue_model.frame import (
    planet_labels,
    refuse_infinities,
    table_date,
    training_rows,
)
from app_tess.scoring.catalogue_model.kept_fits import UNFINISHED, KeptFits
from app_tess.scoring.catalogue_model.pipeline import (
    AMBIGUOUS_WEIGHT,
    CORRECTED,
    KNOWN_PLANET_WEIGHT,
    SEED,
    fit_pipeline,
)
from app_tess.scoring.catalogue_model.pipeline_manifest import (
    ConformalThresholds,
    MemberRecord,
    OutOfFoldFigures,
    TrainingData,
    TrainingRecord,
)
from app_tess.scoring.catalogue_model.training_tois import describe_training
from app_tess.scoring.common.metrics import measure, plain

PROTOCOL = "out-of-fold predictions of the training rows, star-grouped, 5 folds"


def train(frame, sources, directory, seed=SEED, progress=None):
    """Train on every dispositioned TOI of a scoring frame and write the pipeline with its manifest.

    Parameters
    ----------
    frame : DataFrame
        From `frame.join_stars`.
    sources : list of SourceFile
        The files it was made from; the first is the TOI table.
    directory : Path
        Where pipeline.pkl and manifest.json go. What is computed is kept in its subfolder "unfinished" until then, so
        that the same call resumes an interrupted training.

    Returns
    -------
    manifest : PipelineManifest
    seconds : float
        Duration of the training.

    Raises
    ------
    TrainingError
        Too few dispositioned TOIs of a kind, or an infinite value; the message names the file and the column.
    """
    name = sources[0].name
    refuse_infinities(frame, name)
    rows = training_rows(frame, name)
    started = time.monotonic()
    kept = KeptFits(directory / UNFINISHED)
    pipeline = fit_pipeline(rows, seed, progress=progress, kept=kept)
    seconds = time.monotonic() - started
    record = _record(frame, rows, sources, pipeline, seed)
    manifest = pipeline_file.save(directory, pipeline, record, describe_training(rows, pipeline))
    kept.remove()
    return manifest, seconds


def _record(frame, rows, sources, pipeline, seed):
    model = pipeline.named_steps["model"]
    losses = model.member_losses_
    return TrainingRecord(
        name="catalogue ensemble",
        seed=seed,
        feature_names=list(FEATURE_NAMES),
        training_data=_training_data(frame, rows, sources),
        known_planet_weight=KNOWN_PLANET_WEIGHT,
        ambiguous_weight=AMBIGUOUS_WEIGHT,
        members={
            name: MemberRecord(plain(weight), plain(losses["alone"][name]), plain(losses["without"].get(name)))
            for name, weight in model.weights_.items()
        },
        corrections=dict(zip(CORRECTED, (plain(slope) for slope in model.slopes_), strict=True)),
        intercept=plain(model.intercept_),
        ensemble_log_loss=plain(losses["ensemble"]),
        ensemble_log_loss_uncorrected=plain(losses["uncorrected"]),
        metrics=_out_of_fold_figures(rows, model.out_of_fold_["probability"]),
        conformal=ConformalThresholds(**{key: plain(value) for key, value in model.explainer_.thresholds.items()}),
    )


def _training_data(frame, rows, sources):
    labels = planet_labels(rows["tfopwg_disposition"])
    counts = rows["tfopwg_disposition"].value_counts()
    return TrainingData(
        files=sources,
        date=table_date(frame),
        n_tois=len(frame),
        n_dispositioned=int(labels.notna().sum()),
        n_ambiguous=int(labels.isna().sum()),
        base_rate=plain(labels.mean()),
        dispositions={code: int(counts.get(code, 0)) for code in FINAL},
    )


def _out_of_fold_figures(rows, probabilities):
    labels = planet_labels(rows["tfopwg_disposition"]).to_numpy()
    known = np.isfinite(labels)
    figures = measure(labels[known], probabilities[known], rows["tic_id"].to_numpy()[known])
    return OutOfFoldFigures(**vars(figures), protocol=PROTOCOL)
