"""The style of every figure: a theme's colors on its background, legends, the watermark, and the export as a PNG."""

import textwrap
import threading

import numpy as np
from matplotlib.figure import Figure

from app_tess.plots.kept_text import KeptTextCanvas
from app_tess.plots.layout import lay_out
from app_tess.plots.plain_axes import PlainAxes
from app_tess.plots.png import encode_png
from app_tess.plots.themes import Theme, get_theme

DPI = 110
"""Resolution of the exported PNG [CSS pixels per inch]: 8 inches are 880 pixels, the width of the page's column."""

NARROW_IN = 3.4
"""Width of a picture for phones [inches]: a page of 390 CSS pixels shows 8 points as 9 pixels or more."""

NARROW_LETTERS = 35
"""Characters per line of a title [10 points] on that width."""

NARROW_COLUMNS, NARROW_ENTRY = 2, 16
"""Most columns of a legend on that width, and the letters of an entry beyond which there is one."""

NARROW_TICKS = 5
"""Most labels of an axis of dates on that width."""

LEAST_POINTS = 8
"""Smallest text of a picture for phones [points]."""


BELOW = 4.6
"""Distance of a legend below the axes [its font size]."""

DRAWING = threading.RLock()
"""Held while a figure is laid out or drawn: matplotlib's fonts are shared, and two threads in them raise errors."""


class ThemedFigure(Figure):
    """A Figure that knows the theme it is drawn in, with plain axes unless others are named."""

    theme: Theme

    def add_subplot(self, *args, **options):
        """Add plain axes."""
        return super().add_subplot(*args, **{"axes_class": PlainAxes, **options})


def new_figure(width_in, height_in, theme="light", layout="constrained"):
    """Return an empty Figure [inches] in a theme (`figure.theme`), laid out so that no label is cut.

    For phones it is at most NARROW_IN wide. With layout None the caller leaves room for the labels: of many axes,
    finding it takes longer than drawing them.
    """
    look = get_theme(theme)
    width_in = min(width_in, NARROW_IN) if look.is_narrow else width_in
    figure = ThemedFigure(figsize=(width_in, height_in), dpi=DPI * look.scale, layout=layout)
    KeptTextCanvas(figure)
    figure.theme = look
    figure.set_facecolor(figure.theme.paper)
    return figure


def style_axes(axes):
    """Apply the theme's colors to axes in a figure from `new_figure`; return the axes."""
    theme = axes.figure.theme
    axes.set_facecolor(theme.paper)
    axes.tick_params(colors=theme.ink, labelcolor=theme.ink, labelsize=9)
    for side, spine in axes.spines.items():
        spine.set_color(theme.ink)
        spine.set_visible(side in ("left", "bottom"))
    for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
        text.set_color(theme.ink)
        if theme.is_narrow:
            text.set_fontsize(9)
    axes.grid(True, color=theme.faint, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return axes


def add_legend(axes, **options):
    """Add a legend in the theme's colors if anything is labeled."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        theme = axes.figure.theme
        if theme.is_narrow and "ncols" in options:
            is_long = max(map(len, labels)) > NARROW_ENTRY
            options["ncols"] = 1 if is_long else min(options["ncols"], NARROW_COLUMNS)
        axes.legend(fontsize=8, labelcolor=theme.ink, facecolor=theme.paper, edgecolor=theme.faint, **options)


def add_legend_below(axes, **options):
    """Add a legend under the label of the axes' x axis, as far away as a label and ticks of a line each need."""
    add_legend(axes, loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=BELOW, **options)


def draw_points(axes, x, y, size, **look):
    """Draw points of a diameter [points]; without an edge, which matplotlib would draw once more for each."""
    return axes.plot(x, y, linestyle="none", marker="o", markersize=size, markeredgewidth=0, **look)


def draw_verticals(axes, places, **look):
    """Draw vertical lines across the axes as one artist."""
    x, y = np.repeat(places, 3), np.tile([0, 1, np.nan], len(places))
    axes.plot(x, y, transform=axes.get_xaxis_transform(), scalex=False, scaley=False, **look)


def set_title(axes, text, fontsize=10):
    """Title axes in the theme's color, in as many lines as a phone needs."""
    theme = axes.figure.theme
    size = min(fontsize, 10) if theme.is_narrow else fontsize
    axes.set_title(fold_lines(theme, text), color=theme.ink, fontsize=size)


def fold_lines(theme, text):
    """Return a title, in lines of NARROW_LETTERS where it is for a phone."""
    if not theme.is_narrow:
        return text
    return "\n".join(textwrap.fill(line, NARROW_LETTERS) for line in text.splitlines())


def thin_out_dates(axis, timezone=None):
    """Let an axis of dates have no more labels than there is room for."""
    import matplotlib.dates as mdates

    if axis.axes.figure.theme.is_narrow:
        axis.set_major_locator(mdates.AutoDateLocator(tz=timezone, maxticks=NARROW_TICKS))


def watermark(figure, text="SIMULATED"):
    """Write SIMULATED across the whole picture, so that a cropped copy still shows it."""
    figure.text(
        0.5,
        0.5,
        text,
        fontsize=max(14, 6.5 * figure.get_figwidth()),
        color=figure.theme.model,
        alpha=0.16,
        ha="center",
        va="center",
        rotation=18,
        weight="bold",
        zorder=10,
    )


def export_png(figure, title=None):
    """Return the figure as a reproducible PNG; `title` goes into the file's metadata."""
    with DRAWING:
        lay_out(figure)
        figure.canvas.draw()
    return encode_png(np.asarray(figure.canvas.buffer_rgba()), figure.theme.colors, title, figure.dpi)
