"""Pictures of a folded light curve: our own fold with its depth, and a data-validation event with its model."""

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.folding import bin_median, measure_depth
from app_tess.astro.light_curve import NoUsableData
from app_tess.plots.light_curve import frame
from app_tess.plots.style import add_legend_below, draw_points, export_png, new_figure, set_title, style_axes, watermark
from app_tess.plots.themes import Picture

HALF_WIDTH_DURATIONS = 3.0
"""Half of the interval shown [transit durations]: the transit fills a third of it."""

BINS = 60


def fold_half_width_d(duration_d, period_d):
    half = HALF_WIDTH_DURATIONS * duration_d
    return min(half, period_d / 2) if period_d else half


def draw_fold(axes, distance_d, flux, half_d):
    """Draw the points and medians of a fold against hours; return the number of empty bins."""
    near = np.abs(distance_d) <= half_d
    theme = axes.figure.theme
    hours = distance_d[near] * HOURS_PER_DAY
    draw_points(axes, hours, flux[near], 2.25, color=theme.point, label="each cadence", zorder=2)
    centres, medians, errors = bin_median(distance_d[near], flux[near], np.linspace(-half_d, half_d, BINS + 1))
    axes.errorbar(
        centres * HOURS_PER_DAY,
        medians,
        errors,
        linestyle="none",
        marker="o",
        markersize=3.5,
        color=theme.binned,
        linewidth=1,
        label="median of a bin",
        zorder=3,
    )
    bottom, top, _ = frame(flux[near], 0.1, 99.9)
    axes.set_ylim(bottom, top)
    axes.set_xlim(-half_d * HOURS_PER_DAY, half_d * HOURS_PER_DAY)
    axes.set_xlabel("Time from mid-transit [hours]")
    axes.ticklabel_format(useOffset=False)
    return int(np.isnan(medians).sum())


def render_folded(stitched, ephemeris, label, depth_ppm=None, *, how=None, theme="light"):
    """Draw the light curve folded on an object's ephemeris, with binned points and the measured depth.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        A single transit is drawn at its epoch, unfolded.
    label : str
    depth_ppm : float, optional
        The catalogue's depth [ppm], drawn as a line to compare with.

    how : str, optional
        How the transit times are known, for the title.

    Returns
    -------
    Picture

    Raises
    ------
    NoUsableData
        No cadence in transit: a flat line would look like a measurement.
    EphemerisError
        No duration.
    """
    depth = measure_depth(stitched, ephemeris)
    half = fold_half_width_d(ephemeris.duration_d, ephemeris.period_d)
    figure = new_figure(7.2, 4.2, theme)
    axes = style_axes(figure.add_subplot())
    empty = draw_fold(axes, ephemeris.from_transit(stitched.time_btjd), stitched.flux, half)
    measured = f"{depth.depth_ppm:,.0f} ± {depth.depth_err_ppm:,.0f} ppm"
    axes.axhline(1 - depth.depth_ppm * 1e-6, color=figure.theme.binned, linewidth=1, label=f"measured depth {measured}")
    if depth_ppm:
        axes.axhline(
            1 - depth_ppm * 1e-6,
            color=figure.theme.model,
            linewidth=1.3,
            linestyle="--",
            label=f"catalogue depth {depth_ppm:,.0f} ppm",
        )
    axes.set_ylabel("Flux relative to out of transit")
    folded = "at its only transit" if ephemeris.is_single_transit else f"folded on {ephemeris.period_d:.6g} d"
    how = " ".join(filter(None, (folded, how)))
    simulated = "SIMULATED, " if stitched.simulated else ""
    title = f"{simulated}{label} {how}: depth {measured}"
    set_title(axes, title, 11)
    add_legend_below(axes, ncols=2)
    if stitched.simulated:
        watermark(figure)
    alt = (
        f"{'SIMULATED light curve. ' if stitched.simulated else ''}Light curve of {label} (TIC {stitched.tic_id})"
        f" {how}: measured depth {measured} from {depth.cadences_in:,} cadences in {depth.transits}"
        f" transit{'' if depth.transits == 1 else 's'}"
        + (f", catalogue depth {depth_ppm:,.0f} ppm" if depth_ppm else "")
        + "."
        + _detected(depth)
        + (f" {empty} of {BINS} bins are empty." if empty else "")
    )
    return Picture(export_png(figure, title), alt)


