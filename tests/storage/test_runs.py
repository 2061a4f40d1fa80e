"""A run's life on both databases."""

from datetime import timedelta

import pytest

from app_tess.errors import Conflict, NotFound
from app_tess.storage import runs
from app_tess.storage.database import db, now


def test_a_second_run_of_a_kind_is_refused_while_one_is_active(app):
    first = runs.request_run("reset")
    with pytest.raises(Conflict, match=f"run {first.id}"):
        runs.request_run("reset")
    assert runs.request_run("predict").status == "queued"
    runs.end(first.id, "completed", "done")
    assert runs.request_run("reset").id != first.id


def test_vetting_two_stars_at_once_is_allowed(app):
    assert runs.request_run("vet", 1).id != runs.request_run("vet", 2).id


def test_only_one_worker_claims_a_run(app):
    run = runs.request_run("reset")
    assert runs.claim(run.id) and not runs.claim(run.id)


def test_progress_is_kept_and_an_ended_run_stays_as_it_ended(app):
    run_id = runs.request_run("reset").id
    runs.claim(run_id)
    runs.report(run_id, 3, 7, "asking")
    assert (runs.get_run(run_id).done, runs.get_run(run_id).total, runs.get_run(run_id).doing) == (3, 7, "asking")
    runs.end(run_id, "error", "ExoFOP is away")
    runs.end(run_id, "completed", "late")
    runs.report(run_id, 7, 7, "late")
    db.session.expire_all()
    run = runs.get_run(run_id)
    assert (run.status, run.message, run.done) == ("error", "ExoFOP is away", 3) and not run.is_active


def test_a_silent_worker_s_run_is_aborted_and_a_living_one_is_not(app):
    lost, living = runs.request_run("reset"), runs.request_run("predict")
    for run in (lost, living):
        runs.claim(run.id)
    db.session.refresh(lost)
    lost.heartbeat_at = now() - timedelta(minutes=5)
    db.session.commit()
    assert runs.abort_lost_runs() == 1
    db.session.expire_all()
    assert (lost.status, living.status) == ("aborted", "executing")
    assert "start it again" in lost.message and runs.request_run("reset")


def test_a_run_that_does_not_exist_is_not_found(app):
    with pytest.raises(NotFound, match="99"):
        runs.get_run(99)
