"""The job queue: huey, in a SQLite file beside the embedded database, or in PostgreSQL.

huey loses a job whose worker is killed, so the queue carries only the number of a run. The `runs` table holds its
state, and the worker's watch looks there for runs without a worker.
"""

import logging
import threading
from typing import Any

from flask import Flask
from huey import PostgresHuey, SqliteHuey
from sqlalchemy.engine import make_url

from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.tasks.run_execution import execute_run

WATCH_EVERY_S = 10.0
log = logging.getLogger(__name__)


class RunQueue:
    """Takes run numbers from the web and passes them to a worker."""

    def __init__(self, app: Flask, config):
        self._app, self._config = app, config
        self._huey: Any = None
        self._task: Any = None

    @property
    def huey(self):
        """The huey queue, opened on first use: creating an application touches no file and no server."""
        if self._huey is None:
            url = make_url(self._config.sqlalchemy_url)
            if url.get_backend_name() == "sqlite":
                self._config.instance_dir.mkdir(parents=True, exist_ok=True)
                self._huey = SqliteHuey("tess", filename=str(self._config.instance_dir / "queue.sqlite"), results=False)
            else:
                dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
                self._huey = PostgresHuey("tess", dsn=dsn, results=False)
            self._task = self._huey.task(name="execute_run")(self._execute)
        return self._huey

    def _execute(self, run_id):
        with self._app.app_context():
            execute_run(run_id, self._config)

    def request(self, kind, tic_id=None, options=None):
        """Store a run and put it on the queue; AlreadyRunning if a run of its kind is queued or executing."""
        run = run_records.request_run(kind, tic_id, options)
        self._put(run.id)
        log.info("run %d (%s) is queued", run.id, kind)
        return run

    def _put(self, run_id):
        _ = self.huey  # opens the queue and defines the task
        self._task(run_id)

    def work(self):
        """Execute runs until SIGINT or SIGTERM; blocks."""
        consumer = self.huey.create_consumer(
            workers=2, worker_type="thread", periodic=False, initial_delay=0.1, max_delay=1.0
        )
        stop = threading.Event()
        watch = threading.Thread(target=self._watch, args=(stop,), daemon=True, name="watch")
        watch.start()
        try:
            consumer.run()
        finally:
            stop.set()

    def _watch(self, stop):
        while not stop.is_set():
            try:
                with self._app.app_context():
                    lost = run_records.abort_lost_runs()
                    if lost:
                        log.warning("%d run(s) ended: their worker had stopped", lost)
                    if self.huey.pending_count() == 0:
                        for run in run_records.waiting_runs():
                            self._put(run.id)
                    db.session.remove()
            except Exception:  # the watch must outlive a database that restarts
                log.exception("the worker's watch failed, trying again")
            stop.wait(WATCH_EVERY_S)
