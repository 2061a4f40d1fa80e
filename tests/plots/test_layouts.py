"""Each picture has a layout for phones, whose text can be read there, and one for screens with more pixels."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing.timing_outlook import TimingOutlook
from app_tess.astro.stitching import stitch
from app_tess.plots import model_report, sky, style
from app_tess.plots.finding_chart import render_finding_chart
from app_tess.plots.folded import render_folded
from app_tess.plots.light_curve import render_sector
from app_tess.plots.notice import render_notice
from app_tess.plots.period_radius import render_period_radius
from app_tess.plots.search import render_periodogram
from app_tess.plots.timing_error import render_timing_errors
from tests.support.light_curves import PLANET, make_light_curve
from tests.support.reports import made_up_pair

PHONE_PX, CARD_PX = 390, 337
"""Width of a phone, and of a picture in a card on it [CSS pixels]."""
LEAST_PX = 9
OUTLOOK = TimingOutlook("TOI-1.01", Ephemeris(3.0, 1330.0, 2.0, 1e-4, 1e-3), 3000.0, 0.01, None)
STARS = [SimpleNamespace(tic_id=12345678901 + i, ra_deg=10 + i / 50, dec_deg=5.0, tmag=9.0) for i in range(3)]
PERIODOGRAM = {"period_d": [1, 2, 3], "sde": [1.0, 9.0, 2.0], "window": [0.1, 0.2, 0.1]}
DRAWINGS = {
    "sector": lambda theme: render_sector(make_light_curve(), [("TOI-1.01", PLANET)], theme=theme),
    "fold": lambda theme: render_folded(
        stitch([make_light_curve()], [PLANET]), PLANET, "TOI-1.01", depth_ppm=9000, theme=theme
    ),
    "notice": lambda theme: render_notice("Nothing can be drawn here, and this sentence says why.", theme=theme),
    "periodogram": lambda theme: render_periodogram(
        PERIODOGRAM, [("signal 1", 2.0)], [("TOI-1.01", 3.0)], "TIC 12345678901", 7, theme=theme
    ),
    "finding chart": lambda theme: render_finding_chart(STARS[0], STARS[1:], 10, theme),
    "timing error": lambda theme: render_timing_errors([OUTLOOK], "TIC 12345678901", theme),
    "evaluation": lambda theme: model_report.render_evaluation(made_up_pair(), theme),
    "slices": lambda theme: model_report.slices_chart(made_up_pair(), theme),
    "sky": lambda theme: sky.render_sky(sky.Points(*np.ones((3, 5))), theme=theme),
    "period and radius": lambda theme: render_period_radius(*np.ones((3, 5)), theme=theme),
}


def size(picture):
    return np.array(Image.open(io.BytesIO(picture.png)).size)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_sharp_picture_has_twice_the_pixels_and_one_for_phones_their_width(name):
    wide, sharp, narrow = (size(DRAWINGS[name](look)) for look in ("light", "dark sharp", "light narrow"))
    assert np.abs(sharp - 2 * wide).max() <= 1
    assert narrow[0] <= 2 * PHONE_PX and narrow[0] >= CARD_PX * 2


@pytest.mark.parametrize("name", sorted(DRAWINGS.keys() - {"sky", "period and radius"}))
def test_text_on_a_phone_is_large_enough_and_none_is_cut_off(monkeypatch, name):
    drawn = []
    lay_out = style.lay_out
    monkeypatch.setattr(style, "lay_out", lambda figure: (lay_out(figure), drawn.append(figure)))
    DRAWINGS[name]("light narrow")
    [figure] = drawn
    width = figure.get_figwidth() * figure.dpi
    for text in figure.findobj(Text):
        shown_px = text.get_fontsize() / 72 * CARD_PX / style.NARROW_IN
        assert shown_px >= LEAST_PX or not text.get_text().strip(), text
    labels = [label for axes in figure.axes for label in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    legends = [text for axes in figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()]
    for text in [*figure.texts, *labels, *legends]:
        box = text.get_window_extent()
        assert not text.get_text() or (box.x0 >= -1 and box.x1 <= width + 1), text
