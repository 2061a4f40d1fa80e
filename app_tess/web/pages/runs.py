"""The page of a run, which refreshes automatically while the run is active, and the operations page with all runs."""

from urllib.parse import urlsplit

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from app_tess.errors import AlreadyRunning
from app_tess.storage import catalogue, changes, run_records, worker_records
from app_tess.storage.run_models import LOST_AFTER_S
from app_tess.web.http.errors import wants_json
from app_tess.web.http.parameters import read_choice, read_page, reject_unknown
from app_tess.web.http.security import authorize_action, is_local_developer

pages = Blueprint("runs", __name__)
REFRESH_S = 2
PAGE_SIZE = 50
NO_STORE = {"Cache-Control": "no-store"}
KINDS = {
    "reset": "catalogue update",
    "predict": "scoring",
    "vet": "vetting",
    "search": "transit search",
    "look-up": "look-up",
}
ORIGINS = {"site": "on the site", "command": "by a command", "schedule": "by the schedule"}


@pages.get("/operations")
def index():
    reject_unknown(request.args, ("page", "kind"))
    page, kind = read_page(request.args), read_choice(request.args, "kind", KINDS, None)
    runs, total = run_records.past_runs(page, PAGE_SIZE, kind)
    return render_template(
        "runs/index.html",
        runs=runs,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        kind=kind,
        kinds=KINDS,
        origins=ORIGINS,
        counts=changes.count_kinds(),
        workers=worker_records.living_workers(),
    )


@pages.get("/runs")
def former_index():
    """Lead from the address of releases before 0.3 to the present one."""
    query = "?" + request.query_string.decode() if request.query_string else ""
    return redirect(url_for("runs.index") + query, code=301)


@pages.get("/runs/<int:run_id>")
def show(run_id):
    run = run_records.get_run(run_id)
    return (
        render_template(
            "runs/show.html",
            run=run,
            kinds=KINDS,
            origins=ORIGINS,
            counts=changes.count_kinds().get(run.load_id or 0, {}),
            load=catalogue.find_load(run.load_id) if run.kind == "reset" else None,
            silent=_silent(run),
            needs_token=not is_local_developer(),
            refresh_s=REFRESH_S if run.is_active else None,
        ),
        200,
        NO_STORE | ({"HX-Refresh": "true"} if not run.is_active and _is_asked_by_a_star() else {}),
    )


def _is_asked_by_a_star():
    """Return whether a star's page polls a run: when the run has ended, the page is loaded again with its result."""
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return "HX-Request" in request.headers and page.startswith("/stars/")


@pages.get("/runs/<int:run_id>.json")
def show_json(run_id):
    return jsonify(_as_json(run_records.get_run(run_id))), 200, NO_STORE


@pages.post("/runs/<int:run_id>/cancel")
def cancel(run_id):
    """Cancel an active run. One that has ended stays as it is: a program gets status 409, a browser the run's page."""
    authorize_action()
    run = run_records.cancel(run_id)
    if not wants_json():
        return redirect(url_for("runs.show", run_id=run_id), code=303)
    if run.status != "cancelled":
        raise AlreadyRunning(f"Run {run_id} has already ended: {run.status}.", run_id)
    return jsonify(_as_json(run)), 200, NO_STORE


def _as_json(run):
    return {
        "run": run.id,
        "kind": run.kind,
        "tic_id": run.tic_id,
        "status": run.shown_status,
        "done": run.done,
        "total": run.total,
        "doing": run.doing if run.is_active else "",
        "message": run.shown_message,
        "sizes": run.sizes or {},
        "requested_by": run.requested_by,
        "requested_at": _iso(run.requested_at),
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "duration_s": run.duration_s,
    }


def _silent(run):
    """Return whether the worker of an active run has stopped reporting, or a queued run is not being started."""
    last = run.heartbeat_at if run.status == "executing" else run.requested_at
    return run.is_active and (run_records.database_now() - last).total_seconds() > LOST_AFTER_S / 2


def _iso(moment):
    return moment.isoformat() if moment else None
