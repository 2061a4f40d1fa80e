"""An application that holds the bundled sample's catalogue and its scores, for tests that leave it as they found it."""

import shutil
from contextlib import contextmanager

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage.database import db
from app_tess.tasks import reset

_loaded = []
"""The SQLite file of the first such application: the next ones begin with a copy, which saves them a reset."""


@contextmanager
def loaded_app(folder, archive, database_url=""):
    """An application loaded from the sample archive; put away afterwards."""
    config = Config(
        instance_dir=folder / "instance",
        database_url=database_url,
        exofop_url=archive.exofop_url,
        mast_url=archive.mast_url,
        admin_token="test-admin-token",
        archive_backoff_s=0.01,
    )
    copied = not database_url and _loaded
    if copied:
        config.instance_dir.mkdir(parents=True)
        shutil.copy(_loaded[0], config.instance_dir / "tess.sqlite")
    app = create_app(config)
    app.testing = True
    if not copied:
        with app.app_context():
            db.create_all()
            reset.reset_and_predict(config, lambda *_progress: None)
            db.session.remove()
            db.engine.dispose()
        if not database_url:
            _loaded.append(folder / "loaded.sqlite")
            shutil.copy(config.instance_dir / "tess.sqlite", _loaded[0])
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
