"""Kill the worker, or cut its database connection, at random moments of a reset, a scoring and a vetting.

    python -m benchmarks.interruptions [--moments 50] [--database sqlite|postgresql] [--seed 1]

Each trial starts from the same old state. A real worker (a copy of this process) executes the run; half of the moments
are uniform in the duration of the run, half before a random SQL statement of it. Meanwhile a reader looks at the data.
Afterwards the checksums must be those of the old or of the new state, complete, and the run must say which.
"""

import argparse
import logging
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg2
from sqlalchemy import event, func, select, update

from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage import listing, run_records
from app_tess.storage.database import begin_consistent_read, database_time, db
from app_tess.storage.models import Toi
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.storage.score_models import Score, VettingResult, current_run_id
from benchmarks.forked_worker import Bench
from tests.support.interruptions import before_statement, content, cut, whole_state
from tests.support.postgres import PostgresServer, find_binaries

KINDS = ("reset", "predict", "vet")
FAULTS = ("worker killed", "connection cut")
FULL_RERUN_EVERY = 5
"""After every fifth kill the run is started again and must end in the new state."""


def fingerprint():
    """Return what a reader can sum up of the catalogue, the scores and the results, all of one moment.

    The sums are rounded: the last digits depend on the order in which the database adds.
    """
    db.session.rollback()
    begin_consistent_read()
    found = (
        db.session.execute(select(func.count(), func.sum(Toi.period_d))).one(),
        db.session.execute(select(func.count(), func.sum(listing.listed.planet_probability))).one(),
        db.session.execute(
            select(func.count(), func.sum(Score.planet_probability)).where(Score.scoring_run_id == current_run_id)
        ).one(),
        db.session.scalar(select(func.count()).select_from(VettingResult)),
    )
    db.session.rollback()
    *sums, results = found
    return str([(rows, round(total or 0, 6)) for rows, total in sums] + [results])


def watch(child, seen, kill_after_s=None):
    """Read until a child has ended; kill it after some seconds. Return how long it took [s]."""
    started, killed = time.monotonic(), False
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if kill_after_s is not None and not killed and time.monotonic() - started >= kill_after_s:
            os.kill(child, signal.SIGKILL)
            killed = True
        seen.add(fingerprint())
        time.sleep(0.02)
    return time.monotonic() - started


def reference(bench, kind):
    """Return the new content, the duration [s] and the number of statements of an undisturbed run."""
    bench.set_back()
    run_id = bench.request(kind)
    note = bench.config.instance_dir / "statements"

    def count():
        counted = Counter()

        @event.listens_for(db.engine, "before_cursor_execute")
        def look(_connection, _cursor, statement, *_more):
            if not statement.startswith("UPDATE workers"):
                counted["statements"] += 1
                note.write_text(str(counted["statements"]))

    duration_s = watch(bench.fork_worker(count), set())
    run = run_records.get_run(run_id)
    assert run.status == "completed", f"the undisturbed {kind} ended otherwise: {run.message}"
    return content(), duration_s, int(note.read_text())


def trial(bench, kind, fault, found, rng):
    """Disturb one run; return the outcome, or raise AssertionError."""
    new, duration_s, statements = found
    bench.set_back()
    old, old_print, seen = whole_state(), fingerprint(), set()
    run_id = bench.request(kind)
    by_time, number, at_s = rng.random() < 0.5, rng.randint(1, statements), rng.uniform(0, 1.1 * duration_s)
    if fault == "worker killed":
        act, kill_after_s = (lambda _connection: os.kill(os.getpid(), signal.SIGKILL)), at_s if by_time else None
        arm = (lambda: None) if by_time else lambda: at_statement(number, act)
    else:
        kill_after_s = None
        arm = (lambda: at_time(at_s, bench.config)) if by_time else lambda: at_statement(number, cut(bench.config))
    watch(bench.fork_worker(arm), seen, kill_after_s)
    seen -= {old_print, fingerprint()}
    assert not seen, f"a reader saw neither the old nor the new state: {seen}"
    return judge(run_id, old, new)


