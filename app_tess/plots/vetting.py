"""The vetting panel of one object: light curve, network inputs, odd and even transits, secondary, each transit."""

import textwrap

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.vetting.report import NO_RED_FLAGS
from app_tess.astro.views import view_centers
from app_tess.plots import vetting_parts as parts
from app_tess.plots.style import NARROW_LETTERS, export_png, fold_lines, new_figure, watermark
from app_tess.plots.themes import Picture, get_theme
from app_tess.plots.vetting_times import draw_times

WIDTH_IN = 9.6
WIDE, NARROW = (2, 6, 120), (1, 2, NARROW_LETTERS)
"""Panels per row, single transits per row, characters per line of the title; narrow is for phones."""

CURVE, VIEW, OCCLUSION, COMPARED, TIMES, TRANSITS = 1.0, 1.2, 0.7, 1.1, 0.8, 0.9
"""Heights of the parts with their titles and labels [2 inches]."""

LEFT_IN, RIGHT_IN, ABOVE_IN, BELOW_IN = 0.8, 0.2, 0.34, 0.54
"""Room left and right of the axes, above them for the first title, and below for labels and the caption [inches]."""

GAP_IN, COLUMN_GAP_IN = 0.65, 0.85
"""Room for labels and a title between two rows, and for labels between two columns [inches]."""

LINE_IN = 0.17
"""Height of a line of the figure's title [inches]."""


def _probabilities(judgement):
    """The probability of each class: planet candidate 0.91, eclipsing binary 0.05, ..."""
    return ", ".join(f"{LIGHT_CURVE_CLASSES[code]} {value:.2f}" for code, value in judgement["probabilities"].items())


def _title(report, judgement):
    simulated = "SIMULATED, " if report.simulated else ""
    network = f"\nNetwork: {_probabilities(judgement)}" if judgement else ""
    flags = ", ".join(m.title.lower() for m in report.concerns)
    used = report.ephemeris_used
    if used is not None and used.status == "refined":
        network += "\nEphemeris refined here"
    return (
        f"{simulated}{report.label} (TIC {report.tic_id}){network}\n"
        + (f"Red flags: {flags}" if flags else NO_RED_FLAGS.rstrip("."))
        + "".join(f"\n{caution}" for caution in report.cautions)
    )


def _alt(report, judgement):
    depth = report.get("depth")
    network = f" Network: {_probabilities(judgement)}." if judgement else ""
    note = "" if report.ephemeris_used is None else f" {report.ephemeris_used.note}"
    return (
        f"{'SIMULATED data. ' if report.simulated else ''}Vetting panel of {report.label}:"
        f" depth {depth.value:,.0f} ± {depth.error:,.0f} ppm,"
        f" {len(parts.shown_transits(report))} of {len(report.transits)} single transits drawn."
        f" {' '.join([report.summary, *report.cautions])}{note}{network}"
    )


def _folded_parts(ephemeris, report, judgement):
    """Return (height, draw) of each folded part, in reading order, in pairs."""
    views = report.views
    whole, local = view_centers(ephemeris)
    hours = HOURS_PER_DAY * local
    filled = [f"; {n} empty, filled (dotted)" if n else "" for n in (views["empty_global"], views["empty_local"])]
    in_days, in_hours = "Days from mid-transit", "Hours from mid-transit"
    shown = [
        (
            VIEW,
            lambda axes: parts.draw_view(
                axes, whole, *parts.view_and_seen(views, "global_view"), f"Global view: 201 bins{filled[0]}", in_days
            ),
        ),
        (
            VIEW,
            lambda axes: parts.draw_view(
                axes, hours, *parts.view_and_seen(views, "local_view"), f"Local view: 61 bins{filled[1]}", in_hours
            ),
        ),
    ]
    if judgement and judgement.get("occlusion"):
        moved = judgement["occlusion"]
        shown += [
            (OCCLUSION, lambda axes: parts.draw_occlusion(axes, whole, moved["global_view"], in_days)),
            (OCCLUSION, lambda axes: parts.draw_occlusion(axes, hours, moved["local_view"], in_hours)),
        ]
    return [
        *shown,
        (COMPARED, lambda axes: parts.draw_odd_even(axes, hours, report)),
        (COMPARED, lambda axes: parts.draw_secondary(axes, hours, report)),
    ]


