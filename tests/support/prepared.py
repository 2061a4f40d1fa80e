"""What the first process of a test run to need it makes for all: a PostgreSQL server, and filled databases to copy."""

import fcntl
import shutil
from contextlib import contextmanager

from app_tess.storage.database import db
from tests.support.postgres import PostgresServer, name_of


@contextmanager
def one_at_a_time(path):
    """Keep the other processes of the test run out while the context lasts; `path` names what is shared."""
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared_server(folder, binaries):
    """Return the PostgreSQL server of the test run whose folder this is; the first process starts it."""
    note = folder / "postgres"
    with one_at_a_time(note):
        if note.exists():
            return PostgresServer(binaries, note.read_text())
        server = PostgresServer.start(binaries)
        note.write_text(str(server.root))
        return server


def stop_shared_server(folder, binaries):
    """End that server, if any test has needed it."""
    note = folder / "postgres"
    if note.exists():
        PostgresServer(binaries, note.read_text()).stop()


class PreparedDatabases:
    """Databases of the test run by the name of what is in them.

    Parameters
    ----------
    folder : Path
        Shared by the processes of the test run.
    server : callable
        Returns the PostgresServer.
    """

    def __init__(self, folder, server):
        self._folder, self._server = folder, server

    def fill(self, app, config, contents, build):
        """Replace an application's database by `contents`: the result of `build()`, or a copy of it."""
        kept = self._folder / f"{contents}_{'postgresql' if config.database_url else 'sqlite'}"
        with app.app_context(), one_at_a_time(kept):
            found = kept.exists()
            if not found:
                build()
            db.session.remove()
            db.engine.dispose()
            if not found:
                self._keep(config, kept)
        if found:
            self._restore(config, kept)

    def is_empty(self, config):
        """Whether an application's database, one of the test run's own, has no tables."""
        if config.database_url:
            return self._server().is_empty(name_of(config.database_url))
        return not (config.instance_dir / "tess.sqlite").exists()

    def _keep(self, config, kept):
        if config.database_url:
            self._server().create_database(kept.name, template=name_of(config.database_url))
            kept.touch()
        else:
            shutil.copy(config.instance_dir / "tess.sqlite", kept)

    def _restore(self, config, kept):
        if config.database_url:
            self._server().replace_database(name_of(config.database_url), template=kept.name)
        else:
            shutil.copy(kept, config.instance_dir / "tess.sqlite")
