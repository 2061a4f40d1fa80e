"""The pictures of the model's report: reliability, ROC and precision-recall side by side, slices and years."""

from app_tess.plots.style import MARKERS, Picture, add_legend, export_png, new_figure, style_axes


def render_judgement(result, theme="light"):
    """A PNG of one evaluation.

    Parameters
    ----------
    result : dict
        As `scoring.evaluate.evaluate_pair` returns: n, base_rate, model, reliability, curves.
    theme : str

    Returns
    -------
    Picture
        Its alternative text tells the numbers.
    """
    figure = new_figure(10, 3.5, theme)
    look = figure.theme
    left, middle, right = (style_axes(axes) for axes in figure.subplots(1, 3))
    _draw_reliability(left, result.get("reliability") or [], look)
    curves = result.get("curves") or {}
    if curves.get("recall"):
        middle.plot(
            [0, *curves["false_positive_rate"]], [0, *curves["recall"]], color=look.binned, drawstyle="steps-post"
        )
        right.plot(curves["recall"], curves["precision"], color=look.binned)
    middle.plot([0, 1], [0, 1], color=look.point, linestyle=":", label="chance")
    right.axhline(result["base_rate"], color=look.point, linestyle=":", label="share of planets")
    for axes, title, x_label, y_label in (
        (left, "Reliability", "Probability given", "Share that were planets"),
        (middle, "ROC", "False positive rate", "Recall"),
        (right, "Precision and recall", "Recall", "Precision"),
    ):
        axes.set_title(title, color=look.ink, fontsize=10)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        add_legend(axes, loc="lower right")
    return Picture(export_png(figure, "Judgement of the planet score"), describe_judgement(result))


def _draw_reliability(axes, bins, look):
    axes.plot([0, 1], [0, 1], color=look.point, linestyle=":", label="perfect")
    known = [row for row in bins if row.get("mean_probability") is not None]
    axes.plot(
        [row["mean_probability"] for row in known], [row["share_of_planets"] for row in known], "o-", color=look.binned
    )
    for row in known:
        axes.annotate(
            str(row["n"]),
            (row["mean_probability"], row["share_of_planets"]),
            textcoords="offset points",
            xytext=(5, -9),
            fontsize=7,
            color=look.ink,
        )


def describe_judgement(result):
    """The alternative text."""
    figures = result["model"]
    said = ", ".join(
        f"{name} {figures[key]['value']:.3f}"
        for key, name in (("auc", "AUC"), ("ap", "average precision"), ("ece", "calibration error"))
        if figures.get(key) and figures[key]["value"] is not None
    )
    bins = "; ".join(
        f"{row['mean_probability']:.2f} given, {row['share_of_planets']:.2f} planets of {row['n']}"
        for row in result.get("reliability") or []
        if row.get("mean_probability") is not None
    )
    return f"Reliability diagram, ROC and precision-recall curve on {result['n']} TOIs: {said}." + (
        f" Reliability: {bins}." if bins else ""
    )


def slices_chart(result, metric="auc", theme="light"):
    """One metric with its interval in each slice of radius and disposition that has one; a Picture.

    `result` is as `scoring.evaluate.evaluate_pair` returns it; the dotted line is the figure of all its TOIs.
    """
    rows = [
        (f"{name} (n {part['n']})", part[metric])
        for named in (result.get("slices") or {}).values()
        for name, part in named.items()
        if part.get(metric, {}).get("value") is not None
    ]
    figure = new_figure(7, 1.3 + 0.34 * max(len(rows), 1), theme)
    axes, look = style_axes(figure.subplots()), figure.theme
    _draw_intervals(
        axes, [value for _, value in rows], [-number for number in range(len(rows))], look.binned, sideways=True
    )
    whole = result["model"][metric]["value"]
    if whole is not None:
        axes.axvline(whole, color=look.point, linestyle=":", label=f"all {result['n']} TOIs")
        add_legend(axes, loc="lower left")
    axes.set_yticks([-number for number in range(len(rows))], [name for name, _ in rows])
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.set_xlabel(f"{metric.upper()} (bars: 95 % interval)")
    said = "; ".join(f"{name} {value['value']:.3f}" for name, value in rows)
    return Picture(
        export_png(figure, "Slices of the planet score"), f"{metric.upper()} by radius and disposition: {said}."
    )


def years_chart(record, theme="light"):
    """AUC and Brier score by the year of the verdict, from track_record.json; a Picture."""
    years = [year for year in record["years"] if year.get("auc", {}).get("value") is not None and year.get("brier")]
    figure = new_figure(7, 4.2, theme)
    upper, lower = (style_axes(axes) for axes in figure.subplots(2, 1, sharex=True))
    for axes, metric, name in ((upper, "auc", "AUC"), (lower, "brier", "Brier score")):
        _draw_intervals(axes, [year[metric] for year in years], range(len(years)), figure.theme.binned)
        axes.set_ylabel(name)
    lower.set_xticks(range(len(years)), [f"{year['year']}\nn {year['n']}" for year in years])
    lower.set_xlabel("Year of the verdict (bars: 95 % interval)")
    said = "; ".join(
        f"{year['year']} AUC {year['auc']['value']:.3f}, Brier {year['brier']['value']:.3f} (n {year['n']})"
        for year in years
    )
    return Picture(export_png(figure, "The planet score by year"), f"Frozen scores by the year of the verdict: {said}.")


def _draw_intervals(axes, values, places, color, sideways=False):
    """Each value as a point with its interval, along x, or along y when sideways."""
    middle = [value["value"] for value in values]
    bars = [
        [max(0.0, value["value"] - value["low"]) for value in values],
        [max(0.0, value["high"] - value["value"]) for value in values],
    ]
    if sideways:
        axes.errorbar(middle, places, xerr=bars, fmt=MARKERS[1], color=color, capsize=3)
    else:
        axes.errorbar(places, middle, yerr=bars, fmt=MARKERS[1], color=color, capsize=3)
