"""What the documented commands back up and restore is the same, row by row."""

import os
import shutil
import subprocess

import pytest
from sqlalchemy import delete, inspect, text, update

from app_tess.storage import worker_records
from app_tess.storage.database import db
from app_tess.storage.models import Star
from app_tess.storage.run_records import request_run
from app_tess.storage.score_models import Score
from tests.support import catalogues
from tests.support.documentation import code_block
from tests.support.postgres import find_binaries


@pytest.fixture
def filled(app):
    catalogues.fill()
    catalogues.score()
    request_run("reset")
    return app


@pytest.fixture
def run_documented(config, tmp_path):
    """Runs a documented block in an empty folder."""
    backend = "postgresql" if config.database_url else "sqlite"
    if backend == "sqlite" and shutil.which("sqlite3") is None:
        pytest.skip("the command sqlite3 is not installed on this machine")
    folder = tmp_path / "backups"
    folder.mkdir()
    path = f"{find_binaries()}:{os.environ['PATH']}" if config.database_url else os.environ["PATH"]
    env = os.environ | {"DATABASE_URL": config.database_url, "INSTANCE_DIR": str(config.instance_dir), "PATH": path}

    def run(step):
        db.session.remove()
        db.engine.dispose()
        script = code_block("howto/back-up.md", f"{step}-{backend}")
        subprocess.run(["bash", "-euc", script], cwd=folder, env=env, check=True, timeout=60)

    return run


def checksums(app):
    result = app.test_cli_runner().invoke(args=["checksum"])
    assert result.exit_code == 0
    return result.output


def test_a_restored_database_has_the_checksums_of_the_backed_up_one(filled, run_documented):
    before = checksums(filled)
    assert before.count("\n") == len(db.metadata.tables) - 1 and " 8  tois\n" in before
    run_documented("back-up")
    db.session.execute(delete(Score))
    db.session.execute(update(Star).values(tmag=1.0))
    db.session.execute(text("DROP TABLE catalogue_changes"))
    db.session.commit()
    run_documented("restore")
    assert "catalogue_changes" in inspect(db.engine).get_table_names()
    assert checksums(filled) == before


def test_a_worker_that_is_alive_changes_no_checksum(filled):
    before = checksums(filled)
    worker_records.register("a worker")
    assert checksums(filled) == before


def test_the_checksums_show_any_change(filled):
    before = checksums(filled).splitlines()
    db.session.execute(update(Star).where(Star.tic_id == catalogues.WASP46).values(tmag=12.400000000000002))
    db.session.commit()
    after = checksums(filled).splitlines()
    assert [line.split()[2] for line, new in zip(before, after, strict=True) if line != new] == ["stars"]
