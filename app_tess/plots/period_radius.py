"""Planet radius against period of the TOIs in a list, colored by probability."""

import numpy as np
from matplotlib.axes import Axes

from app_tess.plots.sky import HEIGHT_PX, WIDTH_PX, Points, scatter_by_probability
from app_tess.plots.style import DPI, export_png, new_figure, style_axes
from app_tess.plots.themes import Picture

LEFT, BOTTOM, WIDTH, HEIGHT = 0.11, 0.15, 0.85, 0.75
"""Fixed position of the axes in the figure, from which `period_radius_pixels` computes where a TOI is drawn."""
PERIOD_D = (0.2, 1000.0)
RADIUS_REARTH = (0.3, 40.0)
"""Limits of the axes, which contain nearly every TOI; those outside are drawn at the edge."""

__all__ = ["HEIGHT_PX", "WIDTH_PX", "Points", "drawable", "period_radius_pixels", "render_period_radius"]


def drawable(period_d, planet_radius_rearth):
    """Return a mask of the TOIs with a positive period and radius."""
    with np.errstate(invalid="ignore"):
        return (np.asarray(period_d, dtype=float) > 0) & (np.asarray(planet_radius_rearth, dtype=float) > 0)


def period_radius_pixels(period_d, planet_radius_rearth):
    """Return where `render_period_radius` draws TOIs [pixels from the upper left corner], shape (N,) each."""
    x, y = (_share(values, ends) for values, ends in ((period_d, PERIOD_D), (planet_radius_rearth, RADIUS_REARTH)))
    return WIDTH_PX * (LEFT + WIDTH * x), HEIGHT_PX * (1 - BOTTOM - HEIGHT * y)


def render_period_radius(period_d, planet_radius_rearth, points, *, theme="light"):
    """Draw planet radius against period for TOIs that are `drawable`."""
    figure = new_figure(WIDTH_PX / DPI, HEIGHT_PX / DPI, theme)
    figure.set_layout_engine("none")
    axes = Axes(figure, (LEFT, BOTTOM, WIDTH, HEIGHT))
    figure.add_axes(axes)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=PERIOD_D,
        ylim=RADIUS_REARTH,
        xlabel="Period [d]",
        ylabel="Planet radius [R$_\\oplus$]",
        title=f"Period and radius of {len(points.probability):,} TOIs",
    )
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.set_yticks([1, 2, 4, 11.2, 30], ["1", "2", "4", "11.2", "30"])
    axes.minorticks_off()
    axes.title.set_fontsize(11)
    style_axes(axes)
    x, y = (np.clip(values, *ends) for values, ends in ((period_d, PERIOD_D), (planet_radius_rearth, RADIUS_REARTH)))
    scatter_by_probability(axes, x, y, points)
    alt = (
        f"Planet radius in Earth radii against orbital period in days for {len(x):,} TOIs, both logarithmic, colored"
        " by planet probability."
    )
    return Picture(export_png(figure, "Period and radius"), alt)


def _share(values, ends):
    low, high = np.log10(ends)
    return np.clip((np.log10(np.asarray(values, dtype=float)) - low) / (high - low), 0, 1)
