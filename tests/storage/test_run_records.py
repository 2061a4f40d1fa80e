"""A run's life on both databases."""

from datetime import timedelta

import pytest

from app_tess.errors import AlreadyRunning, MissingData
from app_tess.storage import run_records
from app_tess.storage.database import db, now


def test_a_second_run_of_a_kind_is_refused_while_one_is_active(app):
    first = run_records.request_run("reset")
    with pytest.raises(AlreadyRunning, match=f"run {first.id}"):
        run_records.request_run("reset")
    assert run_records.request_run("predict").status == "queued"
    run_records.end(first.id, "completed", "done")
    assert run_records.request_run("reset").id != first.id


def test_vetting_two_stars_at_once_is_allowed(app):
    assert run_records.request_run("vet", 1).id != run_records.request_run("vet", 2).id


def test_only_one_worker_claims_a_run(app):
    run = run_records.request_run("reset")
    assert run_records.claim(run.id) and not run_records.claim(run.id)


def test_progress_is_kept_and_an_ended_run_stays_as_it_ended(app):
    run_id = run_records.request_run("reset").id
    run_records.claim(run_id)
    run_records.report(run_id, 3, 7, "asking")
    assert (run_records.get_run(run_id).done, run_records.get_run(run_id).total, run_records.get_run(run_id).doing) == (
        3,
        7,
        "asking",
    )
    run_records.end(run_id, "error", "ExoFOP is away")
    run_records.end(run_id, "completed", "late")
    run_records.report(run_id, 7, 7, "late")
    db.session.expire_all()
    run = run_records.get_run(run_id)
    assert (run.status, run.message, run.done) == ("error", "ExoFOP is away", 3) and not run.is_active


def test_a_silent_worker_s_run_is_aborted_and_a_living_one_is_not(app):
    lost, living = run_records.request_run("reset"), run_records.request_run("predict")
    for run in (lost, living):
        run_records.claim(run.id)
    db.session.refresh(lost)
    lost.heartbeat_at = now() - timedelta(minutes=5)
    db.session.commit()
    assert run_records.abort_lost_runs() == 1
    db.session.expire_all()
    assert (lost.status, living.status) == ("aborted", "executing")
    assert "start it again" in lost.message and run_records.request_run("reset")


def test_a_run_that_does_not_exist_is_not_found(app):
    with pytest.raises(MissingData, match="99"):
        run_records.get_run(99)
