"""Altitude through a night: the stars with their transits, twilight, and the Moon."""

import datetime as dt

import matplotlib.dates as mdates

from app_tess.astro.observing.local_time import describe_zone, zone_of
from app_tess.plots.style import add_legend_below, export_png, new_figure, set_title, style_axes, thin_out_dates
from app_tess.plots.themes import Picture

TWILIGHTS = ((-0.833, "Sun up or setting", 0.45), (-12, "bright twilight", 0.28), (-18, "astronomical twilight", 0.14))
"""Altitude of the Sun above which each twilight applies [deg], its name, and the opacity of its shading."""


def render_altitudes(tracks, transits, site, theme="light"):
    """Draw the altitudes of one night.

    Parameters
    ----------
    tracks : astro.observing.NightTracks
        One row of `altitudes_deg` for each of the transits.
    transits : list of astro.observing.VisibleTransit
        Each transit is drawn thick, from start to end, with its 1-sigma timing error as a bar.
    site : astro.observing.sites.Site
        The axis on top shows its local time.
    theme : str

    Returns
    -------
    Picture
    """
    figure = new_figure(8, 3.9, theme)
    axes = style_axes(figure.add_subplot())
    look = figure.theme
    for limit, _, strength in TWILIGHTS:
        axes.fill_between(
            tracks.times, 0, 90, where=tracks.sun_altitude_deg > limit, color=look.point, alpha=strength, linewidth=0
        )
    axes.plot(tracks.times, tracks.moon_altitude_deg, color=look.point, linestyle=":", linewidth=1.5, label="Moon")
    for number, (transit, altitude) in enumerate(zip(transits, tracks.altitudes_deg, strict=True)):
        color = look.marks[number % len(look.marks)]
        start, end = transit.start or transit.middle, transit.end or transit.middle
        inside = (tracks.times >= start - dt.timedelta(minutes=5)) & (tracks.times <= end + dt.timedelta(minutes=5))
        axes.plot(tracks.times, altitude, color=color, linewidth=1, label=transit.target.name)
        axes.plot(tracks.times[inside], altitude[inside], color=color, linewidth=5, alpha=0.6, solid_capstyle="butt")
        error = None if transit.error_min is None else [[dt.timedelta(minutes=transit.error_min)]] * 2
        axes.errorbar(
            [transit.middle], [transit.altitude_deg[1]], xerr=error, color=color, marker="o", markersize=5, capsize=3
        )
    axes.set_ylim(0, 90)
    axes.set_xlim(tracks.times[0], tracks.times[-1])
    thin_out_dates(axes.xaxis, dt.UTC)
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M", tz=dt.UTC))
    add_local_time(axes, site)
    axes.set_xlabel(f"UTC, night from {tracks.times[0]:%Y-%m-%d}")
    axes.set_ylabel("Altitude [deg]")
    set_title(axes, f"{site.name}: thick: transit; bar: mid-transit ± 1 sigma; gray: twilight")
    add_legend_below(axes, ncols=4)
    return Picture(export_png(figure, f"Altitudes from {site.name}"), describe_night(transits, site.name))


def add_local_time(axes, site):
    """Mark the site's local time on top; return the axis."""
    zone, ink = zone_of(site), axes.figure.theme.ink
    top = axes.secondary_xaxis("top")
    top.xaxis.set_major_locator(mdates.AutoDateLocator(tz=zone))
    thin_out_dates(top.xaxis, zone)
    top.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M", tz=zone))
    top.tick_params(colors=ink, labelsize=9)
    top.spines["top"].set_color(ink)
    top.set_xlabel(f"Local: {describe_zone(site)}", color=ink, fontsize=9)
    return top


def describe_night(transits, site_name):
    """Return the alternative text."""
    said = "; ".join(
        f"{transit.target.name} mid-transit {transit.middle:%Y-%m-%d %H:%M} UTC at altitude "
        f"{transit.altitude_deg[1]:.0f} degrees"
        for transit in transits
    )
    return (
        f"Altitude against UTC and local time through one night from {site_name}, with twilight and the Moon. {said}."
    )
