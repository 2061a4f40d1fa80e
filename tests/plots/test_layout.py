"""No label is cut off and none covers another, whether one pair of axes or several are laid out."""

from itertools import combinations

import pytest
from matplotlib.text import Text

from app_tess.plots.layout import lay_out
from app_tess.plots.style import add_legend_below, new_figure, set_title, style_axes

LOOKS = ["light", "light narrow"]


def decorated(figure, **limits):
    axes = style_axes(figure.add_subplot())
    axes.set(**limits)
    axes.ticklabel_format(useOffset=False)
    axes.set_xlabel("Time [BTJD, days]")
    axes.set_ylabel("Flux relative to the median")
    axes.plot([], [], label="one")
    axes.plot([], [], label="other, described in many words")
    set_title(axes, "A title of two lines on a phone,\nand nothing of it is cut")
    add_legend_below(axes, ncols=2)
    return axes


def texts_of(figure):
    """Extents of the visible texts inside a figure, of tick labels too."""
    return [
        (text.get_text(), text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "limits",
    [
        {"xlim": (1325, 1353), "ylim": (0.97, 1.01)},
        {"xlim": (0, 1), "ylim": (0.99999991, 1.0000002)},  # long labels at the left
        {"xlim": (1e9, 1e9 + 10000), "ylim": (0, 1)},  # at the bottom, the last of which reaches beyond the axes
        {"xlim": (3, 0), "ylim": (-12345678, 12345678)},
    ],
)
def test_labels_of_lone_axes_are_whole_and_apart(look, limits):
    figure = new_figure(7.2, 3.7, look)
    axes = decorated(figure, **limits)
    lay_out(figure)
    figure.canvas.draw()
    edge = figure.bbox
    boxes = texts_of(figure)
    assert len(boxes) > 10
    for text, box in boxes:
        assert box.x0 >= -1 and box.x1 <= edge.width + 1, text
        assert box.y0 >= -1 and box.y1 <= edge.height + 1, text
    around = [axes.title, axes.xaxis.label, axes.yaxis.label, axes.get_legend()]
    for one, other in combinations([part.get_window_extent() for part in around], 2):
        assert not one.overlaps(other)
    for label in axes.xaxis.get_children()[2:]:
        assert not axes.get_legend().get_window_extent().overlaps(label.get_window_extent())


@pytest.mark.parametrize("look", LOOKS)
def test_lone_axes_fill_the_figure(look):
    figure = new_figure(7.2, 3.7, look)
    axes = decorated(figure, xlim=(0, 1), ylim=(0, 1))
    lay_out(figure)
    box = axes.get_tightbbox(figure.canvas.get_renderer(), for_layout_only=True)
    pad = 0.04167 * figure.dpi
    assert box.bounds == pytest.approx((pad, pad, figure.bbox.width - 2 * pad, figure.bbox.height - 2 * pad), abs=1)


def test_several_axes_and_titles_of_the_figure_are_laid_out_by_matplotlib():
    figure = new_figure(7.2, 6)
    rows = [style_axes(axes) for axes in figure.subplots(2, 1)]
    for axes in rows:
        axes.set_xlabel("Time [d]")
        axes.set_title("Title")
    title = figure.suptitle("All of it")
    lay_out(figure)
    figure.canvas.draw()
    upper, lower = (axes.get_tightbbox() for axes in rows)
    assert not upper.overlaps(lower) and not upper.overlaps(title.get_window_extent())
