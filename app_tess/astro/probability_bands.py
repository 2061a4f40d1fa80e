"""The bands of a planet probability: thresholds, words and colors, once for bars, maps, legends and texts."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A range of the planet probability with a word."""

    word: str
    lowest: float
    """Lower limit of the probability, included; the next higher band begins where this one ends."""
    color: str
    """The same on white and on a dark background, 3:1 or more on either."""


BANDS = (
    Band("very likely", 0.9, "#1f6cbd"),
    Band("likely", 0.7, "#4f90cf"),
    Band("unclear", 0.3, "#8c8c8c"),
    Band("unlikely", 0.1, "#c27c30"),
    Band("very unlikely", 0.0, "#b84a12"),
)
"""In descending order. Blue through gray to orange is distinct for all common kinds of color vision."""

VERY_LIKELY, LIKELY, UNCLEAR, UNLIKELY, VERY_UNLIKELY = BANDS

NOT_SCORED = "not scored"


def find_band(probability: float | None) -> Band | None:
    """Return the band of a probability; None where there is none."""
    if probability is None or not math.isfinite(probability):
        return None
    return next((band for band in BANDS if probability >= band.lowest), VERY_UNLIKELY)


def describe_range(band: Band) -> str:
    """Return the limits of a band in words: "0.7 to 0.9"."""
    number = BANDS.index(band)
    if number == 0:
        return f"{band.lowest:g} or more"
    end = BANDS[number - 1].lowest
    return f"{band.lowest:g} to {end:g}" if band.lowest else f"below {end:g}"


def describe_bands() -> str:
    """Return all bands in a sentence: "Very likely: 0.9 or more; likely: 0.7 to 0.9; ..."."""
    text = "; ".join(f"{band.word}: {describe_range(band)}" for band in BANDS)
    return text[0].upper() + text[1:] + "."
