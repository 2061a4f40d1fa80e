"""Why a score is what it is: the stored explanation of a score, read for a star's page."""

import math

from app_tess.astro.observing import giants
from app_tess.errors import ArtifactError
from app_tess.scoring.catalogue_model.explanation import Explanation, read_explanation
from app_tess.web.pages.model_files import find_manifest, try_to

FEWEST = 10
"""TOIs for which a rate is given."""
SIGMA_95 = 1.96


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


def rate_sentences(explanation: Explanation, family: str) -> list[str]:
    """Return how many dispositioned TOIs near each value of a family are not planets, in sentences."""
    from app_tess.scoring.catalogue_model.value_rates import RATED

    rated = [(RATED[rate.feature], rate) for rate in explanation.rates if rate.feature in RATED]
    return [_rate_sentence(value, rate) for value, rate in rated if value.family == family]


def _rate_sentence(rated, rate):
    words = rated.words
    if rate.value is None:
        return f"{words}: no value in the catalogue."

    def written(number):
        return f"{number:,.{rated.decimals}f}"

    near = f"{written(rate.low)} to {written(rate.high)}" if rated.half_width else written(rate.value)
    near, value = f"{near} {rated.unit}".strip(), f"{written(rate.value)} {rated.unit}".strip()
    if rate.n < FEWEST:
        return f"{words} {value}: too few dispositioned TOIs of {near} for a rate (n = {rate.n})."
    others = rate.n - rate.planets
    low, high = wilson_interval(others, rate.n)
    return (
        f"{words} {value}: {100 * others / rate.n:.0f} % of the dispositioned TOIs of {near} are not planets "
        f"({100 * low:.0f} to {100 * high:.0f} %, n = {rate.n:,})."
    )


def wilson_interval(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a fraction.

    References
    ----------
    Wilson 1927, JASA 22, 209.
    """
    share, spread = count / n, SIGMA_95**2 / n
    middle = share + spread / 2
    half = math.sqrt(spread * (share * (1 - share) + spread / 4))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def training_date() -> str | None:
    """Return the date of the catalogue that the model was trained on."""
    manifest, _ = try_to(find_manifest)
    return manifest.training_data.date if manifest else None


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
