"""A sentence in place of a picture: an `<img>` then shows the reason instead of a broken image."""

import textwrap

from app_tess.plots.style import export_png, new_figure
from app_tess.plots.themes import Picture

LINE_CHARACTERS, NARROW_CHARACTERS = 70, 38


def render_notice(sentence, *, theme="light"):
    """Draw a sentence, which is also the alternative text."""
    figure = new_figure(7.2, 1.6, theme)
    figure.text(
        0.5,
        0.5,
        textwrap.fill(sentence, NARROW_CHARACTERS if figure.theme.is_narrow else LINE_CHARACTERS),
        color=figure.theme.ink,
        fontsize=11,
        ha="center",
        va="center",
    )
    return Picture(export_png(figure, "No picture"), sentence)
