"""The view of a star's light curve: its points as JSON, and its picture for readers without JavaScript."""

from flask import Blueprint, current_app, jsonify, request

from app_tess.errors import AppTessError, InvalidInput
from app_tess.tasks import curve_view
from app_tess.web.http.curve_view_args import (
    LEAST_POINTS,
    LONGEST_WITHIN_H,
    MOST_POINTS,
    POINTS_ARGS,
    USUAL_POINTS,
    VIEW_ARGS,
    read_choice_of_view,
)
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import (
    LOOK_ARGS,
    read_look,
    read_number,
    read_whole_number,
    reject_contradictions,
    reject_unknown,
)
from app_tess.web.http.star_query_args import LARGEST_SECTOR
from app_tess.web.pages import light_curves

pages = Blueprint("curve_view", __name__)
pages.register_error_handler(AppTessError, light_curves.explain)
PICTURE_ARGS = (*VIEW_ARGS, "kind", "flux", "mask", *LOOK_ARGS)


@pages.get("/api/v1/stars/<int:tic_id>/light-curve")
@kept()
def points(tic_id):
    """Return a sector's points in a range of time: every cadence where there are few enough, else medians of bins."""
    reject_unknown(request.args, POINTS_ARGS)
    reject_contradictions(request.args, POINTS_ARGS)
    sector = read_whole_number(request.args, "sector", 1, LARGEST_SECTOR)
    if sector is None:
        raise InvalidInput("missing: give the number of a sector.", field="sector")
    most = read_whole_number(request.args, "max_points", LEAST_POINTS, MOST_POINTS, USUAL_POINTS)
    within_h = read_number(request.args, "within_h", 0, LONGEST_WITHIN_H, unit="h")
    choice = read_choice_of_view(request.args)
    response = jsonify(
        light_curves.with_files(
            lambda: curve_view.curve_points(current_app.config["TESS"], tic_id, choice, sector, most, within_h)
        )
    )
    response.cache_control.max_age = light_curves.MAX_AGE_S
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)


@pages.get("/stars/<int:tic_id>/view.png")
@kept()
def picture(tic_id):
    """Draw a view: time, fold, odd and even transits."""
    return light_curves.png(_drawing(tic_id))


@pages.get("/stars/<int:tic_id>/view/provenance.json")
def provenance(tic_id):
    return light_curves.provenance(_drawing(tic_id))


def _drawing(tic_id):
    """Return a function that draws the view that the request asks for."""
    reject_unknown(request.args, PICTURE_ARGS)
    choice, theme = read_choice_of_view(request.args), read_look(request.args)
    return lambda: curve_view.view_picture(current_app.config["TESS"], tic_id, choice, theme)
