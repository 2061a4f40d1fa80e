"""How a run ends: by what it stored, never more than once, and with a message that is true."""

import threading

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app_tess.errors import ArchiveError
from app_tess.storage import run_records, scores, vetting_results
from app_tess.storage.database import database_time, db
from app_tess.storage.run_models import LOST_AFTER_S, Run
from app_tess.storage.score_models import Score
from app_tess.storage.switching import current_load_id
from app_tess.tasks import run_execution
from app_tess.tasks.run_execution import MOST_ATTEMPTS, execute, execute_run
from tests.support.tables import load_table, quick_scores


@pytest.fixture
def during_scoring(app, monkeypatch):
    """A catalogue of one TOI, and a function that lets something happen (in another process) while it is scored."""
    load_table("1,1.01,3,PC,")

    def let(happen, elsewhere=True):
        def score(rows, report):
            in_other_thread(app, happen) if elsewhere else happen()
            return quick_scores(rows, report)

        monkeypatch.setattr("app_tess.tasks.predict.score", score)

    let(lambda: None)
    return let


def in_other_thread(app, action):
    def act():
        with app.app_context():
            action()
            db.session.remove()

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def execute_new(config, kind="predict"):
    run_id = run_records.request_run(kind).id
    execute_run(run_id, config)
    return ended(run_id)


def ended(run_id):
    db.session.expire_all()
    return run_records.get_run(run_id)


def active_run_id():
    return db.session.scalar(select(Run.id).where(Run.active_key.is_not(None)))


def pause():
    """Let the worker be silent for longer than a run is kept for it, and another process notice."""
    db.session.execute(update(Run).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    assert run_records.abort_lost_runs() == 1


def test_a_catalogue_that_is_replaced_while_it_is_scored_is_scored_anew(config, during_scoring):
    during_scoring(lambda: load_table("1,1.01,3,PC,", "2,2.01,3,PC,"))
    run = execute_new(config)
    assert (run.status, run.stored_count) == ("queued", 0) and "the catalogue was updated" in run.doing
    assert scores.find_current_run() is None
    during_scoring(lambda: None)
    execute_run(run.id, config)
    run = ended(run.id)
    assert (run.status, run.attempt, run.message[:13]) == ("completed", 2, "Scored 2 TOIs")
    assert scores.find_current_run().load_id == current_load_id()
    assert set(db.session.scalars(select(Score.toi))) == {"1.01", "2.01"}


def test_a_run_that_is_overtaken_again_and_again_ends(config, during_scoring):
    during_scoring(lambda: load_table("1,1.01,3,PC,"))
    run_id = run_records.request_run("predict").id
    for _ in range(MOST_ATTEMPTS):
        execute_run(run_id, config)
    run = ended(run_id)
    assert run.status == "error" and "updated meanwhile" in run.message and "Nothing was changed." in run.message


def test_a_worker_that_was_paused_for_too_long_stores_nothing(config, during_scoring):
    during_scoring(pause)
    run = execute_new(config)
    assert (run.status, run.stored_count) == ("aborted", 0) and "Nothing was changed" in run.message
    assert scores.find_current_run() is None


def test_a_paused_run_does_not_overwrite_that_of_the_next_worker(config, during_scoring):
    def pause_and_let_another_run():
        during_scoring(lambda: None)
        pause()
        execute_new(config)

    during_scoring(pause_and_let_another_run)
    first = execute_new(config)
    assert first.status == "aborted" and scores.find_current_run().scored_count == 1
    assert run_records.find_latest("predict").status == "completed"


def test_a_run_that_is_cancelled_while_it_executes_leaves_everything_as_it_was(config, during_scoring):
    during_scoring(lambda: run_records.cancel(active_run_id()))
    run = execute_new(config)
    assert (run.status, run.message) == ("cancelled", "Cancelled. Nothing was changed.")
    assert scores.find_current_run() is None


def test_a_run_goes_back_to_the_queue_when_its_worker_is_asked_to_end(config, during_scoring):
    stopping = threading.Event()
    during_scoring(stopping.set)
    run_id = run_records.request_run("predict").id
    execute(run_records.claim(run_id), config, stopping)
    run = ended(run_id)
    assert (run.status, run.started_at) == ("queued", None) and scores.find_current_run() is None


def test_progress_that_cannot_be_stored_does_not_end_a_run(config, during_scoring, monkeypatch):
    def fail(*_progress):
        raise OperationalError("UPDATE", {}, Exception("server closed the connection"))

    monkeypatch.setattr(run_records, "report", fail)
    assert execute_new(config).status == "completed"


def test_the_end_of_a_run_is_written_as_soon_as_the_database_is_back(config, during_scoring, monkeypatch):
    down, end = [1, 2, 3], run_records.end

    def end_when_back(*arguments):
        if down:
            down.pop()
            raise OperationalError("UPDATE", {}, Exception("could not connect to server"))
        return end(*arguments)

    def fail():
        raise ArchiveError("exofop.example is away")

    during_scoring(fail, elsewhere=False)
    monkeypatch.setattr(run_records, "end", end_when_back)
    monkeypatch.setattr(run_execution, "RETRY_EVERY_S", 0.01)
    run = execute_new(config)
    assert (run.status, run.message, down) == ("error", "exofop.example is away", [])


def test_an_internal_error_is_reported_without_its_details(config, during_scoring):
    during_scoring(lambda: 1 // 0, elsewhere=False)
    run = execute_new(config)
    assert run.status == "error" and "division" not in run.message
    assert run.message == "An internal error ended this run. Nothing was changed. The worker's log has the details."


def test_a_survey_that_ends_early_reports_how_many_stars_it_has_kept(config, during_scoring, monkeypatch):
    def survey_two_and_fail(_config, report):
        for star in (1, 2):
            report(star - 1, 3, "vetting")
            result = {"toi": "1.01", "tic_id": 1, "report": None, "message": "not measured", "provenance": {}}
            vetting_results.record_results([result], current_load_id())
        raise ZeroDivisionError

    monkeypatch.setattr("app_tess.tasks.survey.survey", survey_two_and_fail)
    run = execute_new(config, "vet")
    assert run.status == "error" and "The results of the 2 stars vetted until then were stored." in run.message
