"""A command on a database that is not ready says so in a sentence."""

import pytest

from app_tess import create_app
from app_tess.config import Config


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
