"""How good a score was: reliability diagram, ROC and precision-recall curve, side by side."""
from app_tess.plots.style import Picture, add_legend, export_png, new_figure, style_axes


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
        middle.plot([0, *curves["false_positive_rate"]], [0, *curves["recall"]], color=look.binned, drawstyle="steps-post")
        right.plot(curves["recall"], curves["precision"], color=look.binned)
    middle.plot([0, 1], [0, 1], color=look.point, linestyle=":", label="chance")
    right.axhline(result["base_rate"], color=look.point, linestyle=":", label="share of planets")
    for axes, title, x_label, y_label in (
            (left, "Reliability", "Probability given", "Share that were planets"), (middle, "ROC", "False positive rate", "Recall"),
            (right, "Precision and recall", "Recall", "Precision")):
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
    axes.plot([row["mean_probability"] for row in known], [row["share_of_planets"] for row in known], "o-", color=look.binned)
    for row in known:
        axes.annotate(str(row["n"]), (row["mean_probability"], row["share_of_planets"]), textcoords="offset points", xytext=(5, -9),
                      fontsize=7, color=look.ink)


def describe_judgement(result):
    """The alternative text."""
    figures = result["model"]
    said = ", ".join(f"{name} {figures[key]['value']:.3f}" for key, name in (("auc", "AUC"), ("ap", "average precision"), ("ece", "calibration error"))
                     if figures.get(key) and figures[key]["value"] is not None)
    bins = "; ".join(f"{row['mean_probability']:.2f} given, {row['share_of_planets']:.2f} planets of {row['n']}"
                     for row in result.get("reliability") or [] if row.get("mean_probability") is not None)
    return (f"Reliability diagram, ROC and precision-recall curve on {result['n']} TOIs: {said}." + (f" Reliability: {bins}." if bins else ""))
