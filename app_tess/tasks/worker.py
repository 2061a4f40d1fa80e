"""The worker: takes queued runs, two at a time, until it is asked to end.

On SIGTERM or SIGINT it takes no more runs. A run that stores its results just then is finished; every other one goes
back to the queue, at its next report or after GRACE_S at the latest.
"""

import logging
import os
import signal
import socket
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from app_tess.storage import run_records, worker_records
from app_tess.storage.database import db
from app_tess.storage.switching import Claim
from app_tess.tasks.run_execution import execute
from app_tess.tasks.schedule import Schedule

SLOTS = 2
"""Runs executed at a time: a vetting need not wait for an update."""
POLL_S = 0.5
"""Seconds between two looks at the queue: one indexed SELECT."""
WATCH_EVERY_S = 2.0
"""Seconds between two heartbeats of the worker, and between two searches for runs whose worker was killed."""
GRACE_S = 4.0
"""Seconds for the runs to end: honcho kills after 5 s, Docker after 10, Heroku after 30, systemd after 90."""
AFTER_OUTAGE_S = 10.0
"""After an outage of the database no run is taken for lost so long: none could report."""
log = logging.getLogger(__name__)


class Worker:
    """Executes runs.

    Parameters
    ----------
    app : Flask
    config : Config
    """

    def __init__(self, app, config):
        self._app, self._config = app, config
        self._stopping = threading.Event()
        self._running: dict[threading.Thread, Claim] = {}
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._id, self._is_cut_off = 0, False
        self._next_watch = self._trust_heartbeats_from = 0.0
        self._schedule = Schedule(config.update_schedule, config.update_jitter_s)

    def stop(self, *_signal):
        """Ask the worker to end."""
        self._stopping.set()

    def work(self):
        """Execute runs until a signal; must be called in the main thread. Ends the process if a run does not end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self._stopping.wait(POLL_S):
            self.step()
        if not self.wind_up():
            logging.shutdown()
            os._exit(0)  # a thread that waits for an archive would keep the process for a minute

    def step(self):
        """Report, look for lost runs, and take a queued run if there is room; outlive a database that restarts."""
        try:
            with self._app.app_context():
                if time.monotonic() >= self._next_watch:
                    self._watch()
                    self._next_watch = time.monotonic() + WATCH_EVERY_S
                self._running = {thread: claim for thread, claim in self._running.items() if thread.is_alive()}
                while len(self._running) < SLOTS and (claim := run_records.claim_next()):
                    thread = threading.Thread(target=self._execute, args=(claim,), daemon=True)
                    self._running[thread] = claim
                    thread.start()
            self._note_database(None)
        except SQLAlchemyError as error:
            self._note_database(error)
            self._trust_heartbeats_from = time.monotonic() + AFTER_OUTAGE_S

    def _note_database(self, error):
        """Log when the database can no longer be used, and when it can again."""
        if error is not None and not self._is_cut_off:
            log.warning("the database cannot be used, trying again: %s", error)
        elif error is None and self._is_cut_off:
            log.info("the database can be used again")
        self._is_cut_off = error is not None

    def _watch(self):
        self._id = worker_records.beat(self._id, self._name)
        self._schedule.request_if_due()
        if time.monotonic() >= self._trust_heartbeats_from:
            lost = run_records.abort_lost_runs()
            if lost:
                log.warning("%d run(s) ended: their worker had stopped", lost)

    def _execute(self, claim):
        with self._app.app_context():
            execute(claim, self._config, self._stopping)
            db.session.remove()

    def wind_up(self):
        """Wait for the runs to end; return the others to the queue. Return whether all threads have ended."""
        deadline = time.monotonic() + GRACE_S
        for thread in self._running:
            thread.join(max(0.0, deadline - time.monotonic()))
        late = [claim for thread, claim in self._running.items() if thread.is_alive()]
        # in a thread, because the database may be what they all wait for
        leaving = threading.Thread(target=self._leave, args=(late,), daemon=True)
        leaving.start()
        leaving.join(1.0)
        return not late and not leaving.is_alive()

    def _leave(self, late):
        try:
            with self._app.app_context():
                for claim in late:
                    run_records.give_back(claim, "returned to the queue, because its worker was stopped")
                worker_records.leave(self._id)
        except SQLAlchemyError as error:
            log.warning("the end of this worker could not be stored: %s", error)
