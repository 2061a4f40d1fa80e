"""The style of every picture: Okabe & Ito's colors, safe for color blindness, on a light and on a dark background."""

import io
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app_tess.errors import InvalidInput

OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
"""Okabe & Ito 2008, "Color Universal Design": eight colors distinct for all common kinds of color vision."""

DPI = 110
"""Resolution of the exported PNG [pixels per inch]: 8 inches are 880 pixels, the width of the page's column."""


@dataclass(frozen=True)
class Theme:
    """Colors of a theme: background, text, faint lines, data points, binned points, model, and marks in order."""

    name: str
    paper: str
    ink: str
    faint: str
    point: str
    binned: str
    model: str
    marks: tuple


THEMES = {
    "light": Theme(
        "light",
        "#FFFFFF",
        "#1A1A1A",
        "#C9CDD2",
        "#8A9099",
        OKABE_ITO["blue"],
        OKABE_ITO["vermilion"],
        (
            OKABE_ITO["vermilion"],
            OKABE_ITO["green"],
            OKABE_ITO["purple"],
            OKABE_ITO["blue"],
            OKABE_ITO["orange"],
            OKABE_ITO["sky"],
        ),
    ),
    "dark": Theme(
        "dark",
        "#14171C",
        "#E8EAED",
        "#3A4048",
        "#7C848F",
        OKABE_ITO["sky"],
        OKABE_ITO["orange"],
        (
            OKABE_ITO["orange"],
            OKABE_ITO["sky"],
            OKABE_ITO["purple"],
            OKABE_ITO["yellow"],
            OKABE_ITO["green"],
            OKABE_ITO["vermilion"],
        ),
    ),
}

MARKERS = ("^", "s", "D", "v", "o", "P", "X")
"""A different marker for each object, so that nothing depends on color alone."""


@dataclass(frozen=True)
class Picture:
    """A rendered picture: PNG bytes, alternative text, and its provenance (None: not stated)."""

    png: bytes
    alt: str
    provenance: dict | None = None

    def _repr_png_(self):
        """Return the PNG that a notebook shows."""
        return self.png


def get_theme(name):
    """Return the theme with a name; InvalidInput lists the names."""
    if name not in THEMES:
        raise InvalidInput(f"'{name}' is not a theme: choose one of {', '.join(THEMES)}.", field="theme")
    return THEMES[name]


class ThemedFigure(Figure):
    """A Figure that knows the theme it is drawn in."""

    theme: Theme


def new_figure(width_in, height_in, theme="light"):
    """Return an empty Figure [inches] in a theme (`figure.theme`), laid out so that no label is cut."""
    figure = ThemedFigure(figsize=(width_in, height_in), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    figure.theme = get_theme(theme)
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
    axes.grid(True, color=theme.faint, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return axes


def add_legend(axes, **options):
    """Add a legend in the theme's colors if anything is labeled."""
    handles, _ = axes.get_legend_handles_labels()
    if handles:
        theme = axes.figure.theme
        axes.legend(fontsize=8, labelcolor=theme.ink, facecolor=theme.paper, edgecolor=theme.faint, **options)


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
    buffer = io.BytesIO()
    figure.savefig(
        buffer,
        format="png",
        facecolor=figure.get_facecolor(),
        metadata={"Software": "TESS Planet Finder", **({"Title": title} if title else {})},
    )
    return buffer.getvalue()
