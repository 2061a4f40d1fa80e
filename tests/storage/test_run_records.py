"""A run's life on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app_tess.errors import AlreadyRunning, MissingData
from app_tess.storage import run_records, worker_records
from app_tess.storage.database import database_time, db
from app_tess.storage.run_models import LOST_AFTER_S, Run


def silence(run_id, seconds):
    """Set a run's last heartbeat so long ago, by the database's clock."""
    db.session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=database_time(-seconds)))
    db.session.commit()
    db.session.expire_all()


def begin(kind, tic_id=None):
    return run_records.claim(run_records.request_run(kind, tic_id).id)


def test_a_second_run_of_a_kind_is_refused_while_one_is_active(app):
    first = run_records.request_run("reset")
    with pytest.raises(AlreadyRunning, match=f"run {first.id}"):
        run_records.request_run("reset")
    assert run_records.request_run("predict").status == "queued"
    run_records.end(run_records.claim(first.id), "completed", "done")
    assert run_records.request_run("reset").id != first.id


def test_vetting_two_stars_at_once_is_allowed(app):
    assert run_records.request_run("vet", 1).id != run_records.request_run("vet", 2).id


def test_only_one_worker_claims_a_run_and_the_oldest_first(app):
    ids = [run_records.request_run(kind).id for kind in ("reset", "predict")]
    assert run_records.claim(ids[0]) and not run_records.claim(ids[0])
    assert run_records.claim_next().run_id == ids[1] and run_records.claim_next() is None


def test_a_run_of_a_command_is_no_worker_s(app):
    claim = run_records.begin_run("vet", 7)
    assert run_records.claim_next() is None and run_records.report(claim, 1, 2, "measuring")


def test_progress_is_kept_and_an_ended_run_stays_as_it_ended(app):
    claim = begin("reset")
    assert run_records.report(claim, 3, 7, "asking")
    run = run_records.get_run(claim.run_id)
    assert (run.done, run.total, run.doing) == (3, 7, "asking")
    assert run_records.end(claim, "error", "ExoFOP is away")
    assert not run_records.end(claim, "completed", "late") and not run_records.report(claim, 7, 7, "late")
    db.session.expire_all()
    assert (run.status, run.message, run.done) == ("error", "ExoFOP is away", 3) and not run.is_active


def test_a_silent_worker_s_run_is_aborted_and_a_living_one_is_not(app):
    lost, living = (run_records.get_run(begin(kind).run_id) for kind in ("reset", "predict"))
    silence(lost.id, LOST_AFTER_S - 2)
    assert run_records.abort_lost_runs() == 0
    silence(lost.id, LOST_AFTER_S + 1)
    assert run_records.abort_lost_runs() == 1
    db.session.expire_all()
    assert (lost.status, living.status) == ("aborted", "executing")
    assert "Nothing was changed" in lost.message and "start it again" in lost.message


def test_a_killed_worker_s_run_is_shown_as_aborted_and_blocks_no_new_one_where_no_worker_is_left(app):
    lost = run_records.get_run(begin("reset").run_id)
    silence(lost.id, LOST_AFTER_S + 1)
    assert (lost.status, lost.shown_status, lost.is_active) == ("executing", "aborted", False)
    assert "Nothing was changed" in lost.shown_message
    assert run_records.request_run("reset").status == "queued"


def test_a_run_given_back_is_another_worker_s_and_the_first_can_do_nothing_more(app):
    first = begin("predict")
    assert run_records.give_back(first, "returned")
    second = run_records.claim_next()
    assert (second.run_id, second.attempt) == (first.run_id, 2)
    assert not run_records.report(first, 1, 1, "late") and not run_records.end(first, "completed", "late")
    assert not run_records.give_back(first, "late") and run_records.report(second, 1, 2, "scoring")


@pytest.mark.parametrize("claimed", [False, True])
def test_cancelling_ends_a_run_at_once_and_frees_its_place(app, claimed):
    run_id = run_records.request_run("reset").id
    claim = run_records.claim(run_id) if claimed else None
    run = run_records.cancel(run_id)
    assert (run.status, run.message) == ("cancelled", "Cancelled. Nothing was changed.")
    assert run_records.request_run("reset") and run_records.claim(run_id) is None
    assert claim is None or not run_records.report(claim, 1, 2, "late")
    assert run_records.cancel(run_id).status == "cancelled"


def test_cancelling_changes_no_run_that_has_ended(app):
    claim = begin("reset")
    run_records.end(claim, "completed", "Loaded.")
    assert (run_records.cancel(claim.run_id).status, run_records.get_run(claim.run_id).message) == (
        "completed",
        "Loaded.",
    )


def test_a_run_that_does_not_exist_is_not_found(app):
    for function in (run_records.get_run, run_records.cancel):
        with pytest.raises(MissingData, match="99"):
            function(99)


def test_past_runs_come_in_pages_newest_first(app):
    ids = [run_records.request_run("vet", star).id for star in range(1, 6)]
    run_records.request_run("predict")
    runs, total = run_records.past_runs(page=2, page_size=2, kind="vet")
    assert ([run.id for run in runs], total) == ([ids[2], ids[1]], 5)


def test_times_are_those_of_the_database_s_clock_whatever_the_machine_s_says(app, monkeypatch):
    monkeypatch.setattr("app_tess.storage.database.now", lambda: datetime(2040, 1, 1, tzinfo=UTC))
    claim = begin("reset")
    run_records.beat(claim)
    assert run_records.abort_lost_runs() == 0
    run = run_records.get_run(claim.run_id)
    now = run_records.database_now()
    for moment in (run.requested_at, run.started_at, run.heartbeat_at):
        assert now - timedelta(seconds=10) < moment <= now
    assert run_records.was_requested_since("reset", 10) and not run_records.was_requested_since("predict", 10)


def test_a_worker_is_alive_until_it_leaves_or_is_silent(app):
    worker_id = worker_records.register("here:1")
    assert [worker.name for worker in worker_records.living_workers()] == ["here:1"]
    assert 0 <= worker_records.living_workers()[0].silent_s < 5
    assert worker_records.beat(worker_id, "here:1") == worker_id
    worker_records.leave(worker_id)
    assert worker_records.living_workers() == []
    assert worker_records.beat(worker_id, "here:1") and len(worker_records.living_workers()) == 1
