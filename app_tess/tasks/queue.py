"""The job queue is the table of runs: a request is one INSERT, and a worker takes the oldest queued run.

No message is passed, so nothing can be lost between a run and its message, and whoever can write to the database can
ask for runs of the known kinds but cannot make the worker execute code.
"""

import logging

from app_tess.storage import run_records

log = logging.getLogger(__name__)


class RunQueue:
    """Where the site and the commands ask for runs."""

    def request(self, kind, tic_id=None, options=None, requested_by="site"):
        """Store a queued run; AlreadyRunning if one of its kind (and star) is queued or executing."""
        run = run_records.request_run(kind, tic_id, options, requested_by)
        log.info("run %d (%s) is queued", run.id, kind)
        return run
