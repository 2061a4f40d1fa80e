"""`flask db`: the tables are created, taken back and compared by the site's own commands."""

import pytest

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage.migrations import newest_revision


@pytest.fixture
def run(tmp_path):
    runner = create_app(Config(instance_dir=tmp_path)).test_cli_runner()
    return lambda *args: runner.invoke(args=["db", *args])


def test_tables_are_created_and_taken_back_and_their_revision_is_printed(run):
    assert run("upgrade").exit_code == 0 and newest_revision() in run("current").output
    assert run("check").exit_code == 0
    assert run("downgrade").exit_code == 0 and newest_revision() not in run("current").output
    assert "is not up to date" in run("check").output


def test_a_revision_that_does_not_exist_is_named(run):
    result = run("upgrade", "nonsense")
    assert result.exit_code == 1 and "nonsense" in result.output and "Traceback" not in result.output
