"""Update the catalogue regularly: a crontab setting, with jitter, so that sites do not all ask the archives at once."""

import datetime as dt
import logging
import random

from cronsim import CronSim

from app_tess.errors import AlreadyRunning
from app_tess.storage import run_records

log = logging.getLogger(__name__)


def next_time(schedule, after):
    """Return the next time of a crontab schedule (UTC) after a time, or None if it names none.

    Parameters
    ----------
    schedule : str
        Five fields, as in crontab; empty: never.
    after : datetime
        Aware, UTC.
    """
    found = next(CronSim(schedule, after.replace(tzinfo=None)), None) if schedule else None
    return found and found.replace(tzinfo=dt.UTC)


class Schedule:
    """Requests an update at each time of the schedule, at a random moment within the jitter after it.

    A time at which no worker runs is skipped. Of several workers the first one due requests the update; the others see
    that run and do nothing.

    Parameters
    ----------
    schedule : str
    jitter_s : int
        [s]
    """

    def __init__(self, schedule, jitter_s):
        self._schedule, self._jitter_s = schedule, jitter_s
        self._time: dt.datetime | None = None
        self._due: dt.datetime | None = None

    def request_if_due(self, jitter=random.uniform):
        """Queue an update if its time has come; return the run, or None."""
        if not self._schedule:
            return None
        now = run_records.database_now()
        if self._time is None or self._due is None:
            self._plan(now, jitter)
            return None
        if now < self._due:
            return None
        age_s = (now - self._time).total_seconds()
        self._plan(now, jitter)
        if run_records.was_requested_since("reset", age_s):
            return None
        try:
            return run_records.request_run("reset", requested_by="schedule")
        except AlreadyRunning as running:
            log.info("no scheduled update: %s", running)
            return None

    def _plan(self, after, jitter):
        self._time = next_time(self._schedule, after)
        self._due = self._time and self._time + dt.timedelta(seconds=jitter(0, self._jitter_s))
