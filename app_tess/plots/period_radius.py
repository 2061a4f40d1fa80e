"""Planet radius against period of the TOIs in a list, colored by probability."""

from dataclasses import astuple
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes

from app_tess.plots.map_places import PERIOD_D, RADIUS_REARTH, period_radius_pixels
from app_tess.plots.point_maps import FRAMES_KEPT, Frame, add_band_key, draw_points, map_figure, rasterize, sheet_of
from app_tess.plots.style import style_axes
from app_tess.plots.themes import Picture


def drawable(period_d, planet_radius_rearth):
    """Return a mask of the TOIs with a positive period and radius."""
    with np.errstate(invalid="ignore"):
        return (np.asarray(period_d, dtype=float) > 0) & (np.asarray(planet_radius_rearth, dtype=float) > 0)


def render_period_radius(period_d, planet_radius_rearth, probability, *, theme="light"):
    """Draw planet radius against period for TOIs that are `drawable`, colored by probability (NaN: not scored)."""
    title = f"Period and radius of {len(probability):,} TOIs"
    x_px, y_px = period_radius_pixels(period_d, planet_radius_rearth, sheet_of(theme))
    alt = (
        f"Planet radius in Earth radii against orbital period in days for {len(probability):,} TOIs, both logarithmic,"
        " colored by planet probability."
    )
    return Picture(draw_points(_frame(theme), x_px, y_px, probability, title, theme), alt)


@lru_cache(FRAMES_KEPT)
def _frame(theme):
    """Return the empty axes, on which the points stand."""
    figure = map_figure(theme)
    axes = Axes(figure, astuple(sheet_of(theme).period_radius))
    figure.add_axes(axes)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=PERIOD_D,
        ylim=RADIUS_REARTH,
        xlabel="Period [d]",
        ylabel="Planet radius [R$_\\oplus$]",
    )
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_yticks([1, 2, 4, 11.2, 30], ["1", "2", "4", "11.2", "30"])
    axes.minorticks_off()
    style_axes(axes)
    add_band_key(figure)
    return Frame(rasterize(figure))
