"""A real worker process: it executes queued runs; after a `kill -9` the run is reported and can be restarted."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app_tess.config import PROJECT_ROOT
from app_tess.storage import catalogue, run_records, vetting_results
from app_tess.storage.database import db, now
from app_tess.storage.models import DataProduct
from app_tess.storage.run_models import Run
from app_tess.tasks.reset import reset

PATIENCE_S = 60


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
    run_id = app.extensions["queue"].request("vet", tic_id).id
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
    db.session.execute(update(Run).values(heartbeat_at=now() - timedelta(minutes=2)))
    db.session.commit()
    worker(here)
    assert "stopped in the middle" in wait_for(run_id, lambda run: run.status == "aborted").message
    again = app.extensions["queue"].request("vet", tic_id).id
    assert wait_for(again, lambda run: not run.is_active).status == "completed"
    provenances = [result.provenance for result in vetting_results.results_of_star(tic_id).values()]
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files.rglob("*") if path.is_file()}
    assert provenances and all(
        {file["file"]: file["sha256"] for file in provenance["files"]} == kept for provenance in provenances
    )


def test_a_queued_run_whose_job_was_lost_is_found_by_the_worker_s_watch(app, config, at, shared_sample_archive, worker):
    run_id = run_records.request_run("reset").id
    worker(at(config, shared_sample_archive))
    assert wait_for(run_id, lambda run: not run.is_active).status == "completed"
