"""A database that can be set back to an old state, and a worker on it in a copy of this process."""

import contextlib
import os
import shutil
import sqlite3
import time
import traceback

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError

from app_tess import create_app
from app_tess.storage import listing, run_records
from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Toi
from app_tess.storage.run_models import Run
from app_tess.storage.score_models import Score
from app_tess.tasks.reset import reset_and_predict
from app_tess.tasks.worker import Worker
from tests.support.postgres import name_of


class Bench:
    """One database with its old state, to which it can be set back."""

    def __init__(self, config, server=None):
        self.config, self._server = config, server
        self.app = create_app(config)

    def prepare(self):
        """Load and score the sample, then alter what a reset and a scoring will replace."""
        db.create_all()
        reset_and_predict(self.config, lambda *_progress: None)
        db.session.execute(update(Toi).values(period_d=1.01 * Toi.period_d))  # less than an implausible change
        db.session.execute(update(Score).values(planet_probability=0.25))
        listing.rebuild()
        db.session.commit()
        self._let_go()
        if self._server:
            self._server.create_database("old_state", template=name_of(self.config.database_url))
        else:
            with contextlib.closing(sqlite3.connect(self._path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self._path, self._path.with_suffix(".old"))

    def set_back(self):
        """Restore the old state."""
        self._let_go()
        if self._server:
            name = name_of(self.config.database_url)
            self._server.drop_database(name)
            self._server.create_database(name, template="old_state")
        else:
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            shutil.copy(self._path.with_suffix(".old"), self._path)

    @property
    def _path(self):
        return self.config.instance_dir / "tess.sqlite"

    def _let_go(self):
        db.session.remove()
        db.engine.dispose()

    def request(self, kind):
        lightest = select(func.min(DataProduct.tic_id)).where(DataProduct.kind == "lc")
        run_id = run_records.request_run(kind, db.session.scalar(lightest) if kind == "vet" else None).id
        db.session.remove()
        return run_id

    def fork_worker(self, arm=lambda: None):
        """Start a worker in a copy of this process; `arm` prepares its fault."""
        self._let_go()
        child = os.fork()
        if child:
            return child
        try:
            with self.app.app_context():
                arm()
                worker = Worker(self.app, self.config)
                worker.step()
                while has_active_run():
                    time.sleep(0.02)
                    worker.step()
                worker.wind_up()
        except BaseException:  # noqa: BLE001 - reported; a copy must never return into its parent's code
            traceback.print_exc()
        os._exit(0)


def has_active_run():
    """Return whether a run is queued or executing; also where the connection is cut just now."""
    try:
        return db.session.scalar(select(func.count()).select_from(Run).where(Run.active_key.is_not(None))) > 0
    except SQLAlchemyError:
        return True
    finally:
        with contextlib.suppress(SQLAlchemyError):  # rolling back on a connection that has just been cut
            db.session.remove()
