"""A folded transit for a table's row: an SVG of about two kilobytes, drawn from a stored view."""

from xml.sax.saxutils import escape

import numpy as np

from app_tess.plots.themes import THEMES

WIDTH, HEIGHT = 96, 32
EDGE = 1.5
"""Margin around the centers of the dots, slightly more than their radius [px]."""
WORD_HEIGHT = 7
"""Margin below them for the label [px]."""
LOW, HIGH = -1.15, 0.5
"""Levels shown: a view's median is 0 and its deepest point -1; points beyond are drawn at the edge."""
STYLE = (
    ".z{{stroke:{light.faint}}}.v{{stroke:{light.binned}}}text{{fill:{light.ink}}}"
    "@media(prefers-color-scheme:dark){{.z{{stroke:{dark.faint}}}.v{{stroke:{dark.binned}}}text{{fill:{dark.ink}}}}}"
).format(**THEMES)
"""One file serves both themes: an <img> applies the color scheme of its page."""


def render_thumbnail(view, alt, *, simulated=False):
    """Draw a view.

    Parameters
    ----------
    view : sequence of float
        A local view (median 0, depth -1); None or NaN where there is no data.
    alt : str
        What it shows, in a sentence: the picture's title.
    simulated : bool
        Written below it, as on every picture of made-up data.

    Returns
    -------
    str
        The SVG's text, on a transparent background.
    """
    values = np.clip(np.array([np.nan if value is None else value for value in view], dtype=float), LOW, HIGH)
    floor = HEIGHT - WORD_HEIGHT if simulated else HEIGHT
    levels = EDGE + (floor - 2 * EDGE) * (HIGH - np.append(values, 0.0)) / (HIGH - LOW)
    points = [
        f"{x:.1f} {y:.1f}"
        for x, y in zip(np.linspace(EDGE, WIDTH - EDGE, len(values)), levels[: len(values)], strict=True)
        if np.isfinite(y)
    ]
    dots = "".join(f"M{point}h0" for point in points)
    word = f'<text x="0" y="{HEIGHT - 1}" font-family="sans-serif" font-size="8">simulated</text>' if simulated else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">'
        f'<title>{escape(alt)}</title><style>{STYLE}</style><path class="z" d="M0 {levels[-1]:.1f}h{WIDTH}"/>'
        f'<path class="v" d="{dots}" stroke-width="2.5" stroke-linecap="round"/>{word}</svg>'
    )
