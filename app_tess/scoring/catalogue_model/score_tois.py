"""From a scoring frame to what is stored of each TOI: its probability, or the reason why not, and why."""

import numpy as np
import pandas as pd

from app_tess.scoring.catalogue_model.frame import STAR_TOI_COUNT

MINIMUM_COLUMNS = ("period_d", "duration_h", "depth_ppm", "depth_mmag", "planet_radius_rearth")
"""A TOI with none of these has no signal to judge."""


def score_tois(loaded, frame):
    """Score each TOI of a scoring frame.

    Parameters
    ----------
    loaded : artifact.LoadedPipeline
    frame : DataFrame
        From `frame.join_stars`; may be a chunk of it. Where a chunk comes without `star_toi_count`, the TOIs of each
        star are counted in the chunk, so a star's TOIs must stay together.

    Returns
    -------
    DataFrame
        Index of `frame`; columns toi, planet_probability (float, NaN when not scored), not_scored_reason (a
        sentence or None) and explanation (a dict safe for JSON, or None when not scored).
    """
    if STAR_TOI_COUNT not in frame:
        frame = frame.assign(**{STAR_TOI_COUNT: frame.groupby("tic_id")["toi"].transform("size").astype(float)})
    probabilities = np.full(len(frame), np.nan)
    reasons = [not_scored_reason(row) for row in frame.to_dict("records")]
    scored = np.array([reason is None for reason in reasons], dtype=bool)
    explanations = [None] * len(frame)
    if scored.any():
        told = _explain(loaded.pipeline, frame[scored])
        for position, explanation in zip(np.flatnonzero(scored), told):
            explanations[position] = explanation
        probabilities[scored] = loaded.pipeline.predict_proba(frame[scored])[:, 1]
    return pd.DataFrame(
        {
            "toi": frame["toi"],
            "planet_probability": probabilities,
            "not_scored_reason": pd.Series(reasons, index=frame.index, dtype=object),
            "explanation": pd.Series(explanations, index=frame.index, dtype=object),
        },
        index=frame.index,
    )


def _explain(pipeline, frame):
    features = pipeline.named_steps["features"].transform(frame)
    matrix = np.asarray(pipeline.named_steps["impute"].transform(features))
    return pipeline.named_steps["model"].explainer_.explain(pipeline, features, matrix, frame)


def not_scored_reason(row):
    """Why a TOI cannot be scored, or None; `row` is a mapping of the frame's columns."""

    def usable(column):
        value = row.get(column)
        return value is not None and np.isfinite(value) and value > 0

    if any(usable(column) for column in MINIMUM_COLUMNS):
        return None
    return "The catalogue gives neither period, duration, depth nor radius: there is no signal to judge."


def star_probability(probabilities):
    """Probability that at least one of a star's TOIs is a planet: 1 - prod(1 - p); None when none is scored.

    The TOIs of a star are taken as independent given their scores. They are not quite: company raises each one's
    odds, but the model already knows how many TOIs the star has, so its scores hold that part of the dependence.
    The true value lies between the largest p and this.
    """
    scored = [float(value) for value in probabilities if value is not None and np.isfinite(value)]
    return 1.0 - float(np.prod([1.0 - value for value in scored])) if scored else None
