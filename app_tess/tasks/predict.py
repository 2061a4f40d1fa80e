"""Predict: score every TOI with the stored model; the new scores are stored and become current in one transaction."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from threadpoolctl import threadpool_limits

from app_tess.errors import MissingData
from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.feature_list import INPUT_COLUMNS
from app_tess.storage import scores
from app_tess.storage.spool import Spool

CHUNK_TOIS = 3000
"""TOIs scored between two progress reports; those of a star are scored together."""
SCORE_COLUMNS = ("toi", "tic_id", "planet_probability", "not_scored_reason", "explanation")


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
    report(len(rows), len(rows), "switching to the new scores")
    scores.store_scores(new, load_id, message)
    return message


def describe(new):
    """Return a sentence on new scores, for the end of their run."""
    return f"Scored {new.scored_count:,} TOIs; {new.unscored_count:,} could not be scored."


def score(rows, report):
    """Score a catalogue without storing anything.

    Parameters
    ----------
    rows : collection of dict
        As `storage.scores.read_catalogue` returns them: the TOIs of a star next to each other.
    report : callable(done, total, doing)

    Returns
    -------
    NewScores
    """
    from app_tess.scoring.catalogue_model.score_tois import score_tois, star_probability

    loaded = pipeline_file.load()
    scored, stars = Spool(SCORE_COLUMNS), {}
    # one thread: more gain nothing for a few thousand rows, and are ten times slower where the cores are busy
    with threadpool_limits(1):
        for chunk in _chunks(rows):
            report(len(scored), len(rows), "scoring")
            result = score_tois(loaded, columns_of(chunk))
            scored.extend(result)
            for tic_id, of_star in groupby(result, key=itemgetter("tic_id")):
                stars[tic_id] = star_probability([row["planet_probability"] for row in of_star])
    return scores.NewScores(loaded.manifest.sha256, loaded.manifest.name, scored, stars)


def _chunks(rows):
    """Yield the rows in lists of whole stars, each of CHUNK_TOIS and the rest of the last star."""
    chunk: list[dict[str, Any]] = []
    for row in rows:
        if len(chunk) >= CHUNK_TOIS and row["tic_id"] != chunk[-1]["tic_id"]:
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


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
