"""Score the TOIs in a scoring frame: a probability with its explanation, or the reason why there is none."""

import numpy as np
import pandas as pd
from scipy.special import expit

from app_tess.scoring.catalogue_model.feature_list import STAR_TOI_COUNT
from app_tess.scoring.common.json_records import json_text

MINIMUM_COLUMNS = ("period_d", "duration_h", "depth_ppm", "depth_mmag", "planet_radius_rearth")
"""A TOI with none of these has no signal to score."""


def score_tois(loaded, frame):
    """Score each TOI of a scoring frame.

    The probability of a TOI that the model was trained on is that of models trained without its star, with the values
    that it had then: the model in use has seen its disposition.

    Parameters
    ----------
    loaded : pipeline_file.LoadedPipeline
    frame : DataFrame
        From `frame.join_stars`, or a chunk of it. If a chunk lacks `star_toi_count`, the TOIs of each star are counted
        in the chunk, so the TOIs of one star must stay together.

    Returns
    -------
    DataFrame
        Index of `frame`; columns toi, planet_probability (float, NaN if not scored), not_scored_reason (a sentence or
        None) and explanation (the JSON text of an `explanation.Explanation`, or None if not scored).
    """
    if STAR_TOI_COUNT not in frame:
        frame = frame.assign(**{STAR_TOI_COUNT: frame.groupby("tic_id")["toi"].transform("size").astype(float)})
    probabilities = np.full(len(frame), np.nan)
    reasons = [not_scored_reason(row) for row in frame.reindex(columns=list(MINIMUM_COLUMNS)).to_dict("records")]
    scored = np.array([reason is None for reason in reasons], dtype=bool)
    explanations: list[str | None] = [None] * len(frame)
    if scored.any():
        log_odds, explained = _explain(loaded, frame[scored])
        for position, explanation in zip(np.flatnonzero(scored).tolist(), explained, strict=True):
            explanations[position] = json_text(explanation)
        held_out = loaded.training.held_out_probabilities(frame["toi"][scored])
        in_use = expit(log_odds)
        probabilities[scored] = np.where(np.isnan(held_out), in_use, held_out)
    return pd.DataFrame(
        {
            "toi": frame["toi"],
            "planet_probability": probabilities,
            "not_scored_reason": pd.Series(reasons, index=frame.index, dtype=object),
            "explanation": pd.Series(explanations, index=frame.index, dtype=object),
        },
        index=frame.index,
    )


def _explain(loaded, frame):
    """Return the log-odds of planets by the model in use, and the explanations."""
    features = loaded.pipeline.named_steps["features"].transform(frame)
    matrix = np.asarray(loaded.pipeline.named_steps["impute"].transform(features))
    model = loaded.pipeline.named_steps["model"]
    worth = model.explainer_.worth(model, matrix)
    return worth[-1], model.explainer_.explain(worth, features, matrix, frame, loaded.training)


def not_scored_reason(row):
    """Return why a TOI cannot be scored, or None; `row` maps the frame's columns to values."""

    def usable(column):
        value = row.get(column)
        return value is not None and np.isfinite(value) and value > 0

    if any(usable(column) for column in MINIMUM_COLUMNS):
        return None
    return "The catalogue gives neither period, duration, depth nor radius: there is no signal to score."


def star_probability(probabilities):
    """Return the probability that at least one of a star's TOIs is a planet, 1 - prod(1 - p); None if none is scored.

    This treats the TOIs of a star as independent given their scores. The number of TOIs is a feature of the model, so
    the scores include the main part of their dependence; the true value lies between the largest p and this.
    """
    scored = [float(value) for value in probabilities if value is not None and np.isfinite(value)]
    return 1.0 - float(np.prod([1.0 - value for value in scored])) if scored else None
