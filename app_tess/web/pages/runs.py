"""The page of a run, which refreshes automatically while the run is active, and the list of recent runs."""

from flask import Blueprint, jsonify, render_template

from app_tess.storage import run_records
from app_tess.storage.database import now
from app_tess.storage.run_records import HEARTBEAT_LOST

pages = Blueprint("runs", __name__)
REFRESH_S = 2


@pages.get("/runs")
def index():
    return render_template("runs/index.html", runs=run_records.latest_runs())


@pages.get("/runs/<int:run_id>")
def show(run_id):
    run = run_records.get_run(run_id)
    return (
        render_template("runs/show.html", run=run, silent=_silent(run), refresh_s=REFRESH_S if run.is_active else None),
        200,
        {"Cache-Control": "no-store"},
    )


@pages.get("/runs/<int:run_id>.json")
def show_json(run_id):
    run = run_records.get_run(run_id)
    return (
        jsonify(
            {
                "run": run.id,
                "kind": run.kind,
                "status": run.status,
                "done": run.done,
                "total": run.total,
                "doing": run.doing,
                "message": run.message,
                "requested_at": _iso(run.requested_at),
                "started_at": _iso(run.started_at),
                "ended_at": _iso(run.ended_at),
            }
        ),
        200,
        {"Cache-Control": "no-store"},
    )


def _silent(run):
    """Return whether the worker of an active run has stopped reporting, or a queued run is not being started."""
    last = run.heartbeat_at if run.status == "executing" else run.requested_at
    return run.is_active and now() - last > HEARTBEAT_LOST / 2


def _iso(moment):
    return moment.isoformat() if moment else None
