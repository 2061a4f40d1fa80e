"""The worker: it executes queued runs, gives them back on SIGTERM, and after a `kill -9` they can be started again."""

import hashlib
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app_tess.config import PROJECT_ROOT
from app_tess.storage import catalogue, run_records, vetting_results, worker_records
from app_tess.storage.database import database_time, db
from app_tess.storage.models import DataProduct
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.tasks.reset import reset
from app_tess.tasks.run_execution import execute_run
from app_tess.tasks.worker import GRACE_S, Worker

PATIENCE_S = 300


def start_worker(config):
    env = os.environ | {
        "DATABASE_URL": config.database_url,
        "INSTANCE_DIR": str(config.instance_dir),
        "EXOFOP_URL": config.exofop_url,
        "MAST_URL": config.mast_url,
        "ARCHIVE_RETRIES": "1",
        "ARCHIVE_BACKOFF_S": "0.01",
        "ARCHIVE_TIMEOUT_S": "30",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app_tess", "worker"],
        env=env,
        cwd=PROJECT_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(run_id, wanted):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        db.session.expire_all()
        run = run_records.get_run(run_id)
        if wanted(run):
            return run
        db.session.rollback()
        time.sleep(0.1)
    pytest.fail(f"run {run_id} is still {run.status} ({run.doing})")


@pytest.fixture
def worker():
    """Starts worker processes and ends what is left of them."""
    started = []

    def start(config):
        started.append(start_worker(config))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE_S)


def test_a_worker_carries_a_queued_reset_and_ends_on_sigterm(app, config, at, shared_sample_archive, worker):
    run_id = run_records.request_run("reset").id
    process = worker(at(config, shared_sample_archive))
    run = wait_for(run_id, lambda run: not run.is_active)
    assert (run.status, run.message[:6]) == ("completed", "Loaded") and catalogue.count_tois() >= 40
    assert len(worker_records.living_workers()) == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0
    db.session.rollback()
    assert worker_records.living_workers() == []


def test_on_sigterm_a_run_goes_back_to_the_queue_although_its_archive_is_silent(
    app, config, at, sample_archive, worker
):
    """honcho kills after 5 s, Docker after 10, Heroku after 30, systemd after 90."""
    run_id = run_records.request_run("reset").id
    sample_archive.hang("invoke", 60, times=1)
    process = worker(at(config, sample_archive))
    wait_for(run_id, lambda run: "TIC rows" in run.doing)
    process.send_signal(signal.SIGTERM)
    assert process.wait(25) == 0 and GRACE_S < 5  # it would wait for the archive for 30 s
    run = wait_for(run_id, lambda run: run.status == "queued")
    assert "its worker was stopped" in run.doing and catalogue.find_current_load() is None
    sample_archive.clear_faults()
    execute_run(run_id, at(config, sample_archive))
    db.session.expire_all()
    assert (run_records.get_run(run_id).status, run_records.get_run(run_id).attempt) == ("completed", 2)


def carry_queued(app, config):
    """Let a worker in this process take what is queued, and wait for its threads."""
    worker = Worker(app, config)
    worker.step()
    assert worker.wind_up()
    db.session.rollback()


def test_a_run_that_fails_ends_in_error_with_the_host(app, config):
    run_id = run_records.request_run("reset").id
    carry_queued(app, config)
    run = run_records.get_run(run_id)
    assert run.status == "error" and "127.0.0.1:9" in run.message


def test_kill_9_in_the_middle_leaves_the_catalogue_and_the_next_worker_tells(app, config, at, sample_archive, worker):
    run_id = run_records.request_run("reset").id
    sample_archive.hang("invoke", 20, times=1)
    process = worker(at(config, sample_archive))
    wait_for(run_id, lambda run: run.status == "executing" and "TIC rows" in run.doing)
    process.kill()
    process.wait()
    assert catalogue.find_current_load() is None
    db.session.execute(update(Run).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    sample_archive.clear_faults()
    worker(at(config, sample_archive))
    assert "stopped in the middle" in wait_for(run_id, lambda run: run.status == "aborted").message
    again = run_records.request_run("reset").id
    assert wait_for(again, lambda run: not run.is_active).status == "completed"


def test_kill_9_while_the_bytes_of_a_file_arrive_keeps_no_part_of_it_and_the_next_worker_vets(
    app, config, at, sample_archive, worker
):
    here = at(config, sample_archive)
    sample_archive.contents.description = (
        "files that are fetched"  # those of the bundled sample are made without a download
    )
    reset(here, lambda *progress: None)
    product = db.session.scalars(
        select(DataProduct).where(DataProduct.kind == "lc").order_by(DataProduct.tic_id)
    ).first()
    tic_id = product.tic_id
    run_id = run_records.request_run("vet", tic_id).id
    sample_archive.stall("Download", 20)
    process = worker(here)
    wait_for(
        run_id, lambda run: run.status == "executing" and any("Download" in path for _, path in sample_archive.requests)
    )
    time.sleep(0.3)  # half of the file is on its way
    process.kill()
    process.wait()
    files = here.instance_dir / "cache" / "files"
    assert [path for path in files.rglob("*") if path.is_file()] == [] and vetting_results.results_of_star(tic_id) == {}
    db.session.execute(update(Run).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    worker(here)
    assert "stopped in the middle" in wait_for(run_id, lambda run: run.status == "aborted").message
    again = run_records.request_run("vet", tic_id).id
    assert wait_for(again, lambda run: not run.is_active).status == "completed"
    provenances = [result.provenance for result in vetting_results.results_of_star(tic_id).values()]
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files.rglob("*") if path.is_file()}
    assert provenances and all(
        {file["file"]: file["sha256"] for file in provenance["files"]} == kept for provenance in provenances
    )


def test_a_worker_outlives_an_outage_and_takes_no_run_for_lost_just_after_it(app, config, monkeypatch):
    claim = run_records.begin_run("reset")
    db.session.execute(update(Run).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    worker = Worker(app, config)
    with monkeypatch.context() as down:
        down.setattr(worker_records, "beat", refuse)
        worker.step()
    worker.step()
    db.session.expire_all()
    assert run_records.get_run(claim.run_id).status == "executing", "no worker could report during the outage"
    worker._trust_heartbeats_from = worker._next_watch = 0.0
    worker.step()
    db.session.expire_all()
    assert run_records.get_run(claim.run_id).status == "aborted"


def refuse(*_arguments):
    raise OperationalError("UPDATE", {}, Exception("could not connect to server"))
