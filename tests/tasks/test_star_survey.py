"""A survey resumes, states each failure, does not depend on order or workers, and survives its workers' deaths."""

import os
import signal
import sqlite3
import threading
import time
from types import SimpleNamespace

import distributed
import pytest
from sqlalchemy import event, select

from app_tess.errors import ClusterLost, InvalidInput, MissingData, RunEnded
from app_tess.storage import searches, surveys, vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star
from app_tess.storage.survey_models import SurveyStar
from app_tess.storage.surveys import StarResult
from app_tess.tasks.star_survey import dask_pool, drive, measure, one_process, targets
from app_tess.tasks.star_survey.dask_gate import DaskGate
from tests.support import survey_jobs
from tests.support.progress import quiet

VET = {"search": False, "mask_known": False, "mask": "default", "flux": None}
WASP_46, WASP_62 = 231663901, 149603524


@pytest.fixture
def traced(monkeypatch):
    """Stars are measured at once, by a function that leaves a trace."""
    monkeypatch.setattr(one_process, "measure_star", survey_jobs.trace)
    monkeypatch.setattr(dask_pool, "measure_gated", survey_jobs.trace)


def begin(stars, **options):
    return surveys.begin("file", "a list", dict.fromkeys(stars), VET | options)[0]


def hosts(count=None):
    return list(targets.toi_hosts().stars)[:count]


def rows(survey):
    found = db.session.scalars(select(SurveyStar).where(SurveyStar.survey_id == survey.id).order_by(SurveyStar.tic_id))
    return {row.tic_id: (row.state, row.message, row.file_bytes) for row in found}


def run(here, survey, report=quiet, pool=None):
    return drive.drive(here, survey, pool or one_process.OneProcess(), report)


def test_it_vets_each_star_and_says_why_one_could_not_be(sample):
    survey = begin([WASP_46, 1])
    assert run(sample, survey) == f"Survey {survey.id}: 1 of 2 stars measured, 1 failed."
    assert rows(survey)[WASP_46][:2] == ("done", None) and rows(survey)[WASP_46][2] > 1_000_000
    assert surveys.failures(survey.id) == [(1, rows(survey)[1][1])] and "no such entry" in rows(survey)[1][1]
    assert vetting_results.results_of_star(WASP_46)["101.01"].report


def test_a_star_without_a_file_says_so_and_the_others_go_on(sample, monkeypatch):
    without = db.session.scalar(select(Star.tic_id).where(Star.tic_id.not_in(select(DataProduct.tic_id))))
    survey = begin([WASP_46, without], search=True)
    monkeypatch.setattr(measure.measure_vetting, "measure", lambda *_args: [])

    def cannot(*_args):
        raise ValueError("a bug")

    monkeypatch.setattr(measure.measure_search, "measure", cannot)
    run(sample, survey)
    found = rows(survey)
    assert "Not vetted: No file in MAST" in found[without][1] and "Not searched: No file" in found[without][1]
    assert found[WASP_46][1] == "Not searched: internal error (ValueError: a bug)."


def test_a_sectors_list_comes_from_the_bulk_script_and_new_stars_are_stored_with_their_file(sample):
    found = targets.of_sector(sample, 1)
    assert found.stars[WASP_46].endswith("-s0001-0000000231663901-0120-s_lc.fits") and len(found.stars) > 20
    with pytest.raises(MissingData, match="sector 99"):
        targets.of_sector(sample, 99)
    db.session.query(DataProduct).filter_by(tic_id=WASP_46).delete()
    db.session.query(Star).filter_by(tic_id=WASP_62).update({"has_tic_row": True})
    db.session.commit()
    survey, _ = surveys.begin("sector", found.label, {WASP_46: found.stars[WASP_46]}, VET)
    run(sample, survey)
    assert db.session.scalar(select(DataProduct.sector).where(DataProduct.tic_id == WASP_46)) == 1


