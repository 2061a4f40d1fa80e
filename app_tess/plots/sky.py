"""Sky map of the stars in a list: Aitoff projection, with the galactic plane."""

from dataclasses import astuple, dataclass
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke

from app_tess.astro.sky import galactic_to_icrs
from app_tess.plots.map_places import HALF_HEIGHT, HALF_WIDTH, aitoff, sky_pixels
from app_tess.plots.point_maps import FRAMES_KEPT, Frame, add_band_key, draw_points, map_figure, rasterize, sheet_of
from app_tess.plots.style import LEAST_POINTS, add_legend
from app_tess.plots.themes import Picture


@dataclass(frozen=True)
class Points:
    """The points to draw, shape (N,) each: position [deg], probability (NaN: not scored)."""

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    probability: np.ndarray


def galactic_plane(points=361):
    """Return the galactic equator, (ra_deg, dec_deg), shape (points,) each."""
    return galactic_to_icrs(np.linspace(0, 360, points), np.zeros(points))


def render_sky(points, *, theme="light"):
    """Draw the sky map; points are colored by probability."""
    title = f"Sky map, ICRS: {len(points.ra_deg):,} TOIs"
    x_px, y_px = sky_pixels(points.ra_deg, points.dec_deg, sheet_of(theme))
    alt = (
        f"Map of the whole sky in right ascension and declination with {len(points.ra_deg):,} TOIs, colored by planet "
        "probability, and the galactic plane."
    )
    return Picture(draw_points(_frame(theme), x_px, y_px, points.probability, title, theme), alt)


@lru_cache(FRAMES_KEPT)
def _frame(theme):
    """Return the empty map: its lines and texts stand above the points."""
    figure = map_figure(theme)
    axes = Axes(figure, astuple(sheet_of(theme).sky))
    figure.add_axes(axes)
    axes.set(xlim=(-HALF_WIDTH, HALF_WIDTH), ylim=(-HALF_HEIGHT, HALF_HEIGHT))
    axes.set_axis_off()
    _draw_grid(axes, figure.theme)
    ra, dec = galactic_plane()
    x, y = aitoff(ra, dec)
    breaks = np.flatnonzero(np.abs(np.diff(ra)) > 180) + 1
    axes.plot(
        np.insert(x, breaks, np.nan),
        np.insert(y, breaks, np.nan),
        color=figure.theme.ink,
        lw=1.6,
        ls="--",
        label="galactic plane",
    )
    add_band_key(figure)
    add_legend(axes, loc="lower right", bbox_to_anchor=(1.0, -0.14))
    return Frame(rasterize(map_figure(theme)), rasterize(figure, transparent=True))


def _draw_grid(axes, theme):
    above = {
        "color": theme.ink,
        "fontsize": LEAST_POINTS,
        "zorder": 5,
        "path_effects": [Stroke(linewidth=2, foreground=theme.paper), Normal()],
    }
    for dec in (-60, -30, 0, 30, 60):
        axes.plot(*aitoff(np.linspace(0, 360, 181), np.full(181, dec)), color=theme.faint, lw=0.6)
        axes.text(*aitoff(359.9, dec), f"{dec:+d}°" if dec else "0°", ha="right", va="center", **above)
    for ra in (0, 60, 120, 180, 240, 300, 360):
        axes.plot(*aitoff(np.full(91, ra), np.linspace(-90, 90, 91)), color=theme.faint, lw=0.6)
        if 0 < ra < 360:
            axes.text(*aitoff(ra, 0), f"{ra}°", ha="center", va="bottom", **above)
