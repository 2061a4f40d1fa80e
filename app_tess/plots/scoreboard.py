"""The scoreboard's picture: the AUC of each classifier, on all TOIs and by kind, with intervals."""

from app_tess.plots.style import add_legend, export_png, new_figure, style_axes
from app_tess.plots.themes import MARKERS, Picture

MOST_ENTRIES = 6
"""Classifiers in one picture: as many as there are colors."""
LEGEND_COLUMNS = 3
LONGEST_LABEL = 24


def plotted_rows(entries):
    """Return (label, [Graded or None of each entry]) for all TOIs and each kind in which an AUC is defined."""
    rows = [("all TOIs", [entry.figures for entry in entries])]
    for kind, classes in entries[0].kinds.items() if entries else ():
        rows += [(f"{kind}: {name}", [entry.kinds[kind][name] for entry in entries]) for name in classes]
    return [(label, parts) for label, parts in rows if any(part and part.auc for part in parts)]


def describe_scoreboard(entries):
    """Return the alternative text of `scoreboard_chart`."""
    text = "; ".join(
        f"{label}: "
        + ", ".join(
            f"{entry.title} {part.auc.value:.2f} (n {part.n})"
            for entry, part in zip(entries, parts, strict=True)
            if part and part.auc
        )
        for label, parts in plotted_rows(entries)
    )
    return f"AUC by kind of TOI. {text}."


def _short(title):
    return title if len(title) <= LONGEST_LABEL else title[: LONGEST_LABEL - 1] + "…"


def _in_lines(look, label):
    """Return a row's label: on a phone the kind and the class in a line each."""
    return label.replace(": ", ":\n") if look.is_narrow else label


def scoreboard_chart(entries, theme="light"):
    """Plot the AUC with its 95 % interval of each entry of a Scoreboard, a row for each kind of TOI."""
    rows = plotted_rows(entries)
    figure = new_figure(7.7, 1.2 + 0.36 * max(len(rows), 1), theme)
    axes, look = style_axes(figure.subplots()), figure.theme
    step = 0.6 / max(len(entries), 1)
    for number, entry in enumerate(entries):
        offset = 0.3 - step * (number + 0.5)
        parts_of_entry = [(offset - row, parts[number]) for row, (_, parts) in enumerate(rows)]
        drawn = [(place, part.auc) for place, part in parts_of_entry if part and part.auc]
        if drawn:
            axes.errorbar(
                [auc.value for _, auc in drawn],
                [place for place, _ in drawn],
                xerr=[[auc.value - auc.low for _, auc in drawn], [auc.high - auc.value for _, auc in drawn]],
                fmt=MARKERS[number],
                color=look.marks[number],
                capsize=2,
                markersize=5,
                label=_short(entry.title),
            )
    axes.axvline(0.5, color=look.point, linestyle=":", label="chance")
    axes.set_yticks([-row for row in range(len(rows))], [_in_lines(look, label) for label, _ in rows])
    columns = 1 if look.is_narrow else LEGEND_COLUMNS
    lines = -(-(len(entries) + 1) // columns)
    axes.set_ylim(-len(rows) + 0.4 - 0.7 * lines, 0.6)
    axes.set_xlabel(
        "AUC (bars: 95 %\ninterval over stars)" if look.is_narrow else "AUC (bars: 95 % interval over stars)"
    )
    add_legend(axes, loc="lower left", ncols=columns)
    return Picture(export_png(figure, "Scoreboard"), describe_scoreboard(entries))
