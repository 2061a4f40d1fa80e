"""A page reads one moment, whatever is committed meanwhile."""

import threading

from sqlalchemy import func, select

from app_tess.storage import run_records
from app_tess.storage.database import begin_consistent_read, db
from app_tess.storage.run_models import Run


def count():
    return db.session.scalar(select(func.count()).select_from(Run))


def test_what_is_committed_meanwhile_is_not_seen_until_the_read_ends(app):
    def write():
        with app.app_context():
            run_records.request_run("reset")

    begin_consistent_read()
    assert count() == 0
    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    assert count() == 0
    db.session.rollback()
    assert count() == 1
