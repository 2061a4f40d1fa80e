"""The pictures of the model card: reliability, ROC, precision-recall, slices and years. Drawn from evaluation files alone."""
from app_tess.plots.style import MARKERS, OKABE_ITO, Picture, add_legend, export_png, new_figure, style_axes


def reliability_diagram(pair, theme="light"):
    """Share of planets against the score, from `pair["reliability"]` of evaluation.json; a Picture.

    Points on the diagonal keep their promise; each is labelled with its number of TOIs.
    """
    figure, axes = _square(theme, "Score (mean of each tenth)", "Share judged planets later")
    bins = pair["reliability"]
    _diagonal(axes, "a score that keeps its promise")
    axes.plot([part["mean_probability"] for part in bins], [part["share_of_planets"] for part in bins], marker="o",
              color=_marks(figure)[3], label=f"{pair['n']} TOIs")
    for part in bins:
        axes.annotate(str(part["n"]), (part["mean_probability"], part["share_of_planets"]), textcoords="offset points",
                      xytext=(6, -10), fontsize=8, color=figure.theme.ink)
    _finish(axes, f"Reliability, {_span(pair)}", "upper left")
    ece = pair["model"]["ece"]["value"]
    alt = (f"Reliability diagram of {pair['n']} TOIs judged from {_span(pair)}: share of planets against score in "
           f"{len(bins)} bins; expected calibration error {_say(ece)}.")
    return _picture(figure, alt)


def roc_curve(pair, theme="light"):
    """Receiver operating characteristic of one pair of dates; a Picture."""
    figure, axes = _square(theme, "Others wrongly called planets (false positive rate)", "Planets found (recall)")
    points = pair["curves"]
    _diagonal(axes, "chance")
    axes.plot([0, *points["false_positive_rate"]], [0, *points["recall"]], color=_marks(figure)[3],
              label=f"score, AUC {_say(pair['model']['auc']['value'])}")
    _finish(axes, f"ROC, {_span(pair)}", "lower right")
    return _picture(figure, f"ROC curve of {pair['n']} TOIs, {_span(pair)}: area {_range(pair['model']['auc'])}.")


def precision_recall_curve(pair, theme="light"):
    """Precision against recall of one pair of dates, with the base rate; a Picture."""
    figure, axes = _square(theme, "Planets found (recall)", "Planets among those called so (precision)")
    points = pair["curves"]
    axes.axhline(pair["base_rate"], color=figure.theme.ink, linestyle="--", linewidth=1, label=f"base rate {pair['base_rate']:.0%}")
    axes.plot(points["recall"], points["precision"], color=_marks(figure)[3],
              label=f"score, average precision {_say(pair['model']['ap']['value'])}")
    _finish(axes, f"Precision and recall, {_span(pair)}", "lower left")
    return _picture(figure, f"Precision-recall curve of {pair['n']} TOIs, {_span(pair)}: average precision "
                            f"{_range(pair['model']['ap'])}, base rate {pair['base_rate']:.2f}.")


def slices_chart(pair, metric="auc", theme="light"):
    """One metric, with its interval, in each slice of radius and disposition; a Picture."""
    rows = [(f"{name} (n {part['n']})", part[metric]) for named in pair["slices"].values() for name, part in named.items()
            if part.get(metric, {}).get("value") is not None]
    figure = new_figure(7, 1.2 + 0.4 * max(len(rows), 1), theme)
    axes = style_axes(figure.subplots())
    for number, (_, value) in enumerate(rows):
        axes.errorbar(value["value"], -number, xerr=[[max(0, value["value"] - value["low"])], [max(0, value["high"] - value["value"])]],
                      fmt=MARKERS[0], color=_marks(figure)[3], capsize=3)
    axes.set_yticks([-number for number in range(len(rows))], [name for name, _ in rows])
    axes.set_xlabel(f"{metric.upper()} (95 % interval)")
    axes.set_title(f"By radius and disposition, {_span(pair)}", color=figure.theme.ink)
    alt = f"{metric.upper()} by slice, {_span(pair)}: " + "; ".join(f"{name} {_say(value['value'])}" for name, value in rows) + "."
    return _picture(figure, alt)


def years_chart(record, theme="light"):
    """AUC and Brier score by the year of the verdict, from track_record.json; a Picture."""
    years = [year for year in record["years"] if year.get("auc", {}).get("value") is not None]
    figure = new_figure(7, 4.2, theme)
    upper, lower = (style_axes(axes) for axes in figure.subplots(2, 1, sharex=True))
    for axes, metric, marker, color in ((upper, "auc", MARKERS[0], _marks(figure)[3]), (lower, "brier", MARKERS[1], _marks(figure)[0])):
        values = [year[metric] for year in years]
        axes.errorbar(range(len(years)), [value["value"] for value in values],
                      yerr=[[value["value"] - value["low"] for value in values], [value["high"] - value["value"] for value in values]],
                      marker=marker, color=color, capsize=3, linestyle="-")
        axes.set_ylabel("AUC" if metric == "auc" else "Brier score")
    lower.set_xticks(range(len(years)), [f"{year['year']}\nn {year['n']}" for year in years])
    lower.set_xlabel("Year of the verdict")
    upper.set_title("How frozen scores fared", color=figure.theme.ink)
    alt = "Frozen scores by the year of the verdict: " + "; ".join(
        f"{year['year']} AUC {_say(year['auc']['value'])}, Brier {_say(year['brier']['value'])} (n {year['n']})" for year in years) + "."
    return _picture(figure, alt)


def _square(theme, x_label, y_label):
    figure = new_figure(5.2, 5, theme)
    axes = style_axes(figure.subplots())
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=x_label, ylabel=y_label)
    return figure, axes


def _diagonal(axes, label):
    axes.plot([0, 1], [0, 1], color=axes.figure.theme.ink, linestyle="--", linewidth=1, label=label)


def _finish(axes, title, place):
    axes.set_title(title, color=axes.figure.theme.ink)
    add_legend(axes, loc=place)


def _marks(figure):
    """The theme's marks, with blue (sky on dark) at 3: the score's own colour on every picture."""
    return (*figure.theme.marks[:3], OKABE_ITO["sky"] if figure.theme.name == "dark" else OKABE_ITO["blue"])


def _picture(figure, alt):
    return Picture(export_png(figure, alt), alt)


def _span(pair):
    return f"{_day(pair['train'])} to {_day(pair['labels'])}"


def _day(name):
    return str(name).rsplit("/", 1)[-1].removeprefix("toi_").removesuffix(".gz").removesuffix(".csv")


def _say(value):
    return "unknown" if value is None else f"{value:.3f}"


def _range(figure):
    return "unknown" if figure["value"] is None else f"{figure['value']:.3f} (95 % interval {figure['low']:.3f} to {figure['high']:.3f})"