def _caption(report):
    """Say what the single transits at the bottom are."""
    shown, count = len(parts.shown_transits(report)), len(report.transits)
    which = "" if shown == count else ", those whose depths differ most"
    if not shown:
        return "No transit has enough cadences to be drawn separately"
    return f"Single transits, hours from mid-transit: {shown} of {count}{which}"


def _draws_times(report):
    return report.ephemeris_used is not None and len(report.ephemeris_used.times) > 0


def _figure_and_grid(heights, columns, title_lines, caption_lines, theme):
    """Return an empty figure and the grid of its axes, with room for their labels, the title and the caption."""
    second = LINE_IN if get_theme(theme).is_narrow else 0.0  # line of the titles
    above, gap = ABOVE_IN + second, GAP_IN + second
    height = sum(2.0 * part + second for part in heights) + LINE_IN * (title_lines + caption_lines - 1)
    figure = new_figure(WIDTH_IN, height, theme, layout=None)
    width = figure.get_figwidth()
    top, bottom = height - LINE_IN * title_lines - above, BELOW_IN + LINE_IN * (caption_lines - 1)
    ratios = [2.0 * part - GAP_IN for part in heights]
    axes_height = (top - bottom - gap * (len(heights) - 1)) / len(heights)
    axes_width = (width - LEFT_IN - RIGHT_IN - COLUMN_GAP_IN * (columns - 1)) / columns
    grid = figure.add_gridspec(
        len(heights),
        columns,
        height_ratios=ratios,
        left=LEFT_IN / width,
        right=1 - RIGHT_IN / width,
        top=top / height,
        bottom=bottom / height,
        hspace=gap / axes_height,
        wspace=COLUMN_GAP_IN / axes_width,
    )
    return figure, grid


def render_vetting(stitched, ephemeris, report, judgement=None, *, theme="light"):
    """Draw the vetting panel of one object.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
    report : VettingReport
        Of the same light curve and ephemeris. Without views (a single transit) the folded parts are left out.
    judgement : dict, optional
        The network's classification; its occlusion is drawn under the views.
    theme : str

    Returns
    -------
    Picture
    """
    side_by_side, transits_a_row, letters = NARROW if get_theme(theme).is_narrow else WIDE
    folded = _folded_parts(ephemeris, report, judgement) if report.views is not None else []
    rows = [folded[i : i + side_by_side] for i in range(0, len(folded), side_by_side)]
    shown = len(parts.shown_transits(report))
    times = [TIMES] if _draws_times(report) else []
    heights = [CURVE, *(row[0][0] for row in rows), *times, TRANSITS * max(-(-shown // transits_a_row), 1)]
    title = "\n".join(textwrap.fill(line, letters) for line in _title(report, judgement).splitlines())
    caption = fold_lines(get_theme(theme), _caption(report))
    figure, grid = _figure_and_grid(heights, side_by_side, 1 + title.count("\n"), 1 + caption.count("\n"), theme)
    parts.draw_curve(figure.add_subplot(grid[0, :]), stitched, ephemeris)
    for line, row in enumerate(rows, 1):
        for column, (_, draw) in enumerate(row):
            draw(figure.add_subplot(grid[line, column]))
    if times:
        draw_times(figure.add_subplot(grid[len(rows) + 1, :]), report)
    parts.draw_transits(grid[len(heights) - 1, :], figure, stitched, ephemeris, report, transits_a_row)
    edge = 0.06 / figure.get_figheight()
    figure.supxlabel(caption, fontsize=8, color=figure.theme.ink, y=edge, va="bottom")
    figure.suptitle(title, fontsize=10, color=figure.theme.ink, y=1 - edge, va="top")
    if report.simulated:
        watermark(figure)
    return Picture(export_png(figure, title.replace("\n", ". ")), _alt(report, judgement))
