"""Update, rescore, vet, search, look up: the GET explains and asks, the POST starts a run and redirects to it."""

import shutil

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for

from app_tess.archives import products
from app_tess.errors import AlreadyRunning, InvalidInput, SiteBusy
from app_tess.storage import catalogue, look_ups, run_records, scores, stars
from app_tess.tasks import product_choice
from app_tess.web.http import limits
from app_tess.web.http.errors import wants_json
from app_tess.web.http.parameters import read_choice, read_data_choice, read_mask_and_flux, read_yes_no
from app_tess.web.http.security import authorize_action, is_local_developer
from app_tess.web.http.site import site_status

pages = Blueprint("actions", __name__)
OF_ONE_STAR = ("vet", "search")
"""The kinds of run on stored stars that visitors may start, if at all."""
LOOK_UP = "look-up"
VETTED = ("vetted or searched", "vet or search")
QUEUE_RETRY_S, DISK_RETRY_S = 300, 3600
"""When a visitor should ask again [s]."""


@pages.get("/reset")
def ask_reset():
    config = current_app.config["TESS"]
    return render_template(
        "actions/reset.html",
        load=catalogue.find_current_load(),
        exofop_url=config.exofop_url,
        mast_url=config.mast_url,
        needs_token=not is_local_developer(),
    )


@pages.get("/predict")
def ask_predict():
    return render_template(
        "actions/predict.html",
        scoring_run=scores.find_current_run(),
        toi_count=catalogue.count_tois(),
        needs_token=not is_local_developer(),
    )


@pages.get("/stars/<int:tic_id>/vet")
def ask_vet(tic_id):
    return _ask_of(tic_id, "actions/vet.html")


@pages.get("/stars/<int:tic_id>/search")
def ask_search(tic_id):
    return _ask_of(tic_id, "actions/search.html")


def _ask_of(tic_id, template):
    """Ask on a separate page: a star's page is the same for everyone, and holds no token."""
    detail, config = stars.get_star(tic_id), current_app.config["TESS"]
    return render_template(
        template,
        tic_id=tic_id,
        light_curves=product_choice.light_curve_products(detail),
        kinds=product_choice.light_curve_kinds(detail),
        why_none=product_choice.why_no_light_curve(detail, look_ups.product_list_date(detail, site_status().load)),
        masks=products.MASKS,
        needs_token=not (is_local_developer() or config.visitors_may_vet),
    )


@pages.post("/reset")
def start_reset():
    """Start an update; with `force=yes` it accepts tables that cannot be an update of the stored ones."""
    return start("reset", options={"force": True} if read_yes_no(request.values, "force") else None)


@pages.post("/predict")
def start_predict():
    return start("predict")


@pages.post("/stars/<int:tic_id>/vet")
def start_vet(tic_id):
    """Start a vetting run with the quality mask, the flux and the kind of light curve given by the parameters."""
    stars.get_star(tic_id)
    return start("vet", tic_id, read_data_choice(request.values))


@pages.post("/stars/<int:tic_id>/search")
def start_search(tic_id):
    """Start a search for transits, with the parameters of a vetting, and `known`: masked or kept."""
    stars.get_star(tic_id)
    known = read_choice(request.values, "known", ("masked", "kept"), "masked")
    return start("search", tic_id, read_mask_and_flux(request.values) | {"mask_known": known == "masked"})


@pages.post("/stars/<int:tic_id>/look-up")
def start_look_up(tic_id):
    """Start the look-up of a star at MAST: one without a TOI, or the neighbors of one with a TOI."""
    if tic_id == 0:
        raise InvalidInput("0 is not a TIC id.", field="tic_id")
    return start(LOOK_UP, tic_id)


@pages.post("/runs/<int:run_id>/again")
def start_again(run_id):
    """Start a run like one that has ended."""
    run = run_records.get_run(run_id)
    return start(run.kind, run.tic_id, run.options)


def _visitors_may(kind, tic_id):
    config = current_app.config["TESS"]
    allowed = config.visitors_may_look_up if kind == LOOK_UP else config.visitors_may_vet and kind in OF_ONE_STAR
    return allowed and tic_id is not None


def _apply_quotas(kind):
    """Raise SiteBusy or TooManyRequests where a visitor must wait: the archives and the disk are not theirs."""
    config = current_app.config["TESS"]
    kinds, verbs = ((LOOK_UP,), ("looked up", "look up")) if kind == LOOK_UP else (OF_ONE_STAR, VETTED)
    if sum(map(run_records.count_active, kinds)) >= config.visitor_queue:
        raise SiteBusy(
            f"{config.visitor_queue} stars are waiting to be {verbs[0]} already. Please try again later.",
            QUEUE_RETRY_S,
        )
    if shutil.disk_usage(config.instance_dir).free < config.visitor_free_mb * 1_000_000:
        raise SiteBusy(f"The disk of this site is almost full, so visitors cannot {verbs[1]} stars.", DISK_RETRY_S)
    limits.count_one(limits.VISITOR_RUNS)


def start(kind, tic_id=None, options=None):
    """Queue a run and redirect to its page, or to that of its star, which shows its progress and result.

    If one is already running, a browser is redirected to it; a program gets status 409.
    """
    if authorize_action(visitors=_visitors_may(kind, tic_id)):
        _apply_quotas(kind)
    try:
        run_id = run_records.request_run(kind, tic_id, options).id
    except AlreadyRunning as running:
        if wants_json() or running.run_id is None:
            raise
        run_id = running.run_id
    location = url_for("runs.show", run_id=run_id)
    if wants_json():
        return jsonify({"run": run_id, "status": "queued", "url": location}), 202, {"Location": location}
    if kind in OF_ONE_STAR and tic_id is not None:
        location = url_for("stars.show", tic_id=tic_id, run=run_id)
    return redirect(location, code=303)
