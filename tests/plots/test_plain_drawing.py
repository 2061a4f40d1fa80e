"""What is drawn more cheaply than matplotlib draws it looks the same."""

import datetime as dt

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app_tess.plots import kept_text
from app_tess.plots.kept_text import KeptTextCanvas, text_image
from app_tess.plots.plain_axes import PlainAxes

BLOCK = 5
"""Pixels over which a picture is averaged before it is compared: a text may start at another part of a pixel."""
CLOSE = 0.15
"""Largest difference of two pictures that look the same, in terms of what is drawn."""
NIGHT = [dt.datetime(2026, 3, 1, hour) for hour in range(8)]


def drawn(decorate, axes_class, canvas):
    """The pixels of axes that a function decorated."""
    figure = Figure(figsize=(5, 3), dpi=110)
    canvas(figure)
    axes = figure.add_axes((0.2, 0.25, 0.75, 0.6), axes_class=axes_class)
    decorate(axes)
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())[..., :3].astype(int)


def difference(one, other):
    """How much two pictures differ, averaged over blocks."""
    apart = (one - other).reshape(one.shape[0] // BLOCK, BLOCK, one.shape[1] // BLOCK, BLOCK, 3).mean(axis=(1, 3))
    return np.abs(apart).sum()


def linear(axes):
    axes.plot([0, 27.4], [0.98, 1.01])
    axes.set_xlabel("Time [d]")
    axes.set_ylabel("Flux")
    axes.set_title("Two lines\nof a title")


def styled(axes):
    axes.set_xlim(3, -3)  # as on a finding chart
    axes.set_ylim(0.9999999, 1.0000001)
    axes.tick_params(colors="#D55E00", labelcolor="#0072B2", labelsize=7)
    axes.grid(True, color="#3A4048", linewidth=0.5, alpha=0.6)
    axes.ticklabel_format(useOffset=False)


def offset(axes):
    axes.plot([1000000, 1000001], [1e-9, 2e-9])


def logarithmic(axes):
    axes.set(xscale="log", yscale="log", xlim=(0.5, 1200), ylim=(2, 9))


def named(axes):
    axes.plot([0, 3], [0, 3], marker="o")
    axes.set_xticks([0, 1, 2, 9], ["2024\nn 7", "", "2026\nn 19", "outside"])
    axes.set_yticks([0, 1, 3], ["short", "a longer name", "two\nlines"])
    axes.set_xlim(-0.5, 3.5)


def dates(axes):
    axes.plot(NIGHT, range(8))


def without_labels(axes):
    axes.plot([0, 5], [0, 5])
    axes.tick_params(labelleft=False, labelbottom=False)
    axes.minorticks_on()


@pytest.mark.parametrize("decorate", [linear, styled, offset, logarithmic, named, dates, without_labels])
def test_plain_axes_on_a_canvas_of_kept_texts_look_like_matplotlibs(decorate):
    ours, theirs = drawn(decorate, PlainAxes, KeptTextCanvas), drawn(decorate, Axes, FigureCanvasAgg)
    blank = drawn(lambda axes: axes.axis("off"), Axes, FigureCanvasAgg)
    assert difference(ours, theirs) < CLOSE * difference(blank, theirs)


def test_a_text_is_rendered_once_for_all_pictures():
    text_image.cache_clear()
    first = drawn(linear, PlainAxes, KeptTextCanvas)
    rendered = text_image.cache_info().misses
    assert np.array_equal(first, drawn(linear, PlainAxes, KeptTextCanvas))
    assert text_image.cache_info().misses == rendered > 5


def test_texts_are_forgotten_when_many_others_were_drawn():
    assert text_image.cache_info().maxsize == kept_text.KEPT_TEXTS < 1000


@pytest.mark.parametrize("angle", [0, 90, 18])
def test_a_text_lies_where_matplotlib_draws_it(angle):
    def write(axes):
        axes.axis("off")
        axes.text(0.2, 0.2, "SIMULATED, μ ± 1σ", rotation=angle, fontsize=20, weight="bold")

    ours, theirs = (255 - drawn(write, Axes, canvas).min(axis=2) for canvas in (KeptTextCanvas, FigureCanvasAgg))
    for axis in (0, 1):
        center, other = (np.average(np.arange(len(ink)), weights=ink) for ink in (ours.sum(axis), theirs.sum(axis)))
        assert abs(center - other) < 0.6
    assert abs(ours.sum() / theirs.sum() - 1) < 0.02


def test_mathematical_text_is_drawn_too():
    def write(axes):
        axes.axis("off")
        axes.set_title(r"Radius [R$_\oplus$]")

    ours, theirs = (drawn(write, Axes, canvas) for canvas in (KeptTextCanvas, FigureCanvasAgg))
    assert difference(ours, theirs) < CLOSE * difference(np.full_like(theirs, 255), theirs)
