"""Execute one run: claim it, keep its heartbeat, report its progress, and end it with a message.

However a run ends, its message is true: what replaces data also ends the run, in one transaction (`storage.switching`).
"""

import contextlib
import logging
import threading
from typing import cast

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from app_tess import logs
from app_tess.archives.watch import watched_by
from app_tess.errors import AppTessError, OutdatedInput, RunEnded
from app_tess.storage import run_records
from app_tess.storage.database import db, is_full, may_return
from app_tess.storage.switching import holding

HEARTBEAT_S = 2.0
MOST_ATTEMPTS = 5
"""A run that lost the database, or whose catalogue was replaced, starts again until its fifth attempt."""
RETRY_EVERY_S, GIVE_UP_AFTER_S = 1.0, 600.0
"""The end of a run is written as soon as the database is back, within ten minutes; later a watch has ended the run."""
log = logging.getLogger(__name__)


class WorkerStopping(Exception):
    """The worker has been asked to end."""


def execute_run(run_id, config):
    """Execute a queued run; do nothing if another worker has claimed it."""
    claim = run_records.claim(run_id)
    if claim is not None:
        execute(claim, config, threading.Event())


def execute(claim, config, stopping):
    """Execute a claimed run.

    Any error becomes the run's message: a failed run is never shown as done.

    Parameters
    ----------
    claim : Claim
    config : Config
    stopping : threading.Event
        Set when the worker is asked to end: the run is returned to the queue at its next report.
    """
    with logs.in_run(claim.run_id), beating(claim, stopping), holding(claim):
        log.info("%s started", claim.kind)
        _persist(_carry(claim, config, stopping), stopping)


def _carry(claim, config, stopping):
    """Run the story, and return the function that writes how it ended."""
    try:
        message = _story(claim, config, reporter(claim, stopping))
    except RunEnded as ended:
        log.info("%s ended: %s", claim.kind, ended)
        return lambda: None
    except WorkerStopping:
        return lambda: run_records.give_back(claim, "returned to the queue, because its worker was stopped")
    except OutdatedInput as outdated:
        text = str(outdated)
        return lambda: _start_again(claim, "starting again, because the catalogue was updated meanwhile", text)
    except AppTessError as error:
        log.warning("%s failed: %s", claim.kind, error)
        text = str(error)
        return lambda: run_records.end(claim, "error", text)
    except SQLAlchemyError as error:
        log.exception("%s failed: the database", claim.kind)
        return _after_database_error(claim, error)
    except Exception:
        log.exception("%s failed", claim.kind)
        return lambda: run_records.end_unfinished(
            claim, "error", "An internal error ended this run.", "The worker's log has the details."
        )
    log.info("%s completed: %s", claim.kind, message)
    return lambda: run_records.end(claim, "completed", message)


def _after_database_error(claim, error):
    if is_full(error):
        return lambda: run_records.end_unfinished(claim, "error", "The disk of the database is full.")
    if may_return(error):
        failed = "The connection to the database was lost again and again."
        return lambda: _start_again(claim, "starting again, because the database was out of reach", failed)
    return lambda: run_records.end_unfinished(
        claim, "error", "The database refused what this run was to store.", "The worker's log has the details."
    )


def _start_again(claim, doing, failed):
    if claim.attempt < MOST_ATTEMPTS:
        run_records.give_back(claim, doing)
    else:
        run_records.end_unfinished(claim, "error", failed)


def _persist(write, stopping):
    """Write how a run ended; while the database is out of reach or full, try again."""
    for number in range(int(GIVE_UP_AFTER_S / RETRY_EVERY_S)):
        db.session.rollback()
        try:
            write()
            return
        except SQLAlchemyError as error:
            if number == 0:
                log.warning("the end of the run could not be written yet, trying again: %s", error)
            if stopping.wait(RETRY_EVERY_S):
                return


def reporter(claim, stopping, announce=lambda *progress: None):
    """Return the function that a story calls with (done, total, doing).

    It raises RunEnded where the run was cancelled or given up, and WorkerStopping where the worker is to end. A report
    that the database does not take is left out: a download goes on while the database restarts.
    """

    def report(done, total, doing):
        announce(done, total, doing)
        if stopping.is_set():
            raise WorkerStopping
        try:
            alive = run_records.report(claim, done, total, doing)
        except SQLAlchemyError as error:
            db.session.rollback()
            log.warning("the progress could not be stored: %s", error)
            return
        if not alive:
            raise RunEnded(f"Run {claim.run_id} was cancelled or given up.")

    return report


@contextlib.contextmanager
def beating(claim, stopping):
    """Keep a run's heartbeat within the context, and end a download in it soon after the run has ended.

    A long download is then not mistaken for a killed process, and does not outlive a cancelled run.
    """
    stop, lost = threading.Event(), threading.Event()
    app = cast(LocalProxy[Flask], current_app)._get_current_object()
    heart = threading.Thread(target=_beat, args=(app, claim, stop, lost), daemon=True)

    def check():
        if lost.is_set():
            raise RunEnded(f"Run {claim.run_id} was cancelled or given up.")
        if stopping.is_set():
            raise WorkerStopping

    heart.start()
    try:
        with watched_by(check):
            yield
    finally:
        stop.set()
        heart.join(HEARTBEAT_S)


def _story(claim, config, report):
    # imported by the worker that runs one, so that the web processes start without their libraries
    from app_tess.tasks import look_up, predict, reset, search, survey, vet

    if claim.kind == "reset":
        return reset.reset_and_predict(config, report, **claim.options)
    if claim.kind == "predict":
        return predict.predict(config, report)
    if claim.kind == "look-up":
        return look_up.look_up(config, claim.tic_id, report)
    if claim.kind == "search":
        return search.search_star(config, claim.tic_id, report, **claim.options)
    if claim.tic_id is None:
        return survey.survey(config, report)
    return vet.vet_star(config, claim.tic_id, report, **claim.options)


def _beat(app, claim, stop, lost):
    while not stop.wait(HEARTBEAT_S):
        try:
            with app.app_context():
                if not run_records.beat(claim):
                    lost.set()
        except Exception:  # a missed heartbeat is no reason to stop: the database may be busy with this very run
            log.debug("a heartbeat was missed", exc_info=True)
