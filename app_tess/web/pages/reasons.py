"""Why a score is what it is: the stored explanation of a score, read for a star's page."""

from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model.explanation import Explanation, read_explanation


def explain(score) -> tuple[Explanation | None, str | None]:
    """Return the explanation of a stored score, or None, and what is wrong with it, or None.

    Parameters
    ----------
    score : app_tess.storage.score_models.Score or None
    """
    if score is None:
        return None, None
    try:
        return read_explanation(score.explanation), None
    except ArtifactError as error:  # written by another version: the page still shows the probability
        return None, f"{error} Rescore the catalogue to replace it."
