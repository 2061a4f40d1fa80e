"""A folded transit small enough for a table's row: an SVG of some two kilobytes, drawn from a view that was stored."""
from xml.sax.saxutils import escape

import numpy as np

from app_tess.plots.style import THEMES

WIDTH, HEIGHT = 96, 32
LOW, HIGH = -1.15, 0.5
"""The shown levels: a view's median is 0, its deepest point -1. What lies beyond is drawn on the edge."""
STYLE = (".z{{stroke:{light.faint}}}.v{{stroke:{light.binned}}}text{{fill:{light.ink}}}"
         "@media(prefers-color-scheme:dark){{.z{{stroke:{dark.faint}}}.v{{stroke:{dark.binned}}}text{{fill:{dark.ink}}}}}").format(**THEMES)
"""One file serves both themes: an <img> passes the colour scheme of its place on to the drawing."""


def render_thumbnail(view, alt, *, simulated=False):
    """Draw a view.

    Parameters
    ----------
    view : sequence of float
        A local view (median 0, depth -1); None or NaN where there is no data.
    alt : str
        What it shows, in a sentence: the picture's title.
    simulated : bool
        Written across it, as on every picture of made-up data.

    Returns
    -------
    str
        The SVG's text, on no ground of its own.
    """
    values = np.clip(np.array([np.nan if value is None else value for value in view], dtype=float), LOW, HIGH)
    points = [f"{x:.1f} {y:.1f}" for x, y in zip(np.linspace(1, WIDTH - 1, len(values)), _pixel(values)) if np.isfinite(y)]
    dots = "".join(f"M{point}h0" for point in points)
    word = f'<text x="0" y="{HEIGHT - 1}" font-family="sans-serif" font-size="8">simulated</text>' if simulated else ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">'
            f'<title>{escape(alt)}</title><style>{STYLE}</style><path class="z" d="M0 {_pixel(0.0):.1f}h{WIDTH}"/>'
            f'<path class="v" d="{dots}" stroke-width="2.5" stroke-linecap="round"/>{word}</svg>')


def _pixel(level):
    return 1 + (HEIGHT - 2) * (HIGH - level) / (HIGH - LOW)
