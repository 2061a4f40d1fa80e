"""A command that is asked to end leaves the data as they were and says so in its run."""

import os
import signal

from app_tess.storage import run_records
from app_tess.storage.database import db


def test_sigterm_ends_a_command_and_its_run(app, monkeypatch):
    def interrupted(_config, report):
        report(0, 1, "asking")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("app_tess.tasks.predict.predict", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    assert app.test_cli_runner().invoke(args=["predict"]).exit_code == 1
    db.session.expire_all()
    run = run_records.find_latest("predict")
    assert (run.status, run.message) == ("aborted", "The command was interrupted. Nothing was changed.")
    assert signal.getsignal(signal.SIGTERM) is before and run_records.request_run("predict")
