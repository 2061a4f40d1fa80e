"""The O-C plot of the vetting panel: measured mid-transit times against a linear ephemeris."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY, MINUTES_PER_DAY
from app_tess.plots.style import add_legend
from app_tess.plots.vetting_parts import small

IN_HOURS_MIN = 180.0
"""Deviation above which the axis is in hours [min]."""


def draw_times(axes, report):
    """Draw measured minus linear mid-times, with the catalogue's prediction relative to the same line."""
    used, theme = report.ephemeris_used, axes.figure.theme
    time = np.array([row.time_btjd for row in used.times])
    error = np.array([row.error_d for row in used.times])
    catalogue = -np.array([row.late_d for row in used.times])
    residual = _residual(time, used.used)
    shift = residual + catalogue  # the catalogue's prediction minus the line
    largest = MINUTES_PER_DAY * max(np.abs(residual).max(), np.abs(shift).max())
    scale, unit = (HOURS_PER_DAY, "h") if largest > IN_HOURS_MIN else (MINUTES_PER_DAY, "min")
    scatter = report.get("timing_scatter").value
    title = "Mid-transit times, observed - calculated" + (
        "" if scatter is None else f": reduced chi2 {_plain(scatter)}"
    )
    small(axes, title, "Time [BTJD, days]", f"O - C [{unit}]")
    which = "refined" if used.status == "refined" else "catalogue's"
    axes.axhline(0, color=theme.faint, linewidth=0.8, label=f"{which} ephemeris")
    if used.status == "refined":
        axes.plot(
            time,
            scale * shift,
            color=theme.model,
            linestyle="--",
            linewidth=1,
            marker="s",
            markersize=3,
            label="predicted by the catalogue",
        )
    axes.errorbar(
        time,
        scale * residual,
        scale * error,
        linestyle="none",
        marker="o",
        markersize=3.5,
        color=theme.binned,
        linewidth=1,
        label="measured",
    )
    margin = max(0.04 * np.ptp(time), 1.0)
    axes.set_xlim(time.min() - margin, time.max() + margin)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + 0.35 * (top - bottom))  # room for the legend
    add_legend(axes, loc="upper center", ncols=3, framealpha=0)


def _residual(time, used):
    """Return the times minus those of the linear ephemeris [d]."""
    if used["period_d"] is None:
        return time - used["epoch_btjd"]
    cycles = (time - used["epoch_btjd"]) / used["period_d"]
    return (cycles - np.round(cycles)) * used["period_d"]


def _plain(value):
    """Return a number to two digits, without an exponent."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
