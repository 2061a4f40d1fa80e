"""Let the database, a worker or the timing fail as in operation, and check that the service recovers.

    python -m benchmarks.outages [--database sqlite|postgresql]

Real workers (`flask --app app_tess worker`) execute runs on the bundled sample. PostgreSQL is stopped for 20 s and
started again; SQLite is locked by another process for 20 s.
"""

import argparse
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app_tess import create_app
from app_tess.archives.sample.server import SampleArchive
from app_tess.config import PROJECT_ROOT, Config
from app_tess.errors import AlreadyRunning
from app_tess.storage import run_records, scores
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.run_models import ACTIVE
from app_tess.storage.switching import current_load_id
from app_tess.tasks.reset import reset_and_predict
from tests.support.postgres import OPTIONS, PostgresServer, find_binaries

OUTAGE_S, PAUSE_S, PATIENCE_S = 20, 30, 120


class Service:
    """A database, an archive, and workers."""

    def __init__(self, config, archive, server):
        self.config, self.archive, self._server = config, archive, server
        self._workers = []

    def start_worker(self):
        """Start a worker process."""
        env = os.environ | {
            "DATABASE_URL": self.config.database_url,
            "INSTANCE_DIR": str(self.config.instance_dir),
            "EXOFOP_URL": self.config.exofop_url,
            "MAST_URL": self.config.mast_url,
        }
        command = [sys.executable, "-m", "flask", "--app", "app_tess", "worker"]
        quiet = subprocess.DEVNULL
        self._workers.append(subprocess.Popen(command, env=env, cwd=PROJECT_ROOT, stdout=quiet, stderr=quiet))
        return self._workers[-1]

    def end_workers(self):
        """Ask all workers to end, and wait."""
        for worker in self._workers:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
        for worker in self._workers:
            worker.wait(30)
        self._workers.clear()

    @contextlib.contextmanager
    def outage(self):
        """Take the database away within the context."""
        if not self._server:
            with contextlib.closing(sqlite3.connect(self.config.instance_dir / "tess.sqlite", timeout=60)) as locker:
                locker.execute("BEGIN EXCLUSIVE")
                yield
                locker.rollback()
            return
        data, log = self._server.root / "data", self._server.root / "log"
        self._server._run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        yield
        self._server._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", f"-k {self._server.root} {OPTIONS}", "start")


