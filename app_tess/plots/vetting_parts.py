"""The parts of the vetting panel: each function draws one into given axes and titles it."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.folding import bin_median
from app_tess.plots.light_curve import frame
from app_tess.plots.style import LEAST_POINTS, add_legend, draw_points, set_title, style_axes

LEAST_MOVED = 0.02
"""Least half range of the occlusion plot [log-odds], so that negligible changes are not magnified."""

SHOWN_TRANSITS = 30
"""Single transits drawn at most; of more, those whose depths deviate most from the mean."""


def small(axes, title, xlabel, ylabel=None):
    """Style, title and label small axes; return them."""
    style_axes(axes)
    set_title(axes, title, 9)
    axes.set_xlabel(xlabel, fontsize=8)
    if ylabel:
        axes.set_ylabel(ylabel, fontsize=8)
    axes.tick_params(labelsize=LEAST_POINTS if axes.figure.theme.is_narrow else 7)
    axes.ticklabel_format(useOffset=False)
    return axes


def draw_curve(axes, stitched, ephemeris):
    """Draw the whole light curve; single outliers, but no transits, may lie outside the frame, and are counted."""
    theme = axes.figure.theme
    bottom, top, _ = frame(stitched.flux)
    inside = ephemeris.in_transit(stitched.time_btjd)
    if inside.any():  # one transit of a long light curve has fewer points than a frame may leave out
        floor = np.percentile(stitched.flux[inside], 2)
        bottom = min(bottom, floor - 0.15 * (top - floor))
    outside = int(((stitched.flux < bottom) | (stitched.flux > top)).sum())
    small(
        axes,
        f"{len(stitched.time_btjd):,} cadences, flattened; triangles: transits",
        "Time [BTJD, days]" + (f"; {outside:,} outside the frame" if outside else ""),
        "Relative flux",
    )
    draw_points(axes, stitched.time_btjd, stitched.flux, 1.75, color=theme.point)
    axes.set_ylim(bottom, top)
    times = ephemeris.transit_times(stitched.time_btjd[0], stitched.time_btjd[-1])
    axes.plot(
        times,
        np.full(len(times), bottom + 0.04 * (top - bottom)),
        linestyle="none",
        marker="^",
        markersize=5,
        color=theme.model,
    )


def view_and_seen(views, name) -> tuple[np.ndarray, np.ndarray]:
    """Return a view, and the same view with NaN in the empty bins that were filled in."""
    view = np.array(views[name])
    seen = view.copy()
    seen[views.get("filled", {}).get(name, [])] = np.nan
    return view, seen


def _limit_to_bins(axes, x):
    half_bin = (x[1] - x[0]) / 2
    axes.set_xlim(x[0] - half_bin, x[-1] + half_bin)


def draw_view(axes, x, view, seen, title, xlabel):
    """Draw a view as the network's input, one step per bin, dotted where an empty bin was filled in."""
    small(axes, title, xlabel, "Depth = -1")
    theme = axes.figure.theme
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    axes.plot(x, view, drawstyle="steps-mid", color=theme.point, linewidth=0.8, linestyle=":")
    axes.plot(x, seen, drawstyle="steps-mid", color=theme.binned, linewidth=1)
    axes.plot(x, seen, linestyle="none", marker="o", markersize=2, color=theme.binned)
    _limit_to_bins(axes, x)


def draw_occlusion(axes, x, moved, xlabel):
    """Draw the log-odds that each part of a view added (above 0) or subtracted (below 0)."""
    small(axes, "Occlusion: log-odds lost when a part is masked", xlabel, "log-odds")
    theme = axes.figure.theme
    moved = np.asarray(moved)
    axes.fill_between(x, 0, np.clip(moved, 0, None), step="mid", color=theme.binned, label="counts for a planet")
    axes.fill_between(x, 0, np.clip(moved, None, 0), step="mid", color=theme.model, hatch="///", label="counts against")
    axes.axhline(0, color=theme.ink, linewidth=0.6)
    _limit_to_bins(axes, x)
    bottom, top = min(float(moved.min()), 0) - LEAST_MOVED, max(float(moved.max()), 0) + LEAST_MOVED
    axes.set_ylim(bottom, top + 0.45 * (top - bottom))  # room for the legend
    add_legend(axes, loc="upper center", ncols=2, framealpha=0)


