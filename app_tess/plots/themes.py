"""Themes, layouts, Okabe & Ito's colors, and the value that a rendered picture is. Nothing here imports matplotlib."""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Theme:
    """How a picture is drawn.

    Colors of the background, text, faint lines, data points, binned points, model, and marks in order; whether it is
    for a phone; and the pixels of the file per CSS pixel of the page.
    """

    name: str
    paper: str
    ink: str
    faint: str
    point: str
    binned: str
    model: str
    marks: tuple
    is_narrow: bool = False
    scale: int = 1

    @property
    def colors(self):
        """All colors of the theme."""
        return self.paper, self.ink, self.faint, self.point, self.binned, self.model, *self.marks


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

LAYOUTS: dict[str, dict[str, object]] = {
    "wide": {},
    "sharp": {"scale": 2},
    "narrow": {"is_narrow": True, "scale": 2},
}
"""Layout -> what differs: sharp is for screens with several pixels to a CSS pixel, narrow for phones."""


def look_of(theme, layout="wide"):
    """Return the name of a theme in a layout, by which pictures are asked for: "dark", "dark narrow"."""
    return theme if layout == "wide" else f"{theme} {layout}"


LOOKS = {
    look_of(theme.name, layout): replace(theme, **differs)  # type: ignore[arg-type]
    for theme in THEMES.values()
    for layout, differs in LAYOUTS.items()
}
"""Name of a look -> Theme."""

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
    """Return the Theme of a look; InvalidInput lists the names."""
    if name not in LOOKS:
        raise InvalidInput(f"'{name}' is not a theme: choose one of {', '.join(LOOKS)}.", field="theme")
    return LOOKS[name]
