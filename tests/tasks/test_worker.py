"""A real worker process: it carries queued runs, and what a `kill -9` leaves behind is told and can be started again."""
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from app_tess.config import PROJECT_ROOT
from app_tess.storage import catalogue, runs
from app_tess.storage.database import db, now
from app_tess.storage.run_models import Run

PATIENCE_S = 60


def start_worker(config):
    env = os.environ | {
        "DATABASE_URL": config.database_url, "INSTANCE_DIR": str(config.instance_dir), "EXOFOP_URL": config.exofop_url,
        "MAST_URL": config.mast_url, "ARCHIVE_RETRIES": "1", "ARCHIVE_BACKOFF_S": "0.01", "ARCHIVE_TIMEOUT_S": "30"}
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "app_tess", "worker"], env=env, cwd=PROJECT_ROOT,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(run_id, wanted):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        db.session.expire_all()
        run = runs.get_run(run_id)
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
            process.wait(20)


def test_a_worker_carries_a_queued_reset_and_ends_on_sigterm(app, config, at, shared_sample_archive, worker):
    run_id = app.extensions["queue"].request("reset").id
    process = worker(at(config, shared_sample_archive))
    run = wait_for(run_id, lambda run: not run.is_active)
    assert (run.status, run.message[:6]) == ("completed", "Loaded") and catalogue.count_tois() >= 40
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) is not None


def test_a_run_that_fails_ends_in_error_with_the_host(app, config, worker):
    run_id = app.extensions["queue"].request("reset").id
    worker(config)
    run = wait_for(run_id, lambda run: not run.is_active)
    assert run.status == "error" and "127.0.0.1:9" in run.message


def test_kill_9_in_the_middle_leaves_the_catalogue_and_the_next_worker_tells(app, config, at, sample_archive, worker):
    run_id = app.extensions["queue"].request("reset").id
    sample_archive.hang("invoke", 20, times=1)
    process = worker(at(config, sample_archive))
    wait_for(run_id, lambda run: run.status == "executing" and "TIC rows" in run.doing)
    process.kill()
    process.wait()
    assert catalogue.find_current_load() is None
    db.session.execute(update(Run).values(heartbeat_at=now() - timedelta(minutes=2)))
    db.session.commit()
    sample_archive.clear_faults()
    worker(at(config, sample_archive))
    assert "stopped in the middle" in wait_for(run_id, lambda run: run.status == "aborted").message
    again = app.extensions["queue"].request("reset").id
    assert wait_for(again, lambda run: not run.is_active).status == "completed"


def test_a_queued_run_whose_job_was_lost_is_found_by_the_worker_s_watch(app, config, at, shared_sample_archive, worker):
    run_id = runs.request_run("reset").id
    worker(at(config, shared_sample_archive))
    assert wait_for(run_id, lambda run: not run.is_active).status == "completed"
