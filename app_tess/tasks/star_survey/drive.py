"""Drive a survey: hand out its waiting stars, store what returns in batches, and say when it will end."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from app_tess.errors import AppTessError, DiskFull, OutdatedInput, SurveyStopped
from app_tess.storage import surveys
from app_tess.storage.database import db, is_full
from app_tess.storage.switching import current_load_id
from app_tess.tasks.star_survey.outage import MOST_ATTEMPTS, Outage
from app_tess.tasks.star_survey.prepare import jobs

BATCH_STARS, BATCH_S = 20, 2.0
"""Results are stored when so many are there, or so long after the last ones [s]: each transaction renews all pages."""

log = logging.getLogger(__name__)


@dataclass
class Drive:
    """A survey while a command works on it.

    Attributes
    ----------
    results : list of StarResult
        Not stored yet.
    """

    survey_id: int
    driver: str
    report: Callable[[int, int, str], None]
    load_id: int | None
    total: int = 0
    done: int = 0
    begun_with: int = 0
    results: list = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    stored: float = field(default_factory=time.monotonic)
    outage: Outage = field(default_factory=lambda: Outage(log.warning))

    def take(self, result):
        """Take the result of a star, and store those that are there where it is time; wait while an archive is out."""
        if result.unavailable_at is not None:
            if self.results:
                self.store()
            if self.outage.postpone(result.tic_id, result.unavailable_at, result.row["message"]):
                return
            attempts = f"The archive did not answer in {MOST_ATTEMPTS} attempts, but did for other stars: "
            result.row |= {"state": "failed", "message": attempts + result.row["message"]}
        elif result.fetched:
            self.outage.end(result.tic_id)
        self.results.append(result)
        if len(self.results) >= BATCH_STARS or time.monotonic() - self.stored >= BATCH_S:
            self.store()

    def store(self):
        """Store all results that are there, in one transaction."""
        if self.results:
            surveys.record_batch(self.survey_id, self.driver, self.results, self.load_id)
            self.done += len(self.results)
            self.results.clear()
            self.report(self.done, self.total, self._outlook())
        self.stored = time.monotonic()

    def _outlook(self):
        """Return the rate and the estimated end in words."""
        seconds = time.monotonic() - self.started
        rate = (self.done - self.begun_with) / seconds
        if self.done == self.total:
            return f"{rate:.3g} stars/s"
        left_s = (self.total - self.done) / rate
        ends_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=left_s)
        return f"{rate:.3g} stars/s, {_duration(left_s)} left, ends about {ends_at:%Y-%m-%d %H:%M} UTC"


def drive(config, survey, pool, report):
    """Measure every waiting star of a survey and return the closing message.

    Parameters
    ----------
    config : Config
    survey : Survey
        Just begun or resumed.
    pool
        OneProcess or DaskPool.
    report : callable
        As for `vet.vet_star`.

    Raises
    ------
    SurveyStopped
        A disk is full, the archive is out, or the catalogue was updated: what was stored stays, the other stars wait.
    ClusterLost
        The scheduler is gone; what was stored stays.
    RunEnded
        Another command has resumed the survey.
    """
    states = surveys.count_states(survey.id)
    total, waiting = sum(states.values()), states["waiting"]
    work = Drive(survey.id, survey.driver, report, current_load_id(), total, total - waiting, total - waiting)
    try:
        while True:
            listed = jobs(config, survey, surveys.iter_waiting(survey.id), work.take)
            for batch in pool.batches(listed):
                for result in batch:
                    work.take(result)
            work.store()
            if not work.outage.waiting:
                break
    except SurveyStopped as stopped:
        _keep(work)
        raise SurveyStopped(f"{stopped} {_resume(work)}") from stopped
    except OutdatedInput as error:
        raise SurveyStopped(f"The catalogue was updated while its stars were measured. {_resume(work)}") from error
    except DiskFull as error:
        _keep(work)
        raise SurveyStopped(f"{error} {_resume(work)}") from error
    except SQLAlchemyError as error:
        db.session.rollback()
        if not is_full(error):
            raise
        raise SurveyStopped(f"The disk of the database is full. {_resume(work)}") from error
    except BaseException:  # Ctrl-C, or a lost cluster: what has been measured is not lost
        _keep(work)
        raise
    return describe(survey.id)


def _keep(work):
    """Store what is there on the way out of a survey; what cannot be stored is measured again."""
    try:
        work.store()
    except (AppTessError, SQLAlchemyError) as error:
        db.session.rollback()
        log.warning("the last results were not stored: %s", error)


def _resume(work):
    return f"{work.done:,} of {work.total:,} stars are stored; the same command resumes the survey."


def describe(survey_id):
    """Return how a survey stands, in a sentence."""
    states = surveys.count_states(survey_id)
    text = f"Survey {survey_id}: {states['done']:,} of {sum(states.values()):,} stars measured"
    if states["failed"]:
        text += f", {states['failed']:,} failed"
    return f"{text}, {states['waiting']:,} waiting." if states["waiting"] else f"{text}."


def _duration(seconds):
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(minutes, 1)} min"
