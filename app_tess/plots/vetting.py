"""The vetting panel of one object: the whole curve, the network's views, odd against even, the secondary, each transit."""
import numpy as np

from app_tess.astro.folding import bin_median
from app_tess.plots.light_curve import frame
from app_tess.plots.style import Picture, add_legend, export_png, new_figure, style_axes, watermark

SHOWN_TRANSITS = 12
"""Single transits drawn; of more, the first ones are, and the panel says how many there are."""


def _small(axes, title, xlabel, ylabel=None):
    style_axes(axes)
    axes.set_title(title, fontsize=9)
    axes.set_xlabel(xlabel, fontsize=8)
    if ylabel:
        axes.set_ylabel(ylabel, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.ticklabel_format(useOffset=False)
    return axes


def _draw_curve(axes, stitched, ephemeris):
    _small(axes, f"All {len(stitched.time_btjd):,} cadences, flattened, with the predicted transits marked", "Time [BTJD, days]", "Relative flux")
    theme = axes.figure.theme
    axes.plot(stitched.time_btjd, stitched.flux, linestyle="none", marker=".", markersize=1.5, color=theme.point, rasterized=True)
    bottom, top, _ = frame(stitched.flux)
    axes.set_ylim(bottom, top)
    times = ephemeris.transit_times(stitched.time_btjd[0], stitched.time_btjd[-1])
    axes.plot(times, np.full(len(times), bottom + 0.04 * (top - bottom)), linestyle="none", marker="^", markersize=5, color=theme.model)


def _draw_view(axes, view, half_x, title, xlabel):
    """A view as the network saw it: one step a bin."""
    _small(axes, title, xlabel, "Depth = -1")
    theme = axes.figure.theme
    x = np.linspace(-half_x, half_x, len(view))
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    axes.plot(x, view, drawstyle="steps-mid", color=theme.binned, linewidth=1)
    axes.plot(x, view, linestyle="none", marker="o", markersize=2, color=theme.binned)
    axes.set_xlim(-half_x, half_x)


def _draw_occlusion(axes, moved, half_x, xlabel):
    """Log-odds that each stretch of a view added (above 0) or took (below 0)."""
    _small(axes, "What moved the network: log-odds lost when covered", xlabel, "log-odds")
    theme = axes.figure.theme
    x = np.linspace(-half_x, half_x, len(moved))
    moved = np.asarray(moved)
    axes.fill_between(x, 0, np.clip(moved, 0, None), step="mid", color=theme.binned, label="spoke for a planet")
    axes.fill_between(x, 0, np.clip(moved, None, 0), step="mid", color=theme.model, hatch="///", label="spoke against")
    axes.axhline(0, color=theme.ink, linewidth=0.6)
    axes.set_xlim(-half_x, half_x)
    add_legend(axes, loc="upper right", ncols=2, framealpha=0.6)


def _draw_odd_even(axes, report, half_h):
    _small(axes, "Odd against even transits", "Hours from mid-transit", "In depths of the fold")
    theme = axes.figure.theme
    for name, label, color, marker in (("odd_view", "odd", theme.model, "s"), ("even_view", "even", theme.binned, "o")):
        if report.views[name] is not None:
            axes.plot(np.linspace(-half_h, half_h, 61), report.views[name], marker=marker, markersize=3, linewidth=0.8, color=color, label=label)
        else:
            axes.plot([], [], marker=marker, color=color, label=f"{label}: none observed")
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    add_legend(axes, loc="lower right")


def _draw_secondary(axes, report, half_h):
    _small(axes, f"Around phase {report.views['secondary_phase']:.2f}: a secondary?", "Hours", "In depths of the fold")
    theme = axes.figure.theme
    if report.views["secondary_view"] is None:
        axes.text(0.5, 0.5, "no data there", color=theme.ink, ha="center", transform=axes.transAxes)
        return
    values = np.array(report.views["secondary_view"])
    axes.plot(np.linspace(-half_h, half_h, 61), values, marker="o", markersize=3, linewidth=0.8, color=theme.binned)
    axes.axhline(0, color=theme.faint, linewidth=0.8)
    spread = max(float(np.ptp(values)), 0.05)
    axes.set_ylim(values.min() - 0.3 * spread, values.max() + 0.3 * spread)


def _draw_transits(grid, figure, stitched, ephemeris, report):
    """Each transit by itself, on one scale; returns how many were drawn."""
    half = 1.5 * ephemeris.duration_d
    number, distance = ephemeris.transit_number(stitched.time_btjd), ephemeris.from_transit(stitched.time_btjd)
    rows = report.transits[:SHOWN_TRANSITS]
    near = np.abs(distance) <= half
    limits = frame(stitched.flux[near], 0.5, 99.5)[:2]
    columns = min(max(len(rows), 1), 6)
    cells = grid.subgridspec(max(-(-len(rows) // columns), 1), columns)
    for i, row in enumerate(rows):
        axes = _small(figure.add_subplot(cells[i // columns, i % columns]), f"{row.number}: {row.depth_ppm:,.0f} ± {row.depth_err_ppm:,.0f} ppm", "")
        inside = near & (number == row.number)
        axes.plot(24 * distance[inside], stitched.flux[inside], linestyle="none", marker=".", markersize=2, color=figure.theme.point)
        centres, medians, _ = bin_median(distance[inside], stitched.flux[inside], np.linspace(-half, half, 16))
        axes.plot(24 * centres, medians, linestyle="none", marker="o", markersize=3, color=figure.theme.binned)
        axes.set_ylim(*limits)
        axes.set_xlim(-24 * half, 24 * half)
        axes.tick_params(labelleft=i % columns == 0)
        axes.title.set_fontsize(7)
    return len(rows)


def _title(report, judgement):
    simulated = "SIMULATED, " if report.simulated else ""
    judged = f": network says planet candidate {judgement['probability_pc']:.2f}, transit {judgement['probability_transit']:.2f}" if judgement else ""
    return f"{simulated}{report.label} (TIC {report.tic_id}){judged}"


def _alt(report, judgement, shown):
    verdicts = " ".join(m.verdict for m in report.concerns) or "No measurement speaks against a planet."
    depth = report.get("depth")
    judged = (f" The network gives {judgement['probability_pc']:.2f} for a planet candidate and"
              f" {judgement['probability_transit']:.2f} for a transit or eclipse." if judgement else "")
    return (f"{'SIMULATED data. ' if report.simulated else ''}Vetting panel of {report.label}: depth {depth.value:,.0f} ± {depth.error:,.0f} ppm,"
            f" {shown} of {len(report.transits)} single transits drawn. {verdicts}{judged}")


def render_vetting(stitched, ephemeris, report, judgement=None, *, theme="light"):
    """Draw the vetting panel of one object.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
    report : VettingReport
        Of the same light curve and ephemeris. Without views (a single transit) the folded parts are left out.
    judgement : dict, optional
        What light_curve_network.judge returned; its occlusion is drawn under the views.

    Returns
    -------
    Picture
    """
    has_views = report.views is not None
    explained = has_views and bool(judgement) and judgement.get("occlusion")
    transit_rows = max(-(-min(len(report.transits), SHOWN_TRANSITS) // 6), 1)
    heights = [1.0] + ([1.2] if has_views else []) + ([0.6] if explained else []) + ([1.1] if has_views else []) + [0.9 * transit_rows]
    figure = new_figure(9.6, 2.0 * sum(heights), theme)
    grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
    _draw_curve(figure.add_subplot(grid[0, :]), stitched, ephemeris)
    line = 1
    if has_views:
        half_d, half_h = ephemeris.period_d / 2, min(48 * ephemeris.duration_d, 12 * ephemeris.period_d)
        filled = [f"; {n} empty, filled" if n else "" for n in (report.views["empty_global"], report.views["empty_local"])]
        _draw_view(figure.add_subplot(grid[line, 0]), np.array(report.views["global_view"]), half_d,
                   f"Global view: 201 bins{filled[0]}", "Days from mid-transit")
        _draw_view(figure.add_subplot(grid[line, 1]), np.array(report.views["local_view"]), half_h,
                   f"Local view: 61 bins{filled[1]}", "Hours from mid-transit")
        line += 1
        if explained:
            _draw_occlusion(figure.add_subplot(grid[line, 0]), judgement["occlusion"]["global_view"], half_d, "Days from mid-transit")
            _draw_occlusion(figure.add_subplot(grid[line, 1]), judgement["occlusion"]["local_view"], half_h, "Hours from mid-transit")
            line += 1
        _draw_odd_even(figure.add_subplot(grid[line, 0]), report, half_h)
        _draw_secondary(figure.add_subplot(grid[line, 1]), report, half_h)
        line += 1
    shown = _draw_transits(grid[line, :], figure, stitched, ephemeris, report)
    title = _title(report, judgement)
    figure.supxlabel(f"Single transits, hours from mid-transit: {shown} of the {len(report.transits)} observed", fontsize=8,
                     color=figure.theme.ink)
    figure.suptitle(title, fontsize=11, color=figure.theme.ink)
    if report.simulated:
        watermark(figure)
    return Picture(export_png(figure, title), _alt(report, judgement, shown))
