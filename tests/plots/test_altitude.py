"""The altitudes of a night's transits."""

import datetime as dt
import io
from types import SimpleNamespace

import matplotlib.dates as mdates
import numpy as np
from PIL import Image

from app_tess.astro.observing.sites import find_site
from app_tess.plots.altitude import add_local_time, render_altitudes
from app_tess.plots.style import new_figure

MIDNIGHT = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)


def test_six_transits_leave_the_plot_its_width():
    """A legend in one line was wider than the picture: its ends were cut off, and the plot shrank to three quarters."""
    times = np.array([MIDNIGHT + dt.timedelta(minutes=10 * step) for step in range(-30, 31)])
    transits = [
        SimpleNamespace(
            target=SimpleNamespace(name=f"TOI-{4000 + number}.01"),
            start=MIDNIGHT,
            middle=MIDNIGHT,
            end=MIDNIGHT,
            error_min=3.0,
            altitude_deg=(50, 50, 50),
            night="2026-11-23",
        )
        for number in range(6)
    ]
    tracks = SimpleNamespace(
        times=times,
        sun_altitude_deg=np.full(len(times), 10.0),
        moon_altitude_deg=np.zeros(len(times)),
        altitudes_deg=[np.full(len(times), 50.0)] * 6,
    )
    image = Image.open(io.BytesIO(render_altitudes(tracks, transits, find_site("Paranal")).png)).convert("RGB")
    paper = image.getpixel((2, 2))
    assert image.getpixel((int(0.96 * image.width), int(0.3 * image.height))) != paper, (
        "daylight shades the plot from edge to edge"
    )
    assert all(image.getpixel((x, y)) == paper for x in (0, image.width - 1) for y in range(image.height)), (
        "nothing is cut off"
    )


def test_the_axis_on_top_shows_local_time():
    """Paranal is three hours behind UTC in November: 04:00 UTC is 01:00."""
    figure = new_figure(8, 4)
    axes = figure.add_subplot()
    axes.plot([MIDNIGHT - dt.timedelta(hours=4), MIDNIGHT + dt.timedelta(hours=4)], [0, 0])
    top = add_local_time(axes, find_site("Paranal"))
    figure.canvas.draw()
    labels = {place: label.get_text() for place, label in zip(top.get_xticks(), top.get_xticklabels(), strict=True)}
    assert labels[mdates.date2num(MIDNIGHT)] == "01:00" and len(labels) >= 4
    assert top.get_xlabel() == "Local: civil time, America/Santiago"
