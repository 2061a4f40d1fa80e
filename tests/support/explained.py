"""Scores with their explanations as objects, as a page reads them."""

import json

import pandas as pd

from app_tess.scoring.catalogue_model.score_tois import score_tois


def score_and_explain(loaded, frame):
    """Return the scores of a scoring frame as a frame, with each explanation decoded; None where there is none."""
    rows = score_tois(loaded, {name: frame[name].to_numpy() for name in frame.columns})
    scores = pd.DataFrame(rows, columns=["toi", "tic_id", "planet_probability", "not_scored_reason", "explanation"])
    scores["planet_probability"] = scores["planet_probability"].astype(float)
    scores["explanation"] = [text and json.loads(text) for text in scores["explanation"]]
    return scores
