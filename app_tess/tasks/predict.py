"""Predict: score every TOI with the stored model; the new scores become current when all are there."""

from threadpoolctl import threadpool_limits

from app_tess.errors import MissingData
from app_tess.fields import TEXTS, TOI_COLUMNS
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.storage import scores
from app_tess.storage.database import plain

CHUNK_STARS = 1500
"""Stars scored between two progress reports; the TOIs of a star are scored together."""


def predict(config, report):
    """Score the catalogue and return the run's closing message.

    Raises
    ------
    ArtifactError
        The stored model is missing or altered.
    MissingData
        The catalogue is empty.
    """
    import pandas as pd

    loaded = pipeline_file.load()
    rows = scores.scoring_rows()
    if not rows:
        raise MissingData("The catalogue is empty: there is nothing to score. Load it first (reset).")
    run = scores.begin_scoring_run(loaded.manifest.sha256, loaded.manifest.name)
    try:
        # one thread: more gain nothing for a few thousand rows, and are ten times slower where the cores are busy
        with threadpool_limits(1):
            _score_all(loaded, pd.DataFrame(rows), run, report)
        scores.switch_to(run)
    except BaseException:
        scores.discard(run)
        raise
    return f"Scored {run.scored_count:,} TOIs; {run.unscored_count:,} could not be scored."


def _score_all(loaded, frame, run, report):
    from app_tess.scoring.catalogue_model.score_tois import score_tois, star_probability

    frame = _numeric(frame).sort_values("tic_id", kind="stable", ignore_index=True)
    tic_ids = frame["tic_id"].unique()
    stars = {}
    for start in range(0, len(tic_ids), CHUNK_STARS):
        report(start, len(tic_ids), "scoring")
        chunk = frame[frame["tic_id"].isin(tic_ids[start : start + CHUNK_STARS])]
        result = score_tois(loaded, chunk)
        scores.record_scores(run, _rows(result, chunk["tic_id"]))
        for tic_id, group in result.groupby(chunk["tic_id"]):
            stars[tic_id] = star_probability(group["planet_probability"].tolist())
    scores.record_star_scores(run, stars)
    report(len(tic_ids), len(tic_ids), "switching to the new scores")


def _numeric(frame):
    """Convert the database's rows to the parsers' types: NULL in a numeric column to NaN, a date to its ISO text."""
    for field in TOI_COLUMNS:
        if field.kind == "date":
            frame[field.name] = frame[field.name].map(lambda day: day.isoformat() if day else None).astype(object)
    texts = {field.name for field in TOI_COLUMNS if field.kind in (*TEXTS, "id")}
    for name in frame.columns.difference(texts):
        frame[name] = frame[name].astype(float)
    return frame


def _rows(result, tic_ids):
    return [
        {
            "toi": row.toi,
            "tic_id": int(tic_id),
            "planet_probability": plain(row.planet_probability),
            "not_scored_reason": row.not_scored_reason if isinstance(row.not_scored_reason, str) else None,
            "explanation": row.explanation if isinstance(row.explanation, dict) else None,
        }
        for row, tic_id in zip(result.itertuples(), tic_ids, strict=True)
    ]
