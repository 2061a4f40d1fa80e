"""A finding chart: the catalogue's stars around a target, north up and east left."""

import numpy as np

from app_tess.plots.style import LEAST_POINTS, export_png, new_figure, set_title, style_axes
from app_tess.plots.themes import Picture

FAINTEST = 16.0
"""Stars of this Tmag and fainter get the smallest disk."""


def render_finding_chart(target, companions, half_width_arcmin, theme="light"):
    """Draw a finding chart.

    Parameters
    ----------
    target, companions : Star, list of Star
        With tic_id, ra_deg, dec_deg and tmag (which may be None).
    half_width_arcmin : float
        Half the width of the field [arcmin].
    theme : str

    Returns
    -------
    Picture
    """
    figure = new_figure(4, 4, theme)
    axes, look = style_axes(figure.add_subplot()), figure.theme
    for star in (target, *companions):
        east, north = offset_arcmin(target, star)
        tmag = FAINTEST if star.tmag is None else star.tmag
        axes.scatter([east], [north], s=8 + 12 * max(FAINTEST - tmag, 0), color=look.ink, linewidths=0)
        if star is not target:
            label = f"TIC {star.tic_id}" + ("" if star.tmag is None else f", {star.tmag:.1f}")
            axes.annotate(
                label, (east, north), (4, 4), textcoords="offset points", fontsize=LEAST_POINTS, color=look.ink
            )
    axes.plot([0.5, 1.5], [0, 0], [0, 0], [0.5, 1.5], color=look.marks[0], linewidth=1.5)  # beside the target
    axes.set_xlim(half_width_arcmin, -half_width_arcmin)
    axes.set_ylim(-half_width_arcmin, half_width_arcmin)
    axes.set_aspect("equal")
    axes.locator_params(nbins=5)
    axes.set_xlabel("East [arcmin]")
    axes.set_ylabel("North [arcmin]")
    set_title(axes, f"TIC {target.tic_id}: stars of this catalogue")
    others = f"{len(companions)} other stars of the catalogue" if companions else "no other star of the catalogue"
    said = f"Finding chart of TIC {target.tic_id}, {2 * half_width_arcmin:.0f} arcmin wide, with {others}."
    return Picture(export_png(figure, f"Finding chart of TIC {target.tic_id}"), said)


def offset_arcmin(target, star):
    """Return how far a star is to the east and north of the target [arcmin], for small fields."""
    east_deg = (star.ra_deg - target.ra_deg + 180) % 360 - 180
    return 60 * east_deg * np.cos(np.radians(target.dec_deg)), 60 * (star.dec_deg - target.dec_deg)
