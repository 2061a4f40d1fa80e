"""Execute one run: claim it, keep its heartbeat, report its progress, and end it with a message."""

import contextlib
import logging
import threading
from typing import cast

from flask import Flask, current_app
from werkzeug.local import LocalProxy

from app_tess import logs
from app_tess.errors import AppTessError
from app_tess.storage import run_records
from app_tess.storage.database import db

HEARTBEAT_S = 5.0
log = logging.getLogger(__name__)


def execute_run(run_id, config):
    """Execute a queued run; do nothing if another worker has claimed it.

    Any error becomes the run's message: a failed run is never shown as done.
    """
    if not run_records.claim(run_id):
        return
    run = run_records.get_run(run_id)
    kind, tic_id, options = run.kind, run.tic_id, run.options or {}

    def report(done, total, doing):
        run_records.report(run_id, done, total, doing)

    with logs.in_run(run_id), beating(run_id):
        log.info("%s started", kind)
        try:
            message = _story(kind, tic_id, options, config, report)
            run_records.end(run_id, "completed", message)
            log.info("%s completed: %s", kind, message)
        except AppTessError as error:
            db.session.rollback()
            log.warning("%s failed: %s", kind, error)
            run_records.end(run_id, "error", str(error))
        except Exception:
            db.session.rollback()
            log.exception("%s failed", kind)
            run_records.end(
                run_id,
                "error",
                "An internal error ended this run; nothing was changed. The worker's log has the details.",
            )


@contextlib.contextmanager
def beating(run_id):
    """Keep a run's heartbeat within the context, so that a long download is not mistaken for a killed process."""
    stop = threading.Event()
    heart = threading.Thread(
        target=_beat, args=(cast(LocalProxy[Flask], current_app)._get_current_object(), run_id, stop), daemon=True
    )
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join(HEARTBEAT_S)


def _story(kind, tic_id, options, config, report):
    # imported by the worker that runs one, so that the web processes start without their libraries
    from app_tess.tasks import predict, reset, survey, vet

    if kind == "reset":
        return reset.reset_and_predict(config, report)
    if kind == "predict":
        return predict.predict(config, report)
    if tic_id is None:
        return survey.survey(config, report)
    return vet.vet_star(config, tic_id, report, **options)


def _beat(app, run_id, stop):
    while not stop.wait(HEARTBEAT_S):
        try:
            with app.app_context():
                run_records.beat(run_id)
        except Exception:  # a missed heartbeat is no reason to stop: the database may be busy with this very run
            log.debug("a heartbeat was missed", exc_info=True)