def wait_for(run_id, wanted):
    """Return a run as soon as it is as wanted; the database may be away."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(SQLAlchemyError):
            db.session.rollback()
            run = run_records.get_run(run_id)
            if wanted(run):
                return run
        time.sleep(0.1)
    raise AssertionError(f"run {run_id} is still {run.status} ({run.doing})")


def is_executing(run):
    return run.status == "executing"


def has_ended(run):
    return run.status not in ACTIVE


def request(kind):
    run_id = run_records.request_run(kind).id
    db.session.rollback()
    return run_id


def outage(service, kind):
    """20 s without the database in the middle of a run."""
    service.archive.hang("invoke", 3.0, times=1)
    service.start_worker()
    run_id = request(kind)
    wait_for(run_id, is_executing)
    with service.outage():
        time.sleep(OUTAGE_S)
    back = time.monotonic()
    run = wait_for(run_id, has_ended)
    assert run.status == "completed", run.message
    return f"completed {time.monotonic() - back:.0f} s after the database was back, attempt {run.attempt}"


def pause(service):
    """A worker that stands still for 30 s while its run is given up and executed by another."""
    first = service.start_worker()
    run_id = request("predict")
    wait_for(run_id, is_executing)
    first.send_signal(signal.SIGSTOP)
    stopped = time.monotonic()
    service.start_worker()
    run = wait_for(run_id, lambda run: run.status == "aborted")
    noticed_s = time.monotonic() - stopped
    again = wait_for(request("predict"), has_ended)
    stored = scores.find_current_run().id
    time.sleep(max(0.0, PAUSE_S - (time.monotonic() - stopped)))
    first.send_signal(signal.SIGCONT)
    time.sleep(5)
    db.session.rollback()
    assert again.status == "completed" and scores.find_current_run().id == stored, "the paused worker stored its scores"
    assert wait_for(run_id, has_ended).status == "aborted" and "Nothing was changed" in run.message
    return f"reported after {noticed_s:.0f} s; the other worker's scores stay"


def restart(service):
    """SIGTERM in the middle of a reset, and another worker."""
    service.archive.hang("invoke", 60, times=1)
    worker = service.start_worker()
    run_id = request("reset")
    wait_for(run_id, lambda run: "TIC rows" in run.doing)
    worker.terminate()
    asked = time.monotonic()
    worker.wait(30)
    ended_s = time.monotonic() - asked
    assert wait_for(run_id, lambda run: run.status == "queued")
    service.start_worker()
    run = wait_for(run_id, has_ended)
    assert (run.status, run.attempt) == ("completed", 2) and ended_s < 5.5, (run.status, run.attempt, ended_s)
    return f"ended after {ended_s:.1f} s; completed by the next worker"


def simultaneous(service):
    """Two workers, and two requests for a reset."""
    before = db.session.scalar(select(func.count()).select_from(CatalogueLoad))
    for _ in range(2):
        service.start_worker()
    run_id = request("reset")
    try:
        request("reset")
    except AlreadyRunning:
        run = wait_for(run_id, has_ended)
        loads = db.session.scalar(select(func.count()).select_from(CatalogueLoad)) - before
        assert (run.status, loads) == ("completed", 1)
        return "the second was refused; one new catalogue"
    raise AssertionError("two resets were accepted")


def reset_during_predict(service):
    """A catalogue that is replaced while it is scored."""
    service.start_worker()
    predict_id = request("predict")
    wait_for(predict_id, is_executing)
    reset_id = request("reset")
    runs = [wait_for(run_id, has_ended) for run_id in (predict_id, reset_id)]
    assert [run.status for run in runs] == ["completed"] * 2, [run.message for run in runs]
    assert scores.find_current_run().load_id == current_load_id(), "scores of the old catalogue are current"
    return f"both completed, the scoring at attempt {runs[0].attempt}; the scores are the new catalogue's"


SCENARIOS = {
    "outage during a reset": lambda service: outage(service, "reset"),
    "outage during a scoring": lambda service: outage(service, "predict"),
    "worker paused for 30 s": pause,
    "worker restarted": restart,
    "two workers, two resets": simultaneous,
    "reset during a scoring": reset_during_predict,
}


def measure(service):
    """Print a line for each scenario; return the number of failures."""
    failures = 0
    for name, scenario in SCENARIOS.items():
        try:
            outcome = scenario(service)
        except AssertionError as error:
            outcome, failures = f"WRONG: {error}", failures + 1
        finally:
            service.end_workers()
            service.archive.clear_faults()
            db.session.rollback()
        print(f"{db.engine.dialect.name:11s} {name:24s} {outcome}", flush=True)
    return failures


def main():
    """Run the scenarios on the chosen databases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = parser.parse_args()
    failures = 0
    for database in options.database or ("sqlite", "postgresql"):
        with SampleArchive() as archive, tempfile.TemporaryDirectory() as folder:
            server = PostgresServer.start(find_binaries()) if database == "postgresql" else None
            url = server.create_database() if server else ""
            config = Config(
                instance_dir=Path(folder), database_url=url, exofop_url=archive.exofop_url, mast_url=archive.mast_url
            )
            with create_app(config).app_context():
                db.create_all()
                reset_and_predict(config, lambda *_progress: None)
                failures += measure(Service(config, archive, server))
                db.session.remove()
                db.engine.dispose()
            if server:
                server.stop()
    raise SystemExit(f"{failures} failures" if failures else 0)


if __name__ == "__main__":
    main()
