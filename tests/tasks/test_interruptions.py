"""A worker or its database connection is lost in the middle of a run: everything is as before, or all of it is new.

`python -m benchmarks.interruptions` does the same at random moments.
"""

import threading

import pytest
from sqlalchemy import select, update

from app_tess.storage import listing, run_records, scores
from app_tess.storage.database import database_time, db
from app_tess.storage.models import DataProduct, Toi
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.storage.score_models import Score
from app_tess.tasks.reset import reset
from app_tess.tasks.run_execution import execute_run
from tests.support.interruptions import (
    before_statement,
    content,
    cut,
    execute_and_kill,
    whole_state,
)
from tests.support.tables import quick_scores

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

POINTS = {
    "reset": ("DELETE FROM stars", "INSERT INTO catalogue_loads", "DELETE FROM scoring_runs", "stored_count", "COMMIT"),
    "predict": ("INSERT INTO scoring_runs", "DELETE FROM scoring_runs", "stored_count", "COMMIT"),
    "vet": ("INSERT INTO vetting_results", "stored_count", "COMMIT"),
}
"""Where a run is interrupted: before these statements (not COPY, which is none of SQLAlchemy), and after the COMMIT."""


@pytest.fixture
def here(app, config, at, shared_sample_archive, prepared, monkeypatch):
    """The sample with values that a reset changes, and scores that a scoring changes."""
    here = at(config, shared_sample_archive)

    def build():
        reset(here, lambda *_progress: None)
        load_id, rows = scores.read_catalogue([])
        scores.store_scores(quick_scores(rows, lambda *_progress: None), load_id)
        db.session.execute(update(Toi).values(period_d=1.005 * Toi.period_d))
        db.session.execute(update(Score).values(planet_probability=0.25))
        listing.rebuild()
        db.session.commit()

    prepared.fill(app, here, "outdated_sample", build)
    monkeypatch.setattr("app_tess.tasks.predict.score", quick_scores)
    return here


def tic_id_of(kind):
    if kind != "vet":
        return None
    return db.session.scalar(select(DataProduct.tic_id).where(DataProduct.kind == "lc").order_by(DataProduct.tic_id))


def run_again(kind, here):
    run_id = run_records.request_run(kind, tic_id_of(kind)).id
    execute_run(run_id, here)
    db.session.expire_all()
    assert run_records.get_run(run_id).status == "completed", run_records.get_run(run_id).message


@pytest.mark.parametrize("kind", POINTS)
def test_a_killed_worker_leaves_the_old_state_or_the_new_one_and_its_run_says_which(app, here, kind):
    old = whole_state()
    for point in POINTS[kind]:
        run_id = run_records.request_run(kind, tic_id_of(kind)).id
        execute_and_kill(app, here, run_id, point)
        if point == "COMMIT":
            break
        assert run_records.get_run(run_id).status == "executing" and whole_state() == old, point
        db.session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
        db.session.commit()
        assert run_records.abort_lost_runs() == 1
        assert "Nothing was changed" in run_records.get_run(run_id).message
        assert whole_state() == old
    assert run_records.get_run(run_id).status == "completed" and run_records.abort_lost_runs() == 0
    new = content()
    assert new["counts"] == {"catalogue_loads": 1 + (kind == "reset"), "scoring_runs": 1 + (kind != "vet")}
    run_again(kind, here)
    after = content()
    for name in new.keys() - {"counts", "changes"}:
        assert new[name] == after[name], f"a killed and a whole run differ in {name}"


@pytest.mark.parametrize("kind", POINTS)
def test_a_run_that_loses_its_database_connection_changes_nothing_and_starts_again(app, here, kind):
    old, storing = whole_state(), POINTS[kind][-3]
    run_id = run_records.request_run(kind, tic_id_of(kind)).id
    remove = before_statement(storing, cut(here))
    execute_run(run_id, here)
    remove()
    run = run_records.get_run(run_id)
    assert (run.status, run.attempt) == ("queued", 1) and "database" in run.doing
    assert whole_state() == old
    execute_run(run_id, here)
    db.session.expire_all()
    run = run_records.get_run(run_id)
    assert (run.status, run.attempt) == ("completed", 2) and whole_state() != old


def test_a_reader_sees_the_old_state_until_the_new_one_is_complete(app, here):
    old, seen = content(), []

    def read():
        with app.app_context():
            seen.append(content())
            db.session.remove()

    def read_elsewhere(_connection):
        reader = threading.Thread(target=read)
        reader.start()
        reader.join()

    run_id = run_records.request_run("reset").id
    points = ("INSERT INTO catalogue_loads", "DELETE FROM scoring_runs", "INSERT INTO listed_tois", "stored_count")
    undo = [before_statement(point, read_elsewhere) for point in points]
    execute_run(run_id, here)
    for remove in undo:
        remove()
    assert run_records.get_run(run_id).status == "completed"
    assert seen == [old] * len(points) and content() != old