@pytest.mark.parametrize("text", ["# a comment\nTIC 25155310\n\n38846515\n", "name,TIC ID\nx,25155310\ny,38846515\n"])
def test_a_file_of_targets_is_a_list_or_a_table(tmp_path, text):
    path = tmp_path / "targets.csv"
    path.write_text(text)
    assert targets.in_file(path).stars == {25155310: None, 38846515: None}


@pytest.mark.parametrize(
    ("text", "message"),
    [("12a", "line 1"), ("", "names no star"), ("tic_id\n5\nx", "line 3"), (None, "cannot be read")],
)
def test_a_file_that_names_no_star_is_refused_with_the_line(tmp_path, text, message):
    path = tmp_path / "targets.txt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InvalidInput, match=message):
        targets.in_file(path)


def test_it_resumes_where_it_was_and_repeats_no_star(sample, traced, monkeypatch):
    chosen = hosts(12)
    monkeypatch.setattr(drive, "BATCH_STARS", 4)

    def interrupt(done, _total, doing):
        assert "ends about" in doing
        if done >= 8:
            raise KeyboardInterrupt

    survey = begin(chosen)
    with pytest.raises(KeyboardInterrupt):
        run(sample, survey, interrupt)
    again, was_there = surveys.begin("file", "a list", dict.fromkeys(reversed(chosen)), VET)
    assert was_there and again.id == survey.id and surveys.count_states(again.id)["done"] == 8
    lines = []
    run(sample, again, lambda done, total, doing: lines.append((done, total, doing)))
    measured = [line.split()[1] for line in (sample.instance_dir / "trace.txt").read_text().splitlines()]
    assert sorted(measured) == sorted(map(str, chosen)) and again.ended_at is not None
    assert lines[-1][:2] == (12, 12) and "stars/s" in lines[-1][2]
    assert surveys.begin("file", "a list", dict.fromkeys(chosen), VET | {"search": True})[1] is False


def test_a_command_that_was_superseded_stores_nothing_more(sample, traced):
    survey = begin(hosts(3))
    driver = survey.driver
    surveys.begin("file", "a list", dict.fromkeys(hosts(3)), VET)
    with pytest.raises(RunEnded, match="Another command"):
        surveys.record_batch(survey.id, driver, [surveys.StarResult(hosts(1)[0], {"state": "done"})], None)
    assert surveys.count_states(survey.id)["waiting"] == 3


def test_failed_stars_are_measured_again_on_request(sample, traced):
    survey = begin([WASP_46, 1])
    run(sample, survey)
    assert surveys.retry_failed(survey.id) == 1 and surveys.count_states(survey.id)["waiting"] == 1


def test_an_update_of_the_catalogue_stops_it_and_it_can_be_resumed(sample, traced, monkeypatch):
    monkeypatch.setattr(drive, "BATCH_STARS", 2)

    def update(done, _total, _doing):
        if done == 2:
            load = db.session.scalars(select(CatalogueLoad)).first()
            values = {c.name: getattr(load, c.name) for c in CatalogueLoad.__table__.columns if c.name != "id"}
            db.session.add(CatalogueLoad(**values))
            db.session.commit()

    survey = begin(hosts(6))
    with pytest.raises(drive.SurveyStopped, match="2 of 6 stars are stored; the same command resumes"):
        run(sample, survey, update)
    assert "6 of 6" in run(sample, survey)


