"""Scheduled catalogue updates: off by default, at the times of a crontab expression, and one for all workers."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from app_tess.errors import ConfigurationError
from app_tess.storage import run_records
from app_tess.tasks.schedule import Schedule, next_time
from app_tess.tasks.worker import Worker

DAILY = "17 4 * * *"
EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
NEXT = datetime(2026, 3, 2, 4, 17, tzinfo=UTC)


@pytest.fixture
def clock(app, monkeypatch):
    """Set the time that a schedule takes from the database."""

    def set_to(moment):
        monkeypatch.setattr(run_records, "database_now", lambda: moment)

    set_to(EVENING)
    return set_to


def latest(_low, high):
    return high


def test_the_next_time_is_that_of_crontab_in_utc():
    assert next_time(DAILY, EVENING) == NEXT and next_time(DAILY, NEXT) == NEXT + timedelta(days=1)
    assert next_time("", EVENING) is None


def test_it_is_off_by_default_and_a_wrong_expression_is_refused_by_name(config):
    assert config.update_schedule == ""
    for wrong in ("daily", "61 4 * * *", "17 4 * *", "0 17 4 * * *", "0 0 30 2 *"):
        with pytest.raises(ConfigurationError, match="UPDATE_SCHEDULE"):
            dataclasses.replace(config, update_schedule=wrong).checked()
    assert dataclasses.replace(config, update_schedule=DAILY).checked()


def test_an_update_is_requested_once_for_each_time_after_its_jitter(clock):
    schedule = Schedule(DAILY, jitter_s=600)
    assert schedule.request_if_due(latest) is None, "the time before the worker started is past"
    clock(NEXT + timedelta(seconds=599))
    assert schedule.request_if_due(latest) is None
    clock(NEXT + timedelta(seconds=600))
    run = schedule.request_if_due(latest)
    assert (run.kind, run.requested_by, run.status) == ("reset", "schedule", "queued")
    clock(NEXT + timedelta(hours=1))
    assert schedule.request_if_due(latest) is None and run_records.past_runs()[1] == 1


def test_several_workers_request_one_update(clock):
    schedules = [Schedule(DAILY, jitter_s=600) for _ in range(2)]
    for schedule in schedules:
        schedule.request_if_due(latest)
    clock(NEXT + timedelta(seconds=700))
    assert [bool(schedule.request_if_due(latest)) for schedule in schedules] == [True, False]


def test_a_time_at_which_an_update_is_under_way_is_skipped(clock):
    schedule = Schedule(DAILY, jitter_s=0)
    schedule.request_if_due()
    run_records.request_run("reset")
    clock(NEXT + timedelta(seconds=1))
    assert schedule.request_if_due() is None and run_records.past_runs()[1] == 1


def test_the_worker_looks_at_the_schedule(app, config, clock, monkeypatch):
    worker = Worker(app, dataclasses.replace(config, update_schedule="* * * * *", update_jitter_s=0))
    monkeypatch.setattr(run_records, "claim_next", lambda: None)
    worker.step()
    clock(EVENING + timedelta(minutes=2))
    monkeypatch.setattr("app_tess.tasks.worker.WATCH_EVERY_S", 0.0)
    worker._next_watch = 0.0
    worker.step()
    assert run_records.find_latest("reset").requested_by == "schedule"
