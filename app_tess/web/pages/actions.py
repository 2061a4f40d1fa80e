"""Reset and predict: the GET explains and asks, the POST starts a run and leads to it."""

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for

from app_tess.archives.products import require_choice
from app_tess.errors import AlreadyRunning
from app_tess.storage import catalogue, scores, stars
from app_tess.web.http.errors import wants_json
from app_tess.web.http.security import authorise_action, comes_from_loopback

pages = Blueprint("actions", __name__)


@pages.get("/reset")
def ask_reset():
    config = current_app.config["TESS"]
    return render_template(
        "actions/reset.html",
        load=catalogue.find_current_load(),
        exofop_url=config.exofop_url,
        mast_url=config.mast_url,
        needs_token=not comes_from_loopback(),
    )


@pages.get("/predict")
def ask_predict():
    return render_template(
        "actions/predict.html",
        scoring_run=scores.find_current_run(),
        toi_count=catalogue.count_tois(),
        needs_token=not comes_from_loopback(),
    )


@pages.post("/reset")
def start_reset():
    return start("reset")


@pages.post("/predict")
def start_predict():
    return start("predict")


@pages.post("/stars/<int:tic_id>/vet")
def start_vet(tic_id):
    """The form's or the address's `mask` and `flux` choose the cadences and the flux."""
    stars.get_star(tic_id)
    options = {"mask": request.values.get("mask", "default"), "flux": request.values.get("flux")}
    require_choice(**options)
    return start("vet", tic_id, options)


def start(kind, tic_id=None, options=None):
    """Queue a run; 303 to its page. A browser that asks twice is led to the run under way; a program is told 409."""
    authorise_action()
    try:
        run_id = current_app.extensions["queue"].request(kind, tic_id, options).id
    except AlreadyRunning as running:
        if wants_json() or running.run_id is None:
            raise
        run_id = running.run_id
    location = url_for("runs.show", run_id=run_id)
    if wants_json():
        return jsonify({"run": run_id, "status": "queued", "url": location}), 202, {"Location": location}
    return redirect(location, code=303)
