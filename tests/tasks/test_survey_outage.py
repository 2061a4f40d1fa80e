"""While the archive is out no star of a survey fails: it waits, and so does the survey."""

import dataclasses
import time
from functools import partial

import pytest

from app_tess.errors import ArchiveError, ArchiveUnavailable
from app_tess.tasks.star_survey import drive, measure, outage, prepare
from tests.tasks.test_star_survey import WASP_46, begin, hosts, rows, run, traced  # noqa: F401 - a fixture


def broken_mast(error):
    class Broken:
        host = "mast"

        def __init__(self, *_args): ...

        def fetch_tic_rows(self, _ids):
            raise error

    return Broken


@pytest.mark.usefixtures("traced")
def test_an_unusable_answer_of_the_archive_fails_its_stars_with_its_message(sample, monkeypatch):
    monkeypatch.setattr(prepare, "MastClient", broken_mast(ArchiveError("mast answered in no form of MAST's.")))
    survey = begin([WASP_46, 1])
    run(sample, survey)
    assert rows(survey)[1][:2] == ("failed", "mast answered in no form of MAST's.")


@pytest.mark.usefixtures("traced")
def test_while_the_archive_is_out_no_star_fails_and_the_survey_stops_with_a_message(sample, monkeypatch):
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        monkeypatch.setattr(outage, "LONGEST_OUTAGE_S", -1.0 if len(pauses) == 3 else 3600.0)

    monkeypatch.setattr(drive, "Outage", partial(outage.Outage, sleep=sleep))
    monkeypatch.setattr(prepare, "MastClient", broken_mast(ArchiveUnavailable("mast cannot be reached.")))
    survey = begin([WASP_46, 1])
    with pytest.raises(drive.SurveyStopped, match="No answer .* mast cannot be reached. 1 of 2 stars are stored"):
        run(sample, survey)
    assert pauses == [30.0, 60.0, 120.0]
    assert rows(survey)[1][:2] == ("waiting", None) and rows(survey)[WASP_46][0] == "done"


def test_stars_that_waited_for_the_archive_are_measured_when_it_is_back(sample, monkeypatch):
    """Real requests: MAST refuses connections, then is there again."""
    away, pauses = dataclasses.replace(sample, mast_url="http://127.0.0.1:9", archive_retries=0), []
    real = prepare.Job

    def sleep(seconds):
        pauses.append(seconds)
        monkeypatch.setattr(prepare, "Job", real)

    monkeypatch.setattr(prepare, "Job", lambda star, options, _config: real(star, options, away))
    monkeypatch.setattr(drive, "Outage", partial(outage.Outage, sleep=sleep))
    monkeypatch.setattr("app_tess.tasks.product_files._is_simulated", lambda _product: False)
    monkeypatch.setattr(measure, "_vet", read_only)
    survey = begin(hosts(2))
    assert "2 of 2 stars measured." in run(sample, survey)
    assert pauses == [30.0] and all(state == "done" for state, *_ in rows(survey).values())


def read_only(job, result):
    files = measure.measure_vetting.read_files(job.config, job.star, wait_for_all=True)
    result.row["measured_count"] = len(files.found)


def test_a_star_whose_file_alone_the_archive_cannot_send_fails_in_the_end():
    waits = outage.Outage(report=lambda _line: None, sleep=lambda _seconds: None)
    assert waits.postpone(1, time.time(), "500")
    waits.end(2)
    assert waits.postpone(1, time.time(), "500") and not waits.postpone(1, time.time(), "500")
    assert not waits.waiting


def test_stars_that_failed_before_a_pause_was_over_share_it():
    pauses = []
    waits = outage.Outage(report=lambda _line: None, sleep=pauses.append)
    failed_at = time.time()
    assert all(waits.postpone(tic_id, failed_at, "out") for tic_id in range(200)) and pauses == [30.0]
