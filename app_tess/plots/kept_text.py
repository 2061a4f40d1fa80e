"""A canvas that keeps the images of its texts: those of labels recur in picture after picture.

Matplotlib shapes and renders every character of every label again for each figure, and shapes it once more to measure
it, which takes longer than drawing the rest of a light curve. Here a text is rendered once for each size and angle, at
whole pixels; the last KEPT_TEXTS are kept. Mathematical text is matplotlib's own.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import RenderMode

KEPT_TEXTS = 512
"""About 4 kB each, 16 kB on sharp screens."""

FIXED = 0x10000
"""One, in FreeType's numbers for a matrix; lengths are in 1/64 pixel."""


class TextImage(NamedTuple):
    """A line of text: its opacity, where that lies from the line's start [pixel, upwards], and its size [pixel]."""

    alpha: np.ndarray
    left: int
    bottom: int
    width: float
    height: float
    descent: float


class LineHeights(NamedTuple):
    """What a font reserves above and below the baseline, and between two lines [pixel]."""

    ascent: float
    descent: float
    gap: float


def _font(fonts) -> Any:
    return get_font(fonts)


@lru_cache(KEPT_TEXTS)
def text_image(text, fonts, size, dpi, angle):
    """Return a line of text in the first of some fonts that has each character, turned by an angle [deg].

    Parameters
    ----------
    text : str
    fonts : tuple
        Paths, as matplotlib's font manager finds them.
    size, dpi : float
        In points, and pixels per inch.
    angle : float

    Returns
    -------
    TextImage
    """
    flags, font = get_hinting_flag(), _font(fonts)
    font.clear()
    font.set_size(size, dpi)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turn = (FIXED * np.array([[cos, -sin], [sin, cos]])).round().astype(int)
    glyphs = []
    for item in font._layout(text, flags=flags):
        place = [round(64 * (item.x * cos - item.y * sin)), round(64 * (item.x * sin + item.y * cos))]
        item.ft_object.set_size(size, dpi)
        item.ft_object._set_transform(turn, place)
        glyph = item.ft_object._render_glyph(item.glyph_index, flags, RenderMode.NORMAL)
        if glyph.buffer.size:
            glyphs.append((glyph.left, glyph.top, glyph.buffer))
    font.set_text(text, 0.0, flags=flags)
    width, height = font.get_width_height()
    alpha, left, bottom = _composed(glyphs)
    return TextImage(alpha, left, bottom, width / 64, height / 64, font.get_descent() / 64)


def _composed(glyphs):
    """Return one image of some glyphs (left, top, opacity), with its left and bottom."""
    if not glyphs:
        return np.zeros((0, 0), np.uint8), 0, 0
    left, top = min(x for x, _, _ in glyphs), max(y for _, y, _ in glyphs)
    right = max(x + image.shape[1] for x, _, image in glyphs)
    bottom = min(y - image.shape[0] for _, y, image in glyphs)
    alpha = np.zeros((top - bottom, right - left), np.uint8)
    for x, y, image in glyphs:
        part = alpha[top - y : top - y + image.shape[0], x - left : x - left + image.shape[1]]
        np.maximum(part, image, out=part)
    return alpha, left, bottom


@lru_cache
def line_heights(fonts, size, dpi):
    """Return the LineHeights of a font, from its tables, as `matplotlib.text` reads them for each label."""
    font = _font(fonts)
    table = font.get_sfnt_table("OS/2")
    scale = size * dpi / 72 / font.get_sfnt_table("head")["unitsPerEm"]
    return LineHeights(table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale)


@lru_cache
def _fonts(family, style, variant, weight, stretch, file):
    wanted = FontProperties(family=family, style=style, variant=variant, weight=weight, stretch=stretch, fname=file)
    return tuple(fontManager._find_fonts_by_props(wanted))


def _font_of(properties):
    """Return the fonts that have some properties, and their size [points]."""
    names = ("family", "style", "variant", "weight", "stretch", "file")
    family, *others = (getattr(properties, f"get_{name}")() for name in names)
    return _fonts(tuple(family), *others), properties.get_size_in_points()


class KeptTextRenderer(RendererAgg):
    """Draws and measures text from kept images."""

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Draw a line of text that starts at a place, rounded to pixels."""
        if ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        image = text_image(s, *_font_of(prop), self.dpi, angle)
        if image.alpha.size:
            self._renderer.draw_text_image(image.alpha, round(x) + image.left, round(y) - image.bottom, 0, gc)

    def get_text_width_height_descent(self, s, prop, ismath):
        """Return the size of a line of text [pixel]."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        image = text_image(s, *_font_of(prop), self.dpi, 0.0)
        return image.width, image.height, image.descent

    def _get_font_height_metrics(self, prop):
        return line_heights(*_font_of(prop), self.dpi)


class KeptTextCanvas(FigureCanvasAgg):
    """A canvas with a KeptTextRenderer."""

    def get_renderer(self):
        """Return the renderer of the figure's present size and resolution."""
        key = *self.get_width_height(physical=True), self.figure.dpi
        if self._lastKey != key:
            self.renderer, self._lastKey = KeptTextRenderer(*key), key
        return self.renderer
