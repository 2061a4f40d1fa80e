"""Scores with their explanations as objects, as a page reads them."""

import json

from app_tess.scoring.catalogue_model.score_tois import score_tois


def score_and_explain(loaded, frame):
    """Return what `score_tois` does, with each explanation decoded; None where there is none."""
    scores = score_tois(loaded, frame)
    scores["explanation"] = [text and json.loads(text) for text in scores["explanation"]]
    return scores
