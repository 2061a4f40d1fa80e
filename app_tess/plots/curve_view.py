"""The picture of a light curve's view: part of some sectors in time, its fold, and its odd and even transits."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.folding import bin_median
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.thinning import thin_out
from app_tess.plots.folded import BINS, draw_fold, fold_half_width_d
from app_tess.plots.light_curve import frame
from app_tess.plots.style import add_legend, draw_points, export_png, fold_lines, new_figure, style_axes, watermark
from app_tess.plots.themes import MARKERS, Picture, get_theme

WIDTH_IN = 9.6
WIDE, NARROW = (2, 12), (1, 5)
"""Folded panels side by side, and most labels of time; narrow is for phones."""

PANEL_IN = 2.9
"""Height of a row of panels [inches]."""

MOST_POINTS = 20_000
"""Points drawn in time of one light curve; of more, medians."""

UNKNOWN_HALF_D = 0.25
"""Half of the interval shown where no duration is known [d]."""


def render_view(curves, ephemeris, marks, *, times=(None, None), whole_orbit=False, label="", theme="light"):
    """Draw some light curves in time and, with a period, folded, and as odd and even transits.

    Parameters
    ----------
    curves : list of ViewedCurve
        By time.
    ephemeris : Ephemeris or None
        On which they are folded.
    marks : list of (str, Ephemeris)
        The transits that are marked in time.
    times : (float or None, float or None)
        The part that is shown and folded [BTJD d]; None leaves an end open.
    whole_orbit : bool
        Whether the fold shows all phases, not only those around the transit.
    label : str
        Of the fold: "TOI-101.01".
    theme : str

    Returns
    -------
    Picture

    Raises
    ------
    NoUsableData
        No cadence in this part of time.
    """
    parts = [part for part in (_cut(curve, *times) for curve in curves) if len(part[0])]
    if not parts:
        raise NoUsableData(f"TIC {curves[0].tic_id}: no cadence between these times in {_sectors(curves)}.")
    side_by_side, ticks = NARROW if get_theme(theme).is_narrow else WIDE
    folds = ephemeris is not None and not ephemeris.is_single_transit
    rows = 1 + (2 // side_by_side if folds else 0)
    figure = new_figure(WIDTH_IN, PANEL_IN * rows + 0.4, theme)
    grid = figure.add_gridspec(rows, side_by_side)
    words = [_draw_times(figure, grid[0, :], parts, marks, ticks)]
    if folds:
        words.append(_draw_folds(figure, grid, parts, ephemeris, whole_orbit, side_by_side))
    simulated = any(curve.simulated for curve in curves)
    title = f"{'SIMULATED, ' if simulated else ''}{label}, {_sectors(curves)}: {curves[0].flux_type.label} flux"
    figure.suptitle(fold_lines(figure.theme, title), fontsize=10, color=figure.theme.ink)
    if simulated:
        watermark(figure)
    return Picture(export_png(figure, title), f"{'SIMULATED data. ' if simulated else ''}{title}: {' '.join(words)}")


def _sectors(curves):
    return f"sector{'s' if len(curves) > 1 else ''} {', '.join(str(curve.sector) for curve in curves)}"


def _cut(curve, low, high):
    """Return (time, flux, detrended flux) of a curve between two times."""
    inside = np.ones(len(curve.time_btjd), bool)
    if low is not None:
        inside &= curve.time_btjd >= low
    if high is not None:
        inside &= curve.time_btjd <= high
    return curve.time_btjd[inside], curve.flux[inside], curve.detrended_flux[inside]


def _draw_times(figure, cell, parts, marks, ticks):
    """Draw each part in separate axes, as wide as it is long, on a common scale; return a sentence."""
    spans = [max(time[-1] - time[0], 0.02) for time, _, _ in parts]
    axes = cell.subgridspec(1, len(parts), width_ratios=spans).subplots(sharey=True, squeeze=False)[0]
    drawn = 0
    widths: set[int | None] = set()
    for place, (time, flux, _) in zip(axes, parts, strict=True):
        points = thin_out(time, (flux,), MOST_POINTS)
        drawn, widths = drawn + len(points.time_btjd), widths | {points.bin_min}
        draw_points(style_axes(place), points.time_btjd, points.columns[0], 2.25, color=figure.theme.point)
        place.xaxis.set_major_locator(MaxNLocator(nbins=max(ticks // len(parts), 2)))
        place.ticklabel_format(useOffset=False)
        margin = 0.02 * max(time[-1] - time[0], 0.02)
        place.set_xlim(time[0] - margin, time[-1] + margin)
    bottom, top, _ = frame(np.concatenate([flux for _, flux, _ in parts]))
    axes[0].set_ylim(bottom, top)
    axes[0].set_ylabel("Flux relative to the median", fontsize=9)
    axes[len(axes) // 2].set_xlabel("Time [BTJD, days]", fontsize=9)
    _mark(axes, parts, marks, bottom, top)
    how = " and ".join(
        "every cadence" if width is None else f"{width}-minute medians" for width in sorted(widths, key=str)
    )
    return f"BTJD {parts[0][0][0]:.3f} to {parts[-1][0][-1]:.3f}, {drawn:,} points, {how}."


def _mark(axes, parts, marks, bottom, top):
    for i, (name, ephemeris) in enumerate(marks):
        for place, (time, _, _) in zip(axes, parts, strict=True):
            times = ephemeris.transit_times(time[0], time[-1])
            theme = place.figure.theme
            place.plot(
                times,
                np.full(len(times), bottom + (top - bottom) * (0.03 + 0.035 * (i % 4))),
                linestyle="none",
                marker=MARKERS[i % len(MARKERS)],
                markersize=6,
                color=theme.marks[i % len(theme.marks)],
                label=f"transits of {name}",
            )
    if marks:
        add_legend(axes[-1], loc="upper right", framealpha=0.8)


def _draw_folds(figure, grid, parts, ephemeris, whole_orbit, side_by_side):
    """Draw the fold, and odd and even transits over each other; return a sentence."""
    time, flux = np.concatenate([part[0] for part in parts]), np.concatenate([part[2] for part in parts])
    finite = np.isfinite(flux)
    time, flux = time[finite], flux[finite]
    distance = ephemeris.fold(time)
    half = ephemeris.period_d / 2 if whole_orbit else _half_width_d(ephemeris)
    fold = style_axes(figure.add_subplot(grid[1, 0]))
    compared = style_axes(figure.add_subplot(grid[1, 1] if side_by_side == 2 else grid[2, 0]))
    fold.set_title(f"Folded on {ephemeris.period_d:.7g} d", fontsize=9)
    compared.set_title("Odd and even transits", fontsize=9)
    if not (np.abs(distance) <= half).any():
        for place in (fold, compared):
            place.text(0.5, 0.5, "no transit in this part of time", color=figure.theme.ink, ha="center")
        return f"No transit at a period of {ephemeris.period_d:.7g} d in this part of time."
    draw_fold(fold, distance, flux, half)
    fold.set_ylabel("Detrended flux", fontsize=9)
    seen = _draw_odd_even(compared, distance, flux, ephemeris.transit_number(time), half)
    compared.set_ylim(fold.get_ylim())
    return f"Folded on {ephemeris.period_d:.7g} d: {seen}."


def _half_width_d(ephemeris):
    if ephemeris.has_duration:
        return fold_half_width_d(ephemeris.duration_d, ephemeris.period_d)
    return min(UNKNOWN_HALF_D, ephemeris.period_d / 2)


def _draw_odd_even(axes, distance, flux, number, half):
    theme, edges, seen = axes.figure.theme, np.linspace(-half, half, BINS + 1), []
    for odd, name, color, marker in ((1, "odd", theme.model, "s"), (0, "even", theme.binned, "o")):
        inside = (number % 2 == odd) & (np.abs(distance) <= half)
        count = len(np.unique(number[inside]))
        centers, medians, _ = bin_median(distance[inside], flux[inside], edges)
        seen.append(f"{count} {name} transit{'' if count == 1 else 's'}")
        axes.plot(
            centers * HOURS_PER_DAY,
            medians,
            linestyle="none",
            marker=marker,
            markersize=4,
            markerfacecolor=color if odd else "none",
            markeredgecolor=color,
            label=seen[-1],
        )
    axes.set_xlim(-half * HOURS_PER_DAY, half * HOURS_PER_DAY)
    axes.set_xlabel("Time from mid-transit [hours]")
    axes.ticklabel_format(useOffset=False)
    add_legend(axes, loc="lower right", framealpha=0.8)
    return " and ".join(seen)
