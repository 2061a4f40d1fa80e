"""A command on a database that is not ready says so in a sentence."""

import sys

import pytest
from sqlalchemy import event

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage.checksum import table_checksums
from app_tess.storage.database import db
from tests.support import catalogues


@pytest.mark.parametrize("command", [["predict"], ["vet", "231663901"], ["reset"]])
def test_a_command_without_tables_names_the_command_that_makes_them(tmp_path, command):
    app = create_app(Config(instance_dir=tmp_path))
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1 and "no such table" in result.output and "db upgrade" in result.output
    assert "Traceback" not in result.output


def test_a_database_that_does_not_answer_is_told(tmp_path):
    app = create_app(Config(instance_dir=tmp_path, database_url="postgresql+psycopg2://nobody@127.0.0.1:9/none"))
    result = app.test_cli_runner().invoke(args=["predict"])
    assert result.exit_code == 1 and "The database cannot be used" in result.output


def test_a_command_of_the_training_names_the_file_that_installs_what_it_lacks(tmp_path, monkeypatch):
    for module in [name for name in sys.modules if name.startswith(("app_tess.scoring.evaluation", "sklearn"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    app = create_app(Config(instance_dir=tmp_path))
    result = app.test_cli_runner().invoke(args=["evaluate", "--train", "a.csv", "--labels", "b.csv"])
    assert result.exit_code == 1 and "sklearn is missing" in result.output
    assert "requirements-train.txt" in result.output


def test_a_full_disk_is_named_and_nothing_changes(tmp_path):
    app = create_app(Config(instance_dir=tmp_path))
    with app.app_context():
        db.create_all()
        catalogues.fill()
        before = table_checksums()
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
        result = app.test_cli_runner().invoke(args=["predict"])
        assert result.exit_code == 1 and "disk is full. What was stored before has not changed" in result.output
        assert [found for found in table_checksums() if found.table != "runs"] == [
            found for found in before if found.table != "runs"
        ]
