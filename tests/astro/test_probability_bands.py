"""One set of bands: thresholds, words and colors, distinct for every kind of color vision and on both backgrounds."""

import itertools
import re

import numpy as np
import pytest

from app_tess.astro.probability_bands import BANDS, describe_bands, describe_range, find_band
from tests.support.imports import ROOT

BACKGROUNDS = ("#ffffff", "#fafaf8", "#12161b", "#14171c", "#191f26")
"""Of pages and pictures, light and dark."""

COLOR_VISION = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""What is seen, in linear RGB: Machado et al. 2009, IEEE TVCG 15, 1291, at full severity."""

TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
LEAST_DIFFERENCE = 10.0
"""Difference in CIE 1976 L*a*b* between two colors; 2.3 is just noticeable."""


def linear(color):
    value = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(color, other):
    high, low = sorted((float(TO_XYZ[1] @ linear(one)) for one in (color, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(color, seen):
    x, y, z = np.cbrt(TO_XYZ @ np.clip(seen @ linear(color), 0, 1) / (0.9505, 1.0, 1.089))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "very likely"),
        (0.9, "very likely"),
        (0.8999, "likely"),
        (0.7, "likely"),
        (0.67, "unclear"),
        (0.3, "unclear"),
        (0.1, "unlikely"),
        (0.0999, "very unlikely"),
        (0.0, "very unlikely"),
    ],
)
def test_a_probability_has_one_band(probability, word):
    assert find_band(probability).word == word


@pytest.mark.parametrize("probability", [None, float("nan")])
def test_without_a_probability_there_is_no_band(probability):
    assert find_band(probability) is None


def test_the_bands_cover_everything_in_descending_order():
    lowest = [band.lowest for band in BANDS]
    assert lowest == sorted(set(lowest), reverse=True) and lowest[-1] == 0


def test_the_bands_in_words_join_without_gap_or_overlap():
    assert describe_bands() == (
        "Very likely: 0.9 or more; likely: 0.7 to 0.9; unclear: 0.3 to 0.7; unlikely: 0.1 to 0.3; "
        "very unlikely: below 0.1."
    )
    assert all(describe_range(band) in describe_bands() for band in BANDS)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_each_color_is_visible_on_every_background(background):
    assert all(contrast(band.color, background) >= 3 for band in BANDS)


@pytest.mark.parametrize("kind", COLOR_VISION)
def test_any_two_bands_differ_in_color_for_each_kind_of_color_vision(kind):
    places = {band.word: lab(band.color, COLOR_VISION[kind]) for band in BANDS}
    near = {
        pair: float(np.linalg.norm(places[pair[0]] - places[pair[1]])) for pair in itertools.combinations(places, 2)
    }
    assert min(near.values()) >= LEAST_DIFFERENCE, near


def test_words_thresholds_and_colors_of_the_bands_are_written_in_one_file():
    """Bars, maps, legends, the glossary and the export's documentation take them from there."""
    written = re.compile(
        "|".join([band.color for band in BANDS] + [r"\b[Vv]ery (un)?likely\b.{0,12}\d"]), re.IGNORECASE
    )
    files = [
        path for suffix in ("py", "html", "css", "toml", "js") for path in (ROOT / "app_tess").rglob(f"*.{suffix}")
    ]
    found = [path.name for path in files if "vendor" not in path.parts and written.search(path.read_text())]
    assert found == ["probability_bands.py"]
