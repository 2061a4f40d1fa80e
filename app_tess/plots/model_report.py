"""Plots of the evaluation report: reliability, ROC and precision-recall, slices, and years.

The arguments are the dataclasses of `scoring.evaluation.report_schema`.
"""

from app_tess.plots.style import LEAST_POINTS, add_legend, export_png, fold_lines, new_figure, style_axes
from app_tess.plots.themes import MARKERS, Picture, get_theme


def render_evaluation(pair, theme="light"):
    """Plot the reliability diagram, the ROC curve and the precision-recall curve of a PairEvaluation."""
    is_narrow = get_theme(theme).is_narrow
    figure = new_figure(10, 3 * 2.9 if is_narrow else 3.5, theme)
    look = figure.theme
    left, middle, right = (style_axes(axes) for axes in figure.subplots(*((3, 1) if is_narrow else (1, 3))))
    _draw_reliability(left, pair.reliability, look)
    curves = pair.curves
    middle.plot([0, *curves.false_positive_rate], [0, *curves.recall], color=look.binned, drawstyle="steps-post")
    right.plot(curves.recall, curves.precision, color=look.binned)
    middle.plot([0, 1], [0, 1], color=look.point, linestyle=":", label="chance")
    right.axhline(pair.base_rate, color=look.point, linestyle=":", label="fraction of planets")
    for axes, title, x_label, y_label in (
        (left, "Reliability", "Predicted probability", "Fraction of planets"),
        (middle, "ROC", "False positive rate", "Recall"),
        (right, "Precision and recall", "Recall", "Precision"),
    ):
        axes.set_title(title, color=look.ink, fontsize=10)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        add_legend(axes, loc="lower right")
    return Picture(export_png(figure, "Evaluation of the planet score"), describe_evaluation(pair))


def _draw_reliability(axes, bins, look):
    axes.plot([0, 1], [0, 1], color=look.point, linestyle=":", label="perfect")
    axes.plot([row.mean_probability for row in bins], [row.share_of_planets for row in bins], "o-", color=look.binned)
    for row in bins:
        axes.annotate(
            str(row.n),
            (row.mean_probability, row.share_of_planets),
            textcoords="offset points",
            xytext=(5, -9),
            fontsize=LEAST_POINTS,
            color=look.ink,
        )


def describe_evaluation(pair):
    """Return the alternative text of `render_evaluation`."""
    named = (("AUC", pair.model.auc), ("average precision", pair.model.ap), ("calibration error", pair.model.ece))
    figures = ", ".join(f"{name} {figure.value:.3f}" for name, figure in named if figure.value is not None)
    bins = "; ".join(
        f"{row.mean_probability:.2f} predicted, {row.share_of_planets:.2f} planets of {row.n}"
        for row in pair.reliability
    )
    return f"Reliability diagram, ROC and precision-recall curve on {pair.n} TOIs: {figures}. Reliability: {bins}."


def slices_chart(pair, theme="light"):
    """Plot the AUC, with its interval, in each slice of a PairEvaluation where it is defined."""
    rows = _named_slices(pair)
    figure = new_figure(7, 1.3 + 0.34 * max(len(rows), 1), theme)
    axes, look = style_axes(figure.subplots()), figure.theme
    _draw_intervals(
        axes, [value for _, value in rows], [-number for number in range(len(rows))], look.binned, sideways=True
    )
    if pair.model.auc.value is not None:
        axes.axvline(pair.model.auc.value, color=look.point, linestyle=":", label=f"all {pair.n} TOIs")
        add_legend(axes, loc="lower left")
    axes.set_yticks([-number for number in range(len(rows))], [name for name, _ in rows])
    axes.set_ylim(-len(rows) - 0.4, 0.6)  # room for the legend
    axes.set_xlabel("AUC (bars: 95 %\ninterval)" if look.is_narrow else "AUC (bars: 95 % interval)")
    return Picture(export_png(figure, "Slices of the planet score"), describe_slices(pair))


def describe_slices(pair):
    """Return the alternative text of `slices_chart`."""
    text = "; ".join(f"{name} {auc.value:.3f}" for name, auc in _named_slices(pair))
    return f"AUC by radius and disposition: {text}."


def _named_slices(pair):
    """(name with count, AUC) of each slice for which the AUC is defined."""
    return [
        (f"{name} (n {part.n})", part.auc)
        for named in pair.slices.values()
        for name, part in named.items()
        if part.auc is not None and part.auc.value is not None
    ]


def years_chart(record, theme="light"):
    """Plot the AUC and the Brier score of a TrackRecord by the year of the disposition."""
    years = plotted_years(record)
    figure = new_figure(7, 4.2, theme)
    upper, lower = (style_axes(axes) for axes in figure.subplots(2, 1, sharex=True))
    for axes, values, name in (
        (upper, [year.auc for year in years], "AUC"),
        (lower, [year.brier for year in years], "Brier score"),
    ):
        _draw_intervals(axes, values, range(len(years)), figure.theme.binned)
        axes.set_ylabel(name)
    lower.set_xticks(range(len(years)), [f"{year.year}\nn {year.n}" for year in years])
    lower.set_xlabel(fold_lines(figure.theme, "Year of the disposition (bars: 95 % interval)"))
    return Picture(export_png(figure, "The planet score by year"), describe_years(record))


def describe_years(record):
    """Return the alternative text of `years_chart`."""
    text = "; ".join(
        f"{year.year} AUC {year.auc.value:.3f}, Brier {year.brier.value:.3f} (n {year.n})"
        for year in plotted_years(record)
    )
    return f"Frozen scores by the year of the disposition: {text}."


def plotted_years(record):
    """Return the years of a TrackRecord whose AUC and Brier score are defined."""
    return [year for year in record.years if year.auc is not None and year.auc.value is not None and year.brier]


def _draw_intervals(axes, figures, places, color, sideways=False):
    """Draw each figure as a point with its interval, along y, or along x when sideways."""
    values = [figure.value for figure in figures]
    bars = [
        [max(0.0, figure.value - figure.low) for figure in figures],
        [max(0.0, figure.high - figure.value) for figure in figures],
    ]
    if sideways:
        axes.errorbar(values, places, xerr=bars, fmt=MARKERS[1], color=color, capsize=3)
    else:
        axes.errorbar(places, values, yerr=bars, fmt=MARKERS[1], color=color, capsize=3)
