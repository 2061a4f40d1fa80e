"""The same fold in the light curves of several pipelines, side by side."""

from app_tess.plots.folded import draw_fold, fold_half_width_d
from app_tess.plots.style import export_png, new_figure, style_axes, watermark
from app_tess.plots.themes import Picture, get_theme

COLUMNS = 3
PANEL_IN = (2.9, 2.7)
"""Width and height of a panel [inches]."""


def render_comparison(panels, ephemeris, label, finding, *, theme="light"):
    """Draw a fold for each pipeline's flux, on one scale, with its depth.

    Parameters
    ----------
    panels : sequence of (PipelineDepth, StitchedLightCurve)
        At least one.
    ephemeris : Ephemeris
    label : str
        The TOI.
    finding : str
        What the comparison shows, for the alternative text.

    Returns
    -------
    Picture
    """
    half = fold_half_width_d(ephemeris.duration_d, ephemeris.period_d)
    columns = min(1 if get_theme(theme).is_narrow else COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    figure = new_figure(PANEL_IN[0] * columns + 0.4, PANEL_IN[1] * rows + 0.4, theme)
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    limits = []
    for axes, (depth, stitched) in zip(grid.flat, panels, strict=False):
        style_axes(axes)
        draw_fold(axes, ephemeris.from_transit(stitched.time_btjd), stitched.flux, half)
        axes.axhline(1 - depth.depth_ppm * 1e-6, color=figure.theme.model, linewidth=1)
        axes.set_title(f"{depth.name}\n{depth.depth_ppm:,.0f} ± {depth.depth_err_ppm:,.0f} ppm", fontsize=9)
        limits.append(axes.get_ylim())
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    for axes in grid.flat[: len(panels)]:
        axes.set_ylim(min(bottom for bottom, _ in limits), max(top for _, top in limits))
        axes.set_xlabel("Time from mid-transit [hours]", fontsize=8)
    grid[0, 0].set_ylabel("Relative flux")
    simulated = any(stitched.simulated for _, stitched in panels)
    title = f"{'SIMULATED, ' if simulated else ''}{label} by pipeline"
    figure.suptitle(title, fontsize=11, color=figure.theme.ink)
    if simulated:
        watermark(figure)
    depths = "; ".join(f"{depth.name} {depth.depth_ppm:,.0f} ± {depth.depth_err_ppm:,.0f} ppm" for depth, _ in panels)
    alt = (
        f"{'SIMULATED light curves. ' if simulated else ''}{label} folded in the flux of each pipeline, side by side:"
        f" {depths}. {finding}"
    )
    return Picture(export_png(figure, title), alt)