def _detected(depth):
    """Say whether the transit is significant: a picture of noise must not read as a detection."""
    if depth.depth_ppm <= 0:
        return " No transit is detected."
    if depth.depth_ppm < 3 * depth.depth_err_ppm:
        return " The depth is not significant (below 3 sigma)."
    return f" The transit is detected at {depth.depth_ppm / depth.depth_err_ppm:,.0f} sigma."


def _draw_model(axes, event, finite, distance, half):
    """Draw the pipeline's transit model of the finite cadences; returns the depth of its deepest point in words."""
    model = event.model[finite]
    drawn = np.flatnonzero(np.isfinite(model) & (np.abs(distance) <= half))
    drawn = drawn[np.argsort(distance[drawn])]
    axes.plot(
        distance[drawn] * HOURS_PER_DAY,
        1 + model[drawn],
        color=axes.figure.theme.model,
        linewidth=1.8,
        label=f"{event.pipeline}'s transit model",
        zorder=4,
    )
    return f"{-1e6 * np.nanmin(model[drawn]):,.0f} ppm" if len(drawn) else "absent"


def render_validation_event(event, label=None, *, theme="light"):
    """Draw a data-validation event, folded, with the pipeline's own transit model.

    Parameters
    ----------
    event : ValidationEvent
    label : str, optional
        The TOI it was matched to by period and epoch.

    Returns
    -------
    Picture

    Raises
    ------
    NoUsableData
        The event has no finite flux, or no period to fold on.
    """
    finite = np.isfinite(event.phase_d) & np.isfinite(event.flux) & np.isfinite(event.time_btjd)
    if not finite.any():
        raise NoUsableData(f"{event.source}, {event.name}: no finite flux to draw.")
    if not event.period_d or event.epoch_btjd is None:
        raise NoUsableData(f"{event.source}, {event.name}: without a period and an epoch it cannot be folded.")
    # PHASE [d] runs over a period from the first transit; the ephemeris puts mid-transit in the middle
    distance = event.ephemeris.fold(event.time_btjd[finite])
    flux = 1 + event.flux[finite]
    half = fold_half_width_d((event.duration_h or 0.1 * event.period_d * HOURS_PER_DAY) / HOURS_PER_DAY, event.period_d)
    if not (np.abs(distance) <= half).any():
        raise NoUsableData(f"{event.source}, {event.name}: no cadence lies near a transit.")
    figure = new_figure(7.2, 4.2, theme)
    axes = style_axes(figure.add_subplot())
    draw_fold(axes, distance, flux, half)
    deepest = _draw_model(axes, event, finite, distance, half)
    name = f"{label}, {event.pipeline} event" if label else f"{event.pipeline} event"
    depth = f"{event.depth_ppm:,.0f} ppm" if event.depth_ppm is not None else "not stated"
    whose, what = (
        f"{'SIMULATED, ' if event.simulated else ''}TIC {event.tic_id}, {name}",
        f"at {event.period_d:.6g} d: depth {depth}",
    )
    set_title(axes, f"{whose}\n{what}", 11)
    axes.set_ylabel("Detrended flux")
    add_legend_below(axes, ncols=2)
    if event.simulated:
        watermark(figure)
    alt = (
        f"{'SIMULATED data. ' if event.simulated else ''}Data-validation event of TIC {event.tic_id}"
        f"{f' matched to {label}' if label else ''}, folded on {event.period_d:.6g} days,"
        f" {int(finite.sum()):,} cadences, with {event.pipeline}'s model over it: fitted depth {depth},"
        f" deepest point of the model {deepest}."
    )
    return Picture(export_png(figure, f"{whose} {what}"), alt)
