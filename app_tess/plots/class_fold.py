"""The views that a TOI's class was found from, drawn without a word that gives the class away: an SVG of 4 kB."""

import numpy as np

from app_tess.plots.thumbnail import STYLE

WIDTH, HEIGHT = 480, 150
PANELS = {"one period": (8, 290), "around the transit": (312, 472)}
"""Caption -> left and right edge of the points [px]."""
TOP, FLOOR, CAPTION = 22, 122, 142
"""Upper and lower edge of the points, and the captions' baseline [px]."""
LOW, HIGH = -1.1, 1.1
"""Levels shown: a view's median is 0 and its deepest point -1; points beyond are drawn at the edge."""


def render_views(global_view, local_view, title, *, simulated=False):
    """Draw the global and the local view of a fold beside each other.

    Parameters
    ----------
    global_view, local_view : sequence of float
        Median 0, deepest point -1; None or NaN where there is no data.
    title : str
        The picture's title, of words that need no escaping.
    simulated : bool
        Written on it, as on every picture of made-up data.

    Returns
    -------
    str
        The SVG's text, on a transparent background, for both themes.
    """
    zero = _level(0.0)
    panels = [
        f'<path class="z" d="M{left} {zero:.1f}H{right}"/>'
        f'<path class="v" d="{_dots(view, left, right)}" stroke-width="3" stroke-linecap="round"/>'
        f"{_text((left + right) / 2, CAPTION, caption)}"
        for view, (caption, (left, right)) in zip((global_view, local_view), PANELS.items(), strict=True)
    ]
    word = _text(WIDTH - 40, 14, "simulated") if simulated else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" fill="none"><title>{title}</title><style>{STYLE}</style>'
        f"{''.join(panels)}{word}</svg>"
    )


def _text(x, y, words):
    return f'<text x="{x:.0f}" y="{y}" text-anchor="middle" font-family="sans-serif" font-size="13">{words}</text>'


def _level(value):
    return TOP + (FLOOR - TOP) * (HIGH - value) / (HIGH - LOW)


def _dots(view, left, right):
    values = np.array([np.nan if value is None else value for value in view], dtype=float)
    places = zip(np.linspace(left, right, len(values)), _level(np.clip(values, LOW, HIGH)), strict=True)
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places if np.isfinite(y))
