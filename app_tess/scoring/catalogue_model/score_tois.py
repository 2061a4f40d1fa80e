"""Score TOIs: a probability with its explanation, or the reason why there is none."""

import json
from collections import Counter

import numpy as np

from app_tess.scoring.catalogue_model.feature_list import STAR_TOI_COUNT
from app_tess.scoring.catalogue_model.feature_values import feature_values
from app_tess.scoring.common.log_odds import probability_of

MINIMUM_COLUMNS = ("period_d", "duration_h", "depth_ppm", "depth_mmag", "planet_radius_rearth")
"""A TOI with none of these has no signal to score."""

NO_SIGNAL = "The catalogue gives neither period, duration, depth nor radius: there is no signal to score."

_WRITER = json.JSONEncoder(allow_nan=False, check_circular=False)


def score_tois(loaded, columns):
    """Score each TOI of a scoring frame.

    The probability of a TOI that the model was trained on is that of models trained without its star, with the values
    that it had then: the model in use has seen its disposition.

    Parameters
    ----------
    loaded : pipeline_file.LoadedPipeline
    columns : mapping of str to ndarray, shape (N,)
        `toi`, `tic_id` and the columns of a scoring frame, or of a chunk of it; any but the first two may be absent.
        Without `star_toi_count`, the TOIs of each star are counted in the chunk, so they must stay together.

    Returns
    -------
    list of dict
        One per row: toi, tic_id, planet_probability (None if not scored), not_scored_reason (a sentence or None) and
        explanation (the JSON text of an `explanation.Explanation`, or None if not scored).
    """
    tic_ids, tois = columns["tic_id"].tolist(), columns["toi"].tolist()
    if STAR_TOI_COUNT not in columns:
        count = Counter(tic_ids)
        columns = {**columns, STAR_TOI_COUNT: np.array([count[tic_id] for tic_id in tic_ids], dtype=float)}
    scored = has_signal(columns)
    rows = [
        {
            "toi": toi,
            "tic_id": tic_id,
            "planet_probability": None,
            "not_scored_reason": None if is_scored else NO_SIGNAL,
            "explanation": None,
        }
        for toi, tic_id, is_scored in zip(tois, tic_ids, scored.tolist(), strict=True)
    ]
    if scored.any():
        places = np.flatnonzero(scored)
        log_odds, explained = _explain(loaded, {name: values[places] for name, values in columns.items()})
        held_out = loaded.training.held_out_probabilities([tois[place] for place in places])
        probabilities = np.where(np.isnan(held_out), probability_of(log_odds), held_out)
        for place, probability, explanation in zip(places, probabilities.tolist(), explained, strict=True):
            rows[place] |= {"planet_probability": probability, "explanation": _WRITER.encode(explanation)}
    return rows


def _explain(loaded, columns):
    """Return the log-odds of planets by the model in use, and the explanations."""
    features = feature_values(columns, len(columns["toi"]))
    matrix = loaded.model.impute(features)
    worth = loaded.model.worth(matrix)
    return worth[-1], loaded.model.explainer.explain(worth, features, matrix, columns, loaded.training)


def has_signal(columns):
    """Return which TOIs, shape (N,), have a value from which they can be scored; `columns` as in `score_tois`."""
    found = np.zeros(len(columns["toi"]), dtype=bool)
    for name in MINIMUM_COLUMNS:
        if name in columns:
            values = np.asarray(columns[name], dtype=float)
            found |= np.isfinite(values) & (values > 0)
    return found


def star_probability(probabilities):
    """Return the probability that at least one of a star's TOIs is a planet, 1 - prod(1 - p); None if none is scored.

    This treats the TOIs of a star as independent given their scores. The number of TOIs is a feature of the model, so
    the scores include the main part of their dependence; the true value lies between the largest p and this.
    """
    scored = [float(value) for value in probabilities if value is not None and np.isfinite(value)]
    return 1.0 - float(np.prod([1.0 - value for value in scored])) if scored else None
