"""The version is read over one connection, which is renewed when it is lost; nobody gets a version older than asked."""

import threading

import pytest
from sqlalchemy import text

from app_tess.storage.data_version import VersionReader
from app_tess.storage.database import db
from tests.support.loaded import commit_as_a_new_version


@pytest.fixture
def reader(app):
    commit_as_a_new_version()
    return VersionReader(db.engine)


def test_a_new_version_is_read_at_once(reader):
    before = reader.read()
    assert before == reader.read()
    commit_as_a_new_version()
    assert reader.read() != before


def test_a_lost_connection_is_replaced(reader):
    before = reader.read()
    reader._connection.close()
    assert reader.read() == before


def test_without_the_table_there_is_no_version(reader):
    reader.read()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE data_version RENAME TO put_away"))
    assert reader.read() is None
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE put_away RENAME TO data_version"))
    assert reader.read() is not None


def test_requests_that_wait_share_a_reading_that_begins_after_they_have_arrived(reader):
    old, begun = reader.read(), reader.begun
    arrived = threading.Barrier(6)

    def ask():
        arrived.wait()
        found.append(reader.read())

    found = []
    threads = [threading.Thread(target=ask) for _ in range(5)]
    with reader._lock:
        for thread in threads:
            thread.start()
        arrived.wait()
        threading.Event().wait(0.1)
        commit_as_a_new_version()
    for thread in threads:
        thread.join()
    assert reader.begun == begun + 1 and set(found) == {reader.read()} != {old}
