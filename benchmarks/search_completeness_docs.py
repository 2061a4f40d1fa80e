"""Write the report of `benchmarks.search_completeness` into the documentation: a page with tables, and its picture.

python -m benchmarks.search_completeness_docs REPORT.json [--docs docs]
"""

import argparse
import itertools
import json
from pathlib import Path

import numpy as np

from app_tess.plots.style import export_png, new_figure, style_axes

PICTURE, PAGE = "_static/search-completeness.png", "science/search-completeness.md"
GROUPS = {"real": "real quiet stars", "simulated": "SIMULATED stars, red noise"}


def draw(result):
    """Return the picture: recovered share by period and depth, and by duration and depth, of both groups."""
    figure = new_figure(9.0, 7.0, "light")
    axes = figure.subplots(2, 2)
    for row, (group, title) in zip(axes, GROUPS.items(), strict=True):
        for one, (key, label) in zip(row, (("by_period", "Period [d]"), ("by_duration", "Duration [h]")), strict=True):
            table = result[group][key]
            share = np.array([[np.nan if v is None else v for v in line] for line in table["share"]])
            style_axes(one)
            one.grid(False)
            one.imshow(share.T, origin="lower", aspect="auto", vmin=0, vmax=1, cmap="cividis")
            for (x, y), value in np.ndenumerate(share):
                if np.isfinite(value):
                    color = "black" if value > 0.5 else "white"
                    text = f"{100 * value:.0f} %\n({table['count'][x][y]})"
                    one.text(x, y, text, ha="center", va="center", fontsize=7, color=color)
            for axis, edges in ((one.xaxis, table["x_edges"]), (one.yaxis, table["y_edges"])):
                axis.set_ticks(range(len(edges) - 1), [f"{a:g}-{b:g}" for a, b in itertools.pairwise(edges)])
            one.set_xlabel(label)
            one.set_ylabel("Depth [ppm]")
            one.set_title(title, fontsize=10)
    return export_png(figure, "Recovery of injected transits")


def table_of(table, name):
    """Return the lines of a Markdown table of shares with their numbers."""
    head = [f"{a:g} to {b:g} {name}" for a, b in itertools.pairwise(table["x_edges"])]
    lines = [f"| depth [ppm] | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
    for y, (low, high) in enumerate(itertools.pairwise(table["y_edges"])):
        cells = [
            "–" if table["share"][x][y] is None else f"{100 * table['share'][x][y]:.0f} % of {table['count'][x][y]}"
            for x in range(len(head))
        ]
        lines.append(f"| {low:g} to {high:g} | {' | '.join(cells)} |")
    return lines


def page(result):
    """Return the page's text."""
    settings, alarms = result["settings"], result["alarms"]
    lines = [
        "# Completeness and reliability of the search",
        "",
        "Written by `python -m benchmarks.search_completeness --docs docs`. Thresholds: SNR "
        f"{settings['least_snr']:g}, SDE {settings['least_sde']:g}; single transits SNR"
        f" {settings['least_single_snr']:g}. They were chosen on other simulated stars and on the other half of the"
        " quiet stars.",
        "",
        "**False alarms.** "
        + " ".join(
            f"{GROUPS[group]}: {alarm['with_periodic']} of {alarm['stars']} with a periodic signal,"
            f" {alarm['with_single']} with a single transit."
            for group, alarm in alarms.items()
        )
        + " Two of the 22 quiet stars are left out of all rates, because they do eclipse: TIC 117544915 is an eclipsing"
        " binary of 1.48 d, and TIC 89356998 has one dip of 1 % in the sector. The search finds both.",
        "",
        " ".join(
            [f"Measured on {result['date']}."]
            + [
                f"With {alarm['stars']} {GROUPS[group]}, a true rate of {100 * (1 - 0.05 ** (1 / alarm['stars'])):.0f}"
                " % would give no false alarm in 5 % of all cases."
                for group, alarm in alarms.items()
                if not alarm["with_periodic"]
            ]
        ),
        "",
        "**Recovery.** One planet is injected into the two-minute data of one sector before detrending: log-uniform in"
        " period (0.5 to 13 d), depth (100 to 10,000 ppm) and stellar density (0.1 to 10 solar), uniform in impact"
        " parameter (0 to 0.85). It counts as recovered at its period, or half or twice it, with the right transit"
        " times.",
        "",
        "```{figure} ../_static/search-completeness.png",
        ":alt: Share of injected planets that is recovered, by depth and period and by depth and duration, in real and"
        " in simulated light curves. The tables below hold the same numbers.",
        ":width: 100%",
        "",
        "Share recovered, and the number injected in parentheses. The lower row is SIMULATED.",
        "```",
    ]
    for group, title in GROUPS.items():
        part = result[group]
        lines += ["", f"## {title[0].upper() + title[1:]}", ""]
        lines += [f"{part['recovered']} of {result['planets']} recovered.", ""]
        lines += [*table_of(part["by_period"], "d"), "", *table_of(part["by_duration"], "h"), ""]
        lines += ["| expected SNR | recovered |", "|---|---|"]
        for low, high, count, good in part["by_snr"]:
            upper = f"to {high:g}" if high < 1e6 else "and more"
            if count:
                lines.append(f"| {low:g} {upper} | {100 * good / count:.0f} % of {count} |")
    lines += ["", "Expected SNR: depth over the scatter of one cadence, times the root of the cadences in transit."]
    return "\n".join(lines) + "\n"


def write(result, docs):
    """Write page and picture."""
    (docs / PICTURE).write_bytes(draw(result))
    (docs / PAGE).write_text(page(result), encoding="utf-8")


def main():
    """Write the page and the picture from a stored report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    options = parser.parse_args()
    text = options.report.read_text(encoding="utf-8")
    write(json.loads(text[text.index('{\n "date"') :]), options.docs)


if __name__ == "__main__":
    main()
