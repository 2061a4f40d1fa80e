"""Predict: score every TOI with the stored model; the new scores are stored and become current in one transaction."""

from typing import Any

from threadpoolctl import threadpool_limits

from app_tess.errors import MissingData
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.feature_list import INPUT_COLUMNS
from app_tess.storage import scores

CHUNK_STARS = 3000
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
    of_star: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        of_star.setdefault(row["tic_id"], []).append(row)
    tic_ids = sorted(of_star)
    scored: list[dict[str, Any]] = []
    stars: dict[int, float | None] = {}
    # one thread: more gain nothing for a few thousand rows, and are ten times slower where the cores are busy
    with threadpool_limits(1):
        for start in range(0, len(tic_ids), CHUNK_STARS):
            report(start, len(tic_ids), "scoring")
            chunk = tic_ids[start : start + CHUNK_STARS]
            result = score_tois(loaded, columns_of([row for tic_id in chunk for row in of_star[tic_id]]))
            scored += result
            found: dict[int, list[float | None]] = {}
            for row in result:
                found.setdefault(row["tic_id"], []).append(row["planet_probability"])
            stars |= {tic_id: star_probability(probabilities) for tic_id, probabilities in found.items()}
    return scores.NewScores(loaded.manifest.sha256, loaded.manifest.name, scored, stars)


def columns_of(rows):
    """Convert rows of the database to columns for scoring: NULL in a numeric column becomes NaN.

    Parameters
    ----------
    rows : sequence of dict
        All with the same keys, of which `toi`, `tic_id` and the inputs of features are taken.

    Returns
    -------
    dict of str to ndarray, shape (N,)
        Text columns hold str or None, `tic_id` whole numbers, all others 64-bit floats.
    """
    import numpy as np

    names = [name for name in (*_TYPES, *INPUT_COLUMNS) if name in rows[0]]
    return {name: np.array([row[name] for row in rows], dtype=_TYPES.get(name, float)) for name in names}


_TYPES: dict[str, type] = {"toi": object, "tic_id": int, "sectors": object}
"""Of the columns that are not 64-bit floats."""