def at_statement(number, act):
    """Act before the n-th statement."""
    before_statement("", act, skip=number - 1)


def at_time(seconds, config):
    """Cut the connections after a time [s]: PostgreSQL's server ends them, SQLite's closes at its next statement."""
    if not config.database_url:
        engine = db.engine
        threading.Timer(seconds, lambda: before_statement("", cut(config), engine=engine)).start()
        return
    backends = []
    event.listen(db.engine, "connect", lambda connection, _record: backends.append(connection.info.backend_pid))

    def terminate():
        other = psycopg2.connect(config.database_url)
        for backend in backends:
            other.cursor().execute("SELECT pg_terminate_backend(%s)", [backend])
        other.close()

    threading.Timer(seconds, terminate).start()


def judge(run_id, old, new):
    """Return whether the old or the new state is stored, completely and as the run says."""
    run = run_records.get_run(run_id)
    status = run.status
    db.session.rollback()
    if status == "completed":
        now = content()
        assert now == new, f"completed, but {[name for name in new if now[name] != new[name]]} differ"
        return "new, completed"
    assert whole_state() == old, f"the data have changed although the run is {status}"
    if status == "executing":
        db.session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
        db.session.commit()
        assert run_records.abort_lost_runs() == 1
    elif status == "error":
        assert "Nothing was changed" in run_records.get_run(run_id).message
    if status != "queued":
        assert "Nothing was changed" in run_records.get_run(run_id).message
    db.session.rollback()
    return f"old, {run_records.get_run(run_id).status}"


def rerun(bench, kind, new):
    """Start a run like the disturbed one, and check that it leads to the new state."""
    if not db.session.scalar(select(func.count()).select_from(Run).where(Run.status == "queued")):
        bench.request(kind)
    watch(bench.fork_worker(), set())
    now = content()
    assert now == new, f"after starting again, {[name for name in new if now[name] != new[name]]} differ"


def measure(bench, moments, kinds, faults, rng):
    """Print a line per kind and fault; return the number of failures."""
    failures = 0
    for kind in kinds:
        found = reference(bench, kind)
        for fault in faults:
            outcomes = Counter()
            for number in range(moments // len(kinds) + (kinds.index(kind) < moments % len(kinds))):
                try:
                    outcome = trial(bench, kind, fault, found, rng)
                    if outcome.startswith("old") and number % FULL_RERUN_EVERY == 0:
                        rerun(bench, kind, found[0])
                        outcomes["started again: new"] += 1
                except AssertionError as error:
                    outcome, failures = f"WRONG: {error}", failures + 1
                outcomes[outcome] += 1
            told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
            print(f"{db.engine.dialect.name:11s} {kind:8s} {fault:15s} {told}", flush=True)
    db.session.remove()
    db.engine.dispose()
    return failures


def main():
    """Run the trials on the chosen databases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=50, help="for each fault and database, over the kinds of run")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--fault", choices=FAULTS, action="append")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the worker's reports of what is done to it
    failures = 0
    with SampleArchive() as archive, tempfile.TemporaryDirectory() as folder:
        for database in options.database or ("sqlite", "postgresql"):
            server = PostgresServer.start(find_binaries()) if database == "postgresql" else None
            config = Config(
                instance_dir=Path(folder) / database,
                database_url=server.create_database() if server else "",
                exofop_url=archive.exofop_url,
                mast_url=archive.mast_url,
                archive_backoff_s=0.01,
            )
            bench = Bench(config, server)
            started = time.monotonic()
            with bench.app.app_context():
                bench.prepare()
                failures += measure(
                    bench, options.moments, options.kind or KINDS, options.fault or FAULTS, random.Random(options.seed)
                )
            print(f"{database}: {time.monotonic() - started:.0f} s", flush=True)
            if server:
                server.stop()
    raise SystemExit(f"{failures} failures" if failures else 0)


if __name__ == "__main__":
    main()
