"""The job queue is the table of runs: a request is one INSERT, and a worker takes the oldest queued run.

No message is passed, so nothing can be lost between a run and its message, and whoever can write to the database can
ask for runs of the known kinds but cannot make the worker execute code.
"""

from app_tess.storage import run_records


class RunQueue:
    """Where the site and the commands ask for runs."""

    def request(self, kind, tic_id=None, options=None, requested_by="site"):
        """Store a queued run; AlreadyRunning if one of its kind (and star) is queued or executing."""
        return run_records.request_run(kind, tic_id, options, requested_by)
