"""The growing error of predicted transit times, and when it reaches the duration of the transit."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.observing.timing_outlook import date_of
from app_tess.astro.times import LAST_PREDICTION_BTJD
from app_tess.plots.style import add_legend, export_png, new_figure, set_title, style_axes, thin_out_dates
from app_tess.plots.themes import Picture

AHEAD_D = 10 * 365.25
"""The plot reaches at least ten years ahead [d], and a fifth beyond the loss of the last transit."""
POINTS = 200


def render_timing_errors(outlooks, title, theme="light"):
    """Draw the 1-sigma timing error of some objects against time, with their durations dashed.

    Parameters
    ----------
    outlooks : list of astro.observing.timing_outlook.TimingOutlook
    title : str
    theme : str

    Returns
    -------
    Picture
    """
    figure = new_figure(8, 3.9, theme)
    axes, look = style_axes(figure.add_subplot()), figure.theme
    now = outlooks[0].now_btjd
    first = min(now, *(outlook.ephemeris.epoch_btjd for outlook in outlooks))
    last_lost = max((outlook.lost_btjd or 0 for outlook in outlooks), default=0)
    stop = min(max(now + AHEAD_D, last_lost + (last_lost - first) / 5), LAST_PREDICTION_BTJD)
    times = np.linspace(first, stop, POINTS)
    dates = [date_of(time) for time in times]
    for number, outlook in enumerate(outlooks):
        color = look.marks[number % len(look.marks)]
        errors_h = np.array([outlook.ephemeris.error_at(time) for time in times], dtype=float) * HOURS_PER_DAY
        axes.plot(dates, errors_h, color=color, label=outlook.name)
        axes.axhline(outlook.ephemeris.duration_d * HOURS_PER_DAY, color=color, linestyle="--", linewidth=1)
        if outlook.lost_btjd is not None and outlook.lost_btjd >= first:
            duration_h = outlook.ephemeris.duration_d * HOURS_PER_DAY
            axes.plot([date_of(outlook.lost_btjd)], [duration_h], color=color, marker="o", markersize=6)
    axes.axvline(date_of(now), color=look.point, linewidth=1, linestyle=":")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlim(dates[0], dates[-1])
    thin_out_dates(axes.xaxis)
    axes.set_xlabel("Year (dotted: now)")
    axes.set_ylabel("1-sigma timing error [h]")
    set_title(axes, f"{title}: dashed: duration; dot: transit lost")
    add_legend(axes, loc="upper left")
    said = " ".join(outlook.describe() for outlook in outlooks)
    return Picture(export_png(figure, f"Timing errors of {title}"), f"Timing error against time. {said}")
