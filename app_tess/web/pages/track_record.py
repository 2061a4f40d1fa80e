"""/track-record: how frozen scores fared against later verdicts, replayed from dated catalogues and lived since."""

from flask import Blueprint, jsonify, render_template, request

from app_tess.errors import MissingData
from app_tess.plots.model_report import years_chart
from app_tess.scoring.common.metrics import measure
from app_tess.storage.graded_scores import graded_verdicts
from app_tess.web.http.parameters import read_theme
from app_tess.web.http.responses import FIGURE_MAX_AGE_S, picture_response
from app_tess.web.pages.report_view import TRACK_RECORD, figure_text, is_measure, label, read_report, sections

pages = Blueprint("track_record", __name__)
RESAMPLES = 200
"""Enough for an interval on a page; a list of thousands must not take a second."""
EVERY_SCORE = "scores"
"""The list of all frozen scores of a date: thousands of rows, left to the JSON."""
FIRST_TOLD = ("misses", "overlooked", "hits")
SHOWN = ("auc", "brier", "accuracy")


@pages.get("/track-record")
def show():
    replay, live = read_report(TRACK_RECORD), graded_verdicts()
    return render_template(
        "track_record/show.html",
        replay=None if replay is None else _replay_sections(replay),
        live=live,
        figures=_live_figures(live),
        years_alt=years_chart(replay).alt if _has_years(replay) else None,
    )


@pages.get("/track-record.json")
def show_json():
    """The replay's file and the live record."""
    replay, live = read_report(TRACK_RECORD), graded_verdicts()
    if replay is None and not live:
        raise MissingData("There is no track record yet.")
    return jsonify(
        {
            "replay": replay,
            "live": [
                row | {"graded_at": row["graded_at"].isoformat(), "scored_at": row["scored_at"].isoformat()}
                for row in live
            ],
        }
    )


@pages.get("/track-record/years.png")
def years():
    theme = read_theme(request.args)
    replay = read_report(TRACK_RECORD)
    if not _has_years(replay):
        raise MissingData("There is no replayed track record with figures by year.")
    return picture_response(years_chart(replay, theme), FIGURE_MAX_AGE_S)


def _has_years(replay):
    """Whether a replay has a year with figures to draw."""
    years = replay.get("years") if isinstance(replay, dict) else None
    return isinstance(years, list) and any(
        is_measure(year.get("auc")) and is_measure(year.get("brier")) for year in years
    )


def _live_figures(live):
    """[(name, text)] of the live record; empty without verdicts."""
    if not live:
        return []
    figures = measure(
        [row["is_planet"] for row in live],
        [row["planet_probability"] for row in live],
        [row["tic_id"] for row in live],
        resamples=RESAMPLES,
    )
    return [("verdicts graded", str(len(live)))] + [(label(name), figure_text(figures[name])) for name in SHOWN]


def _replay_sections(replay):
    """The file's own parts: its plain figures, then a table for each list of dated entries, and each entry's misses and hits."""
    parts = replay if isinstance(replay, dict) else {"replay": replay}
    dated = {
        name: part
        for name, part in parts.items()
        if isinstance(part, list) and part and all(isinstance(entry, dict) for entry in part)
    }
    found = sections("The tables", {name: part for name, part in parts.items() if name not in dated})
    for name, part in dated.items():
        found += sections(label(name), {f"{label(name)} and their figures": [_flat(entry) for entry in part]})
    for part in dated.values():
        for entry in part:
            lists = {
                key: entry[key]
                for key in sorted(entry, key=_telling)
                if isinstance(entry[key], list) and entry[key] and key != EVERY_SCORE
            }
            found += sections(_title(entry), lists) if lists else []
    return found


def _telling(key):
    """Misses come before hits: what went wrong is what a reader must see."""
    return FIRST_TOLD.index(key) if key in FIRST_TOLD else len(FIRST_TOLD)


def _flat(entry):
    """An entry's own figures in one row; its lists apart."""
    flat = {}
    for key, value in entry.items():
        if isinstance(value, dict) and not is_measure(value):
            flat |= value
        elif not isinstance(value, list):
            flat[key] = value
    return flat


def _title(entry):
    """The date or name by which an entry goes."""
    for key in ("train_date", "date", "snapshot", "frozen_on", "train", "year", "name"):
        if entry.get(key):
            return f"Scores frozen on {entry[key]}"
    return "Entry"
