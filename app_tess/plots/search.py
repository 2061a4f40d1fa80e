"""The picture of a search: its periodogram with the window function, detected and known signals marked."""

import numpy as np

from app_tess.plots.style import export_png, new_figure, set_title, style_axes, watermark
from app_tess.plots.themes import MARKERS, Picture


def render_periodogram(periodogram, signals, known, label, least_sde, *, simulated=False, theme="light"):
    """Draw the SDE against the period, and below it the window function.

    Parameters
    ----------
    periodogram : dict
        Lists of equal length: period_d, sde, window.
    signals, known : sequence of (str, float)
        Name and period [d] of the detected and of the known signals.
    label : str
        Of the star.
    least_sde : float
        Threshold.
    simulated : bool

    Returns
    -------
    Picture
    """
    figure = new_figure(7.2, 5.0, theme)
    grid = figure.add_gridspec(2, 1, height_ratios=[3, 1])
    axes = style_axes(figure.add_subplot(grid[0]))
    below = style_axes(figure.add_subplot(grid[1], sharex=axes))
    period, sde = (np.array(periodogram[name], dtype=float) for name in ("period_d", "sde"))
    axes.plot(period, sde, color=figure.theme.binned, linewidth=0.8, zorder=3)
    axes.axhline(least_sde, color=figure.theme.ink, linewidth=0.8, linestyle=":", label=f"threshold {least_sde:g}")
    below.plot(period, periodogram["window"], color=figure.theme.point, linewidth=0.8)
    top = max(float(sde.max(initial=0.0)), least_sde)
    _mark_periods(axes, below, signals, known, (period[0], period[-1]) if len(period) else (0.0, 0.0), top)
    axes.set_ylim(min(float(sde.min(initial=0.0)), 0.0), 1.2 * top)
    axes.set_ylabel("Signal detection efficiency")
    axes.tick_params(labelbottom=False)
    if len(period):
        below.set_xscale("log")
    below.set_xlabel("Period [days]")
    below.set_ylabel("Window")
    below.set_ylim(0, 1.2 * max([0.05, *periodogram["window"]]))
    below.xaxis.set_major_formatter("{x:g}")
    title = f"{'SIMULATED, ' if simulated else ''}{label}: box-least-squares periodogram"
    set_title(axes, title, 11)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=1 if figure.theme.is_narrow else 3,
        fontsize=8,
        labelcolor=figure.theme.ink,
        facecolor=figure.theme.paper,
        edgecolor=figure.theme.faint,
    )
    if simulated:
        watermark(figure)
    return Picture(export_png(figure, title), _alt(period, sde, signals, known, label, least_sde, simulated))


def _mark_periods(axes, below, signals, known, limits, top):
    """Mark the periods of detected (solid) and known signals (dashed) in both axes; `top` is the highest SDE."""
    theme = axes.figure.theme
    marks = [(name, value, True) for name, value in signals] + [(name, value, False) for name, value in known]
    for number, (name, value, is_detected) in enumerate(marks):
        if not limits[0] <= value <= limits[1]:
            continue
        color = theme.marks[number % len(theme.marks)]
        for one in (axes, below):
            one.axvline(value, color=color, linewidth=1.0, linestyle="-" if is_detected else "--", alpha=0.6, zorder=2)
        axes.plot(
            [value],
            [top * (1.05 if is_detected else 1.13)],
            linestyle="none",
            marker=MARKERS[number % len(MARKERS)],
            color=color,
            label=f"{name}, {value:.5g} d",
            zorder=4,
        )


def _alt(period, sde, signals, known, label, least_sde, simulated):
    """Return the alternative text."""
    if len(period) == 0:
        return f"{label}: the light curve is too short for a periodogram."
    top = int(np.argmax(sde))

    def named(marks):
        return ", ".join(f"{name} at {value:.5g} d" for name, value in marks) or "none"

    return (
        f"{'SIMULATED light curve. ' if simulated else ''}Periodogram of {label} from {period[0]:.2g} to"
        f" {period[-1]:.3g} days: highest signal detection efficiency {sde[top]:.1f} at {period[top]:.5g} d, threshold"
        f" {least_sde:g}. Detected here: {named(signals)}. Known: {named(known)}. Below: the window function."
    )