def draw_odd_even(axes, hours, report):
    apart = report.get("odd_even").value
    small(
        axes,
        "Odd and even transits" + ("" if apart is None else f": {apart:.1f} sigma apart"),
        "Hours from mid-transit",
        "In depths of the fold",
    )
    theme = axes.figure.theme
    for name, label, color, marker in (("odd_view", "odd", theme.model, "s"), ("even_view", "even", theme.binned, "o")):
        if report.views[name] is not None:
            axes.plot(
                hours,
                view_and_seen(report.views, name)[1],
                marker=marker,
                markersize=3,
                linewidth=0.8,
                color=color,
                label=label,
            )
        else:
            axes.plot([], [], marker=marker, color=color, label=f"{label}: none observed")
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    _limit_to_bins(axes, hours)
    add_legend(axes, loc="best")


def draw_secondary(axes, hours, report):
    small(axes, _secondary_title(report), "Hours from that phase", "In depths of the fold")
    theme = axes.figure.theme
    _limit_to_bins(axes, hours)
    if report.views["secondary_view"] is None:
        axes.text(0.5, 0.5, "no data at this phase", color=theme.ink, ha="center", transform=axes.transAxes)
        axes.set_yticks([])
        return
    values = view_and_seen(report.views, "secondary_view")[1]
    axes.plot(hours, values, marker="o", markersize=3, linewidth=0.8, color=theme.binned)
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    low, high = np.nanmin(values), np.nanmax(values)
    spread = max(high - low, 0.05)
    axes.set_ylim(low - 0.3 * spread, high + 0.3 * spread)


def _secondary_title(report):
    sigma, half_way, phase = report.get("secondary_sigma"), report.get("half_way"), report.views["secondary_phase"]
    if sigma.value is None:
        return f"Around phase {phase:.2f}"
    if half_way.concern and phase == 0.5:
        return f"Secondary eclipse at phase 0.5: {half_way.value / half_way.error:.1f} sigma"
    if sigma.concern:
        return f"Secondary eclipse at phase {phase:.2f}: {sigma.value:.1f} sigma"
    return f"Around phase {phase:.2f}; deepest of all phases: {sigma.value:.1f} sigma"


def shown_transits(report):
    """Return the transits that are drawn, in order of time."""
    rows = report.transits
    if len(rows) <= SHOWN_TRANSITS:
        return list(rows)
    mean = np.average([row.depth_ppm for row in rows], weights=[row.depth_err_ppm**-2 for row in rows])
    extreme = sorted(rows, key=lambda row: -abs(row.depth_ppm - mean) / row.depth_err_ppm)[:SHOWN_TRANSITS]
    return sorted(extreme, key=lambda row: row.number)


def draw_transits(grid, figure, stitched, ephemeris, report, most_columns):
    """Draw each of the shown transits separately, on a common scale."""
    half = 1.5 * ephemeris.duration_d
    number, distance = ephemeris.transit_number(stitched.time_btjd), ephemeris.from_transit(stitched.time_btjd)
    rows = shown_transits(report)
    near = np.abs(distance) <= half
    limits = frame(stitched.flux[near], 0.5, 99.5)[:2]
    columns = min(max(len(rows), 1), most_columns)
    space, line_gap = ("\n", 0.7) if figure.theme.is_narrow else (" ", 0.5)
    cells = grid.subgridspec(max(-(-len(rows) // columns), 1), columns, hspace=line_gap, wspace=0.1)
    for i, row in enumerate(rows):
        axes = small(
            figure.add_subplot(cells[i // columns, i % columns]),
            f"{row.number}:{space}{row.depth_ppm:,.0f} ± {row.depth_err_ppm:,.0f} ppm",
            "",
        )
        inside = near & (number == row.number)
        draw_points(axes, HOURS_PER_DAY * distance[inside], stitched.flux[inside], 2, color=figure.theme.point)
        centres, medians, _ = bin_median(distance[inside], stitched.flux[inside], np.linspace(-half, half, 16))
        draw_points(axes, HOURS_PER_DAY * centres, medians, 4, color=figure.theme.binned)
        axes.set_ylim(*limits)
        axes.set_xlim(-HOURS_PER_DAY * half, HOURS_PER_DAY * half)
        axes.tick_params(labelleft=i % columns == 0)
        axes.title.set_fontsize(LEAST_POINTS if figure.theme.is_narrow else 7)
