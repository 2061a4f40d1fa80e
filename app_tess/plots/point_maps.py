"""Plots of thousands of points on a frame that never changes: the frame is drawn once, the points for each list.

Drawing axes, texts and legend again takes several times as long as the points.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba_array
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from PIL import Image

from app_tess.astro.probability_bands import BANDS, NOT_SCORED
from app_tess.plots.map_places import NARROW, WIDE
from app_tess.plots.png import encode_png
from app_tess.plots.style import DPI, DRAWING, new_figure
from app_tess.plots.themes import get_theme

KEY_Y, KEY_X, KEY_STEP = 0.913, 0.04, 0.16
"""Position of the key of the bands, and of one entry after the other, in parts of the figure."""

NARROW_KEY_X, NARROW_KEY_Y = (0.04, 0.37, 0.66), (0.9, 0.84)
"""The same for phones: columns and rows."""

FRAMES_KEPT = 4
"""Of each plot: two themes on two kinds of screen; a sharp one has 3.5 MB."""

MANY = 500
"""Points beyond which they are drawn smaller."""


@dataclass(frozen=True)
class Frame:
    """What is drawn below and above the points: RGBA images of the size of the sheet."""

    below: Image.Image
    above: Image.Image | None = None


def sheet_of(theme):
    """Return the Sheet that is drawn in a theme."""
    return NARROW if get_theme(theme).is_narrow else WIDE


def map_figure(theme):
    """Return an empty figure of the size of a map, whose axes are placed by hand."""
    sheet = sheet_of(theme)
    figure = new_figure(sheet.width_px / DPI, sheet.height_px / DPI, theme)
    figure.set_layout_engine("none")
    return figure


def rasterize(figure, transparent=False):
    """Return a figure as an RGBA image."""
    if transparent:
        figure.set_facecolor("none")
    with DRAWING:
        figure.canvas.draw()
    return Image.fromarray(np.array(figure.canvas.buffer_rgba()), "RGBA")


def probability_colors(probability):
    """Return the color of the band of each probability as RGBA, shape (N, 4)."""
    lowest = np.array([band.lowest for band in BANDS[::-1]])
    number = np.searchsorted(lowest, probability, side="right") - 1
    return to_rgba_array([band.color for band in BANDS[::-1]])[np.clip(number, 0, None)]


def add_band_key(figure):
    """Draw the key of the colors above the axes: each band with its word, and the mark of what is not scored."""
    theme, (width, height) = figure.theme, figure.get_size_inches() * figure.dpi
    entries = [(band.color, band.color, band.word) for band in BANDS] + [("none", theme.point, NOT_SCORED)]
    for number, (face, edge, word) in enumerate(entries):
        x, y = KEY_X + KEY_STEP * number, KEY_Y
        if theme.is_narrow:
            x, y = NARROW_KEY_X[number % 3], NARROW_KEY_Y[number // 3]
        spot = np.array([[x * width, y * height]])
        _add_circles(figure, spot, 36, facecolors=face, edgecolors=edge, linewidths=0.8)
        figure.text(x + 8 * theme.scale / width, y, word, va="center_baseline", fontsize=8, color=theme.ink)


def draw_points(frame, x_px, y_px, probability, title, theme):
    """Draw points colored by probability, the most probable on top; hollow: not scored.

    Parameters
    ----------
    frame : Frame
    x_px, y_px : ndarray, shape (N,)
        From the upper left corner [CSS pixels].
    probability : ndarray, shape (N,)
        NaN: not scored.
    title : str
    theme : str

    Returns
    -------
    bytes
        A PNG.
    """
    figure = map_figure(theme)
    look = figure.theme
    known = np.isfinite(probability)
    order = np.argsort(probability[known], kind="stable")
    places = look.scale * np.column_stack([x_px, sheet_of(theme).height_px - y_px])
    _add_circles(figure, places[~known], 9, facecolors="none", edgecolors=look.point, linewidths=0.6)
    _add_circles(
        figure,
        places[known][order],
        9 if len(places) > MANY else 22,
        facecolors=probability_colors(probability[known][order]),
        edgecolors=look.faint if look.name == "dark" else "none",
        linewidths=0.4,
    )
    figure.text(0.5, 0.965, title, ha="center", va="center", fontsize=11, color=look.ink)
    picture = Image.alpha_composite(frame.below, rasterize(figure, transparent=True))
    if frame.above is not None:
        picture = Image.alpha_composite(picture, frame.above)
    return encode_png(np.asarray(picture), (*look.colors, *(band.color for band in BANDS)), title)


def _add_circles(figure, places, size, **look):
    """Add circles at places [pixels from the lower left corner]; `size` is the diameter in points, squared.

    Axes with a `scatter` would take 20 ms more.
    """
    circles = PathCollection(
        [Path.unit_circle()], sizes=(size / 4,), offsets=places, offset_transform=IdentityTransform(), **look
    )
    circles.set_transform(IdentityTransform())
    figure.add_artist(circles)
