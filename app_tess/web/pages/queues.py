"""What the lists worth working through are called, and a sentence on each."""

from app_tess.astro.constants import HABITABLE_INSOLATION_EARTH
from app_tess.astro.probability_bands import VERY_LIKELY
from app_tess.storage.star_query import QUEUES, SHORT_LIST

QUEUE_TITLES = {
    "newest": "Newest",
    "candidates": "Most probable open candidates",
    "disagree": "Model disagrees with the disposition",
    "classifier_score": "Model disagrees with another classifier",
    "light_curve_pc": "Model disagrees with the light curve",
    "brightest": "Brightest open candidates",
    "habitable": "Small, Earth-like insolation",
}
QUEUE_TEXTS = {
    "newest": "All TOIs, most recently alerted first.",
    "candidates": f"{VERY_LIKELY.word.capitalize()}, small, bright, little observed: open TOIs (PC, APC or no "
    f"disposition) of at least {100 * SHORT_LIST.probability:.0f} %, up to {SHORT_LIST.planet_radius_rearth:g} R⊕ and "
    f"Tmag {SHORT_LIST.tmag:g}, with data of at most {SHORT_LIST.sectors} sectors.",
    "disagree": "TOIs whose planet probability differs by more than 0.5 from their final disposition.",
    "classifier_score": "TOIs whose planet probability and another classifier's score differ by more than 0.5, "
    "sorted by difference.",
    "light_curve_pc": "Vetted TOIs whose planet probability differs by more than 0.5 from the light curve's "
    "probability of a planet candidate, sorted by difference.",
    "brightest": "Open TOIs, brightest host stars first: the easiest to follow up.",
    "habitable": "Radius up to 4 R⊕, insolation {} to {} S⊕, disposition not FP or FA.".format(
        *HABITABLE_INSOLATION_EARTH
    ),
}
assert QUEUE_TITLES.keys() == QUEUE_TEXTS.keys() == QUEUES.keys()
