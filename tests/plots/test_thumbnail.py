"""The small folds of the table."""

import re

import pytest

from app_tess.plots.thumbnail import HEIGHT, render_thumbnail

VIEW = [0.1] * 20 + [-1.3] * 21 + [None] * 5 + [float("nan")] * 5 + [0.9] * 10


def dots(svg):
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", svg)]


@pytest.mark.parametrize("simulated", [False, True])
def test_dots_stay_inside_and_clear_of_the_word(simulated):
    svg = render_thumbnail(VIEW, "A fold", simulated=simulated)
    radius = float(re.search(r'stroke-width="([\d.]+)"', svg).group(1)) / 2
    word = re.search(r'<text x="0" y="(\d+)".* font-size="(\d+)">simulated', svg)
    assert (word is not None) == simulated
    floor = int(word.group(1)) - 0.75 * int(word.group(2)) if simulated else HEIGHT
    found = dots(svg)
    assert len(found) == 51 and all(y - radius >= 0 and y + radius <= floor for _, y in found)
    assert max(y for _, y in found) - min(y for _, y in found) > 18, "a dip is seen"