def test_the_command_prints_each_reason_and_reports_every_star(sample, app, tmp_path, traced):
    (tmp_path / "targets.txt").write_text(f"TIC {WASP_46}\n1\n")
    app.config["TESS"] = sample
    command = ["survey", "--targets", tmp_path / "targets.txt", "--workers", "0", "--report", tmp_path / "report.csv"]
    done = app.test_cli_runner().invoke(args=[str(word) for word in command])
    assert done.exit_code == 0 and "1 of 2 stars measured, 1 failed" in done.output, done.output
    assert "  TIC 1: The TESS Input Catalog has no such entry" in done.output
    assert "2/2" in done.output and "stars/s" in done.output
    rows = (tmp_path / "report.csv").read_text().splitlines()
    assert len(rows) == 3 and rows[1].startswith("1,failed,") and rows[2].startswith(f"{WASP_46},done,")
    again = app.test_cli_runner().invoke(args=[str(word) for word in command])
    assert "resumed" in again.output and "0 stars to do" in again.output
    refused = app.test_cli_runner().invoke(args=["survey", "--tois", "--sector", "1"])
    assert refused.exit_code == 1 and "Give one of" in refused.output


def test_a_full_disk_of_a_worker_stops_it_and_it_can_be_resumed(sample, monkeypatch):
    monkeypatch.setattr(measure, "LEAST_FREE_BYTES", 10**18)
    survey = begin(hosts(2))
    with pytest.raises(drive.SurveyStopped, match="disk of .* is full.*0 of 2 stars are stored"):
        run(sample, survey)
    assert surveys.count_states(survey.id) == {"waiting": 2, "done": 0, "failed": 0}


def test_a_full_disk_of_the_database_stops_it_and_it_can_be_resumed(sample, traced, config):
    if config.database_url:
        pytest.skip("SQLite alone can be filled up here")
    survey = begin(hosts(3))

    def full(_connection, _cursor, statement, *_more):
        if statement.startswith("UPDATE survey_stars"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    event.listen(db.engine, "before_cursor_execute", full)
    with pytest.raises(drive.SurveyStopped, match="disk of the database is full. 0 of 3"):
        run(sample, survey)
    event.remove(db.engine, "before_cursor_execute", full)
    assert "3 of 3" in run(sample, survey)


def test_workers_that_are_killed_or_paused_lose_no_star_and_change_no_result(sample, traced, config, monkeypatch):
    """Two local processes of Dask: the longest test here, nearly all of it their start."""
    if config.database_url:
        pytest.skip("the workers know no database, so one is enough")
    chosen = hosts()
    alone = begin(chosen)
    run(sample, alone)
    expected = rows(alone)
    survey = begin(chosen, flux="sap")
    (sample.instance_dir / "trace.txt").unlink()
    monkeypatch.setattr(drive, "BATCH_STARS", 10)
    reports = []

    def disturb(done, _total, _doing):
        reports.append(done)
        if len(reports) == 1:
            os.kill(first, signal.SIGSTOP)
            threading.Timer(0.2, os.kill, (first, signal.SIGCONT)).start()
        if len(reports) == 2:
            os.kill(second, signal.SIGKILL)

    with dask_pool.open_pool(sample, workers=2) as pool:
        first, second = pool.client.run(os.getpid).values()
        assert pool.description.startswith("2 worker threads")
        run(sample, survey, disturb, pool)
        _share_a_host()
    assert rows(survey) == expected and len(reports) > 2 and searches.newest()[1] == 0


def _share_a_host():
    """Two workers of a cluster do not ask a host together, and all rest when one was refused."""
    gate = DaskGate(1)
    gate.open_host("a host")
    with gate.turn("a host", quiet):
        assert not distributed.Semaphore(max_leases=1, name="downloads from a host").acquire(timeout=0)
    before = time.time()
    gate.rest("a host", 30)
    gate.rest("a host", 1)
    assert gate._rest_ends("a host") >= before + 30


def test_an_answer_counts_although_its_worker_died_after_it_and_none_means_the_scheduler_is_gone():
    pool, answer = dask_pool.DaskPool(client=None, gate=None), StarResult(5, {"state": "done"})
    assert pool._result(SimpleNamespace(status="lost"), answer, 5) is answer
    with pytest.raises(ClusterLost, match="connection to the scheduler"):
        pool._result(SimpleNamespace(status="cancelled"), None, 5)
