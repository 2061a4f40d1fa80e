"""Who may replace stored data: only a run that is still its worker's, with results of the present catalogue."""

import threading

import pytest

from app_tess.errors import OutdatedInput, RunEnded
from app_tess.storage import catalogue, run_records, scores, vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.switching import current_load_id, holding, switching
from tests.support.tables import load_table


def new_scores(value, toi="1.01"):
    row = {"toi": toi, "tic_id": 1, "planet_probability": value, "not_scored_reason": None, "explanation": None}
    return scores.NewScores("0" * 64, "test", [row], {1: value})


def result(toi="1.01"):
    return {"toi": toi, "tic_id": 1, "report": None, "message": "not measured", "provenance": {}}


def another_load():
    load = catalogue.find_current_load()
    names = [column.name for column in CatalogueLoad.__table__.columns if column.name != "id"]
    return CatalogueLoad(**{name: getattr(load, name) for name in names})


def begin(kind, tic_id=None):
    return run_records.claim(run_records.request_run(kind, tic_id).id)


def take_away(claim, how):
    """Let a claim be no longer good."""
    if how == "cancelled":
        run_records.cancel(claim.run_id)
    elif how == "aborted":
        run_records.end(claim, "aborted", "")
    else:
        run_records.give_back(claim, "")
        run_records.claim(claim.run_id)


HOW = ("cancelled", "aborted", "claimed by another worker")


@pytest.mark.parametrize("how", HOW)
def test_a_run_that_is_over_stores_neither_scores_nor_results_nor_a_catalogue(app, how):
    load_table("1,1.01,3,PC,")
    load_id = current_load_id()
    for kind, store in (
        ("predict", lambda: scores.store_scores(new_scores(0.5), load_id)),
        ("vet", lambda: vetting_results.record_results([result()], load_id)),
        ("reset", lambda: load_table("1,1.01,3,FP,", "2,2.01,3,PC,")),
    ):
        claim = begin(kind, 1 if kind == "vet" else None)
        take_away(claim, how)
        with holding(claim), pytest.raises(RunEnded, match=f"Run {claim.run_id}"):
            store()
    assert (current_load_id(), catalogue.count_tois(), scores.find_current_run()) == (load_id, 1, None)
    assert vetting_results.results_of_star(1) == {}


def test_scores_and_results_of_an_older_catalogue_are_not_stored(app):
    load_table("1,1.01,3,PC,")
    load_id = current_load_id()
    load_table("1,1.01,6,PC,")
    with pytest.raises(OutdatedInput):
        scores.store_scores(new_scores(0.5), load_id)
    with pytest.raises(OutdatedInput):
        vetting_results.record_results([result()], load_id)
    assert scores.find_current_run() is None and vetting_results.results_of_star(1) == {}


def test_storing_the_results_ends_the_run_with_its_message_and_sizes(app):
    load_table("1,1.01,3,PC,")
    claim = begin("predict")
    with holding(claim):
        scores.store_scores(new_scores(0.5), current_load_id(), "Scored 1 TOI.")
    run = run_records.get_run(claim.run_id)
    assert (run.status, run.message, run.sizes) == ("completed", "Scored 1 TOI.", {"scored": 1})
    assert run.stored_count == 1 and run.ended_at is not None and not run_records.end(claim, "aborted", "late")


def test_a_run_that_stores_star_by_star_goes_on_and_reports_what_it_kept(app):
    load_table("1,1.01,3,PC,")
    claim = begin("vet")
    with holding(claim):
        for _ in range(2):
            vetting_results.record_results([result()], current_load_id())
    assert run_records.get_run(claim.run_id).status == "executing"
    message = run_records.cancel(claim.run_id).message
    assert message == "Cancelled. The results of the 2 stars vetted until then were stored."


def test_two_switches_at_once_take_turns(app):
    """The second waits for the first to commit, and only then finds that its input is outdated."""
    load_table("1,1.01,3,PC,")
    load_id, told, begun = current_load_id(), [], threading.Event()

    def store_late():
        with app.app_context():
            begun.set()
            try:
                scores.store_scores(new_scores(0.5), load_id)
            except OutdatedInput:
                told.append("outdated")
            db.session.remove()

    other = threading.Thread(target=store_late)
    with switching():
        db.session.add(another_load())
        other.start()
        begun.wait(10)
        other.join(0.2)
        assert told == []
    other.join(10)
    assert told == ["outdated"] and scores.find_current_run() is None
