"""Applications that hold a catalogue and its scores: the made-up one, and the bundled sample's to be left as it was."""

from contextlib import contextmanager

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage import data_version
from app_tess.storage.database import db
from app_tess.tasks import reset
from tests.support import catalogues


def commit_as_a_new_version():
    """Commit what a test has changed past `switching`, so that no response from before is repeated."""
    data_version.renew()
    db.session.commit()


def filled_app(make_app, config):
    """An application with the made-up catalogue and its scores, outside of its context, as a server has it."""
    app = make_app(config)
    with app.app_context():
        catalogues.fill()
        catalogues.score()
    return app


@contextmanager
def loaded_app(prepared, folder, archive, database_url=""):
    """An application loaded from the sample archive; put away afterwards.

    Parameters
    ----------
    prepared : PreparedDatabases
        The catalogue is loaded and scored once in a test run.
    folder : Path
        For the application's files.
    archive : SampleArchive
        Where it downloads light curves.
    database_url : str
        An empty PostgreSQL database; without one, SQLite in the folder.
    """
    config = Config(
        instance_dir=folder / "instance",
        database_url=database_url,
        exofop_url=archive.exofop_url,
        mast_url=archive.mast_url,
        admin_token="test-admin-token",
        archive_backoff_s=0.01,
    )
    app = create_app(config)
    app.testing = True

    def load():
        db.create_all()
        reset.reset_and_predict(config, lambda *_progress: None)

    prepared.fill(app, config, "scored_sample", load)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
