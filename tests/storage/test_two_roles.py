"""The documented roles of PostgreSQL: the web's can show every page and request a run, and change nothing else."""

import dataclasses

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy.exc import ProgrammingError

from app_tess import create_app
from app_tess.storage import catalogue, run_records, worker_records
from app_tess.storage.database import db
from app_tess.storage.migrations import upgrade
from app_tess.tasks.run_execution import execute_run
from tests.support.documentation import code_block

PAGES = (
    "/readyz",
    "/",
    "/?q=TOI-101&page=1",
    "/stars/231663901",
    "/tonight",
    "/changes",
    "/changes.atom",
    "/operations",
    "/api/v1/tois",
    "/api/v1/stars.csv",
    "/api/v1/cone?RA=318.7&DEC=-55.9&SR=1",
)


def execute_documented(url, name):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in code_block("howto/two-roles.md", name).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    connection.close()


@pytest.fixture
def database_url(postgres_server):
    """The owner's URL; the site's has the other role."""
    execute_documented(postgres_server.url("postgres"), "create-roles")
    execute_documented(postgres_server.url("tess"), "close-schema")
    yield postgres_server.url("tess").replace("tess@", "tess_owner@")
    postgres_server.drop_database("tess")
    connection = psycopg2.connect(postgres_server.url("postgres"))
    connection.autocommit = True
    connection.cursor().execute("DROP ROLE tess_web; DROP ROLE tess_owner")
    connection.close()


@pytest.fixture
def owner(config, at, shared_sample_archive, database_url):
    """The worker's application, migrated."""
    app = create_app(at(config, shared_sample_archive))
    with app.app_context():
        upgrade()
        execute_documented(database_url, "grant-to-web")
        worker_records.register("host:1")
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def web(owner):
    config = owner.config["TESS"]
    url = config.database_url.replace("tess_owner@", "tess_web@")
    app = create_app(dataclasses.replace(config, database_url=url))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_site_and_a_reset_work_with_two_roles_and_the_web_s_changes_nothing_else(owner, web):
    client = web.test_client()
    answer = client.post("/reset", headers={"Authorization": "Bearer test-admin-token", "Accept": "application/json"})
    assert answer.status_code in (202, 303), answer.text
    run_id = run_records.find_latest("reset").id
    db.session.rollback()
    execute_run(run_id, owner.config["TESS"])
    run = run_records.get_run(run_id)
    assert run.status == "completed" and catalogue.count_tois() >= 40, run.message
    db.session.rollback()
    worker_records.register("host:1")  # reports again, however long the update took
    assert {page: client.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    second = client.post("/predict", headers={"Authorization": "Bearer test-admin-token"})
    cancelled = client.post(f"/runs/{run_id + 1}/cancel", headers={"Authorization": "Bearer test-admin-token"})
    assert second.status_code < 400 and cancelled.status_code < 400
    assert run_records.find_latest("predict").status == "cancelled"
    with web.app_context():
        for statement in (
            "CREATE TABLE loot (id int)",
            "CREATE TEMPORARY TABLE loot (id int)",
            "CREATE SCHEMA loot",
            "DROP TABLE tois",
            "ALTER TABLE tois ADD COLUMN loot int",
            "TRUNCATE runs",
            "DELETE FROM runs",
            "UPDATE tois SET tfopwg_disposition = 'CP'",
            "INSERT INTO scores (scoring_run_id, toi, tic_id, planet_probability) VALUES (1, '1.01', 1, 1)",
            "UPDATE alembic_version SET version_num = '0001'",
            "COPY tois TO PROGRAM 'cat'",
        ):
            with pytest.raises(ProgrammingError) as refused:
                db.session.execute(db.text(statement))
            assert isinstance(refused.value.orig, InsufficientPrivilege), statement
            db.session.rollback()
