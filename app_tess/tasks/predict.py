"""Predict: score every TOI with the stored model; the new scores are stored and become current in one transaction."""

from typing import Any

from threadpoolctl import threadpool_limits

from app_tess.errors import MissingData
from app_tess.fields import TEXTS, TOI_COLUMNS
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.feature_list import INPUT_COLUMNS
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
    OutdatedInput
        The catalogue was replaced meanwhile; nothing was stored.
    """
    load_id, rows = scores.read_catalogue(INPUT_COLUMNS)
    if not rows:
        raise MissingData("The catalogue is empty: there is nothing to score. Load it first (reset).")
    new = score(rows, report)
    message = describe(new)
    report(len(new.star_probabilities), len(new.star_probabilities), "switching to the new scores")
    scores.store_scores(new, load_id, message)
    return message


def describe(new):
    """Return a sentence on new scores, for the end of their run."""
    return f"Scored {new.scored_count:,} TOIs; {new.unscored_count:,} could not be scored."


def score(rows, report):
    """Score a catalogue without storing anything.

    Parameters
    ----------
    rows : list of dict
        From `storage.scores.scoring_rows`.
    report : callable(done, total, doing)

    Returns
    -------
    NewScores
    """
    from app_tess.scoring.catalogue_model.score_tois import score_tois, star_probability

    loaded = pipeline_file.load()
    frame = numeric_frame(rows).sort_values("tic_id", kind="stable", ignore_index=True)
    tic_ids = frame["tic_id"].unique()
    scored: list[dict[str, Any]] = []
    stars: dict[int, float | None] = {}
    # one thread: more gain nothing for a few thousand rows, and are ten times slower where the cores are busy
    with threadpool_limits(1):
        for start in range(0, len(tic_ids), CHUNK_STARS):
            report(start, len(tic_ids), "scoring")
            chunk = frame[frame["tic_id"].isin(tic_ids[start : start + CHUNK_STARS])]
            result = score_tois(loaded, chunk)
            scored += _rows(result, chunk["tic_id"])
            of_star: dict[int, list[float]] = {}
            for tic_id, probability in zip(
                chunk["tic_id"].tolist(), result["planet_probability"].tolist(), strict=True
            ):
                of_star.setdefault(tic_id, []).append(probability)
            stars |= {tic_id: star_probability(probabilities) for tic_id, probabilities in of_star.items()}
    return scores.NewScores(loaded.manifest.sha256, loaded.manifest.name, scored, stars)


def numeric_frame(rows):
    """Convert rows of the database to a scoring frame: NULL in a numeric column becomes NaN, a date its ISO text."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    for field in TOI_COLUMNS:
        if field.kind == "date" and field.name in frame:
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
            "explanation": row.explanation,
        }
        for row, tic_id in zip(result.itertuples(), tic_ids, strict=True)
    ]
