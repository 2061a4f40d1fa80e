"""A database without room on its disk: a POST reports it and starts nothing, and the site keeps serving."""

import contextlib

import pytest
from sqlalchemy import event, func, select, text

from app_tess.storage import run_records
from app_tess.storage.database import DatabaseDown, db, is_full, may_return
from app_tess.storage.run_models import Run

BEARER = {"Authorization": "Bearer test-admin-token"}

REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def fill_disk(config):
    """Let every INSERT of a run fail as on a full disk."""
    if config.database_url:
        db.session.execute(text(REFUSE))
        db.session.commit()
        return
    db.session.remove()
    db.engine.dispose()

    @event.listens_for(db.engine, "connect")
    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size for the limit

    with contextlib.suppress(*DatabaseDown):
        for star in range(1, 1000):
            run_records.request_run("vet", star)
    db.session.rollback()


def count_runs():
    return db.session.scalar(select(func.count()).select_from(Run))


def test_a_full_disk_is_reported_and_the_site_keeps_serving(app, config, client):
    fill_disk(config)
    before = count_runs()
    db.session.rollback()
    answer = client.post("/reset", headers=BEARER | {"Accept": "application/json"})
    assert answer.status_code == 503 and "disk of the database is full" in answer.json["error"]["message"]
    assert client.get("/").status_code == 200 and client.get("/operations").status_code == 200
    assert count_runs() == before


def test_a_full_disk_is_no_outage_that_ends_by_itself(app, config):
    fill_disk(config)
    with pytest.raises(DatabaseDown) as caught:
        run_records.request_run("reset")
    assert is_full(caught.value) and not may_return(caught.value)
