"""The picture of one sector: its points after the quality mask, with the predicted transits marked."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.light_curve import median_level, select_cadences
from app_tess.astro.robust import step_scatter
from app_tess.plots.style import (
    add_legend_below,
    draw_points,
    draw_verticals,
    export_png,
    new_figure,
    set_title,
    style_axes,
    watermark,
)
from app_tess.plots.themes import MARKERS, Picture

BIN_D = 0.5 / HOURS_PER_DAY
"""Width of the binned points [d]: half an hour, the shortest transit's length."""


MOST_LINES = 40
"""Transits of one object that are also marked by lines."""


def frame(values, low=0.02, high=99.98, margin=0.12):
    """Return y limits that contain all but a few outliers, and the number of points outside them."""
    bottom, top = np.percentile(values, [low, high])
    room = max((top - bottom) * margin, 1e-6)
    outside = int(((values < bottom - room) | (values > top + room)).sum())
    return bottom - 1.6 * room, top + room, outside


def _binned(time, flux, width_d=BIN_D):
    slot = np.floor((time - time[0]) / width_d).astype(int)
    members = np.bincount(slot)
    filled = members > 0
    return tuple(np.bincount(slot, weights=values)[filled] / members[filled] for values in (time, flux))


def _mark_transits(axes, ephemerides, start, stop):
    """Mark each object's transits below the light curve; return a sentence per object on what was marked."""
    sentences, bottom = [], axes.get_ylim()[0]
    height = axes.get_ylim()[1] - bottom
    theme = axes.figure.theme
    for i, (label, ephemeris) in enumerate(ephemerides):
        times = ephemeris.transit_times(start, stop)
        kind = "single transit" if ephemeris.is_single_transit else "transit"
        words = (
            f"{label}: {len(times)} {kind}{'' if len(times) == 1 else 's'} marked"
            if len(times)
            else f"{label}: no {kind} predicted in this interval"
        )
        sentences.append(words)
        color = theme.marks[i % len(theme.marks)]
        axes.plot(
            times,
            np.full(len(times), bottom + height * (0.03 + 0.035 * (i % 4))),
            linestyle="none",
            marker=MARKERS[i % len(MARKERS)],
            markersize=6,
            color=color,
            label=words,
            zorder=4,
        )
        if len(times) <= MOST_LINES:
            draw_verticals(axes, times, color=color, linewidth=0.8, alpha=0.35, zorder=1)
    return sentences


def _describe_drops(count):
    return (
        f"{count.kept:,} of {count.read:,} cadences ({count.dropped_by_quality:,} dropped by the {count.mask} quality"
        f" mask, {count.dropped_not_finite:,} without a value)"
    )


def _draw_points(axes, time, relative):
    """Draw every cadence and the 30-minute means."""
    theme = axes.figure.theme
    draw_points(axes, time, relative, 2, color=theme.point, label="each cadence", zorder=2)
    centers, means = _binned(time, relative)
    draw_points(axes, centers, means, 3.2, color=theme.binned, label="30-minute means", zorder=3)


def render_sector(light_curve, ephemerides=(), *, mask="default", flux=None, theme="light"):
    """Draw one sector's flux against time with every object's transits marked.

    Parameters
    ----------
    light_curve : LightCurve
    ephemerides : sequence of (str, Ephemeris)
        Label ("TOI-101.01") and ephemeris; a single transit is marked at its epoch.
    mask : str
        Name of one of the light curve's quality masks.
    flux : str, optional
        Name of one of its fluxes; its default flux if omitted.
    theme : str
        "light" or "dark".

    Returns
    -------
    Picture

    Raises
    ------
    NoUsableData
        No cadence passes the mask, or the median flux is not positive.
    """
    keep, count = select_cadences(light_curve, mask, flux)
    chosen = light_curve.flux(flux)
    time, values = light_curve.time_btjd[keep], chosen.values[keep]
    relative = values / median_level(light_curve, keep, flux)
    figure = new_figure(9.6, 3.7, theme)
    axes = style_axes(figure.add_subplot())
    _draw_points(axes, time, relative)
    bottom, top, outside = frame(relative)
    axes.set_ylim(bottom, top)
    axes.set_xlim(time[0] - 0.3, time[-1] + 0.3)
    marked = _mark_transits(axes, ephemerides, time[0], time[-1])
    simulated = "SIMULATED, " if light_curve.simulated else ""
    title = f"{simulated}TIC {light_curve.tic_id}, sector {light_curve.sector}: {chosen.type.label} flux"
    set_title(axes, title, 11)
    axes.set_xlabel("Time [BTJD, days: BJD - 2457000, TDB]")
    axes.set_ylabel("Flux relative to the median")
    axes.ticklabel_format(useOffset=False)
    add_legend_below(axes, ncols=4)
    if light_curve.simulated:
        watermark(figure)
    alt = (
        f"{'SIMULATED light curve. ' if light_curve.simulated else ''}{chosen.type.label} flux of"
        f" TIC {light_curve.tic_id} in sector {light_curve.sector}, {time[-1] - time[0]:.1f} days:"
        f" {_describe_drops(count)}."
        f" Scatter of a cadence {_scatter_ppm(relative):,.0f} ppm."
        + "".join(f" {sentence}." for sentence in marked)
        + (f" {outside} points lie outside the frame." if outside else "")
    )
    return Picture(export_png(figure, title), alt)


def _scatter_ppm(relative):
    """Return the robust point-to-point scatter [ppm], insensitive to slow variability."""
    return 1e6 * step_scatter(relative)
