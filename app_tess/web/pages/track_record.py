"""/track-record: frozen scores compared with later dispositions, replayed from dated catalogues and recorded since."""

from flask import Blueprint, jsonify, render_template, request

from app_tess.errors import MissingData
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.common.metrics import METRICS, measure
from app_tess.scoring.evaluation.track_record_schema import CONFIDENT_OTHER, CONFIDENT_PLANET, TRACK_RECORD_NAME
from app_tess.storage.graded_scores import find_graded_scores
from app_tess.web.http.parameters import read_look
from app_tess.web.http.responses import FIGURE_MAX_AGE_S, picture_response
from app_tess.web.http.shared import shared
from app_tess.web.pages.model_files import find_track_record, try_to, version_of

pages = Blueprint("track_record", __name__)

RESAMPLES = 200
"""Bootstrap resamples of the live record: enough for an interval, and fast for thousands of scores."""

LIVE_METRICS = ("auc", "brier", "accuracy")


@pages.get("/track-record")
def show():
    from app_tess.plots.model_report import describe_years, plotted_years

    replay, problem = try_to(find_track_record)
    live = find_graded_scores()
    return render_template(
        "track_record/show.html",
        replay=replay,
        problem=problem,
        live=live,
        live_metrics=LIVE_METRICS,
        live_figures=shared(("live", len(live), live[0]["graded_at"]), lambda: _measure_live(live)) if live else None,
        years_alt=describe_years(replay) if replay and plotted_years(replay) else None,
        metrics=METRICS,
        confident_planet=CONFIDENT_PLANET,
        confident_other=CONFIDENT_OTHER,
    )


@pages.get("/track-record.json")
def show_json():
    """The replayed and the live record as JSON."""
    replay, live = find_track_record(), find_graded_scores()
    if replay is None and not live:
        raise MissingData("There is no track record yet.")
    return jsonify(
        {
            "replay": to_json(replay),
            "live": [
                row | {"graded_at": row["graded_at"].isoformat(), "scored_at": row["scored_at"].isoformat()}
                for row in live
            ],
        }
    )


@pages.get("/track-record/years.png")
def years():
    """The figures by year of the disposition."""
    from app_tess.plots.model_report import plotted_years, years_chart

    theme = read_look(request.args)
    replay = find_track_record()
    if replay is None or not plotted_years(replay):
        raise MissingData("There is no replayed track record with figures by year.")
    key = ("years", theme, version_of(TRACK_RECORD_NAME))
    return picture_response(shared(key, lambda: years_chart(replay, theme)), FIGURE_MAX_AGE_S)


def _measure_live(live):
    return measure(
        [row["is_planet"] for row in live],
        [row["planet_probability"] for row in live],
        [row["tic_id"] for row in live],
        resamples=RESAMPLES,
    )
