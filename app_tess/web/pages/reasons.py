"""Why a score is what it is: the stored explanation of a score, read for a star's page."""

from app_tess.astro.observing import giants
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


def what_decides(detail, toi) -> dict[str, str]:
    """Return what would decide about a TOI of a giant's size, observation -> sentence; empty for other sizes."""
    if not giants.is_giant(toi.planet_radius_rearth):
        return {}
    star = detail.star
    return giants.deciding_observations(
        toi.depth_ppm,
        toi.period_d,
        star.stellar_mass_msun or toi.stellar_mass_msun,
        toi.tmag if star.tmag is None else star.tmag,
    )
