"""An application that holds the bundled sample's catalogue and its scores, for tests that only read."""
from contextlib import contextmanager

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage.database import db
from app_tess.tasks import reset


@contextmanager
def loaded_app(folder, archive, database_url=""):
    """An application loaded from a sample archive; put away afterwards."""
    config = Config(instance_dir=folder / "instance", database_url=database_url, exofop_url=archive.exofop_url,
                    mast_url=archive.mast_url, admin_token="test-admin-token", archive_backoff_s=0.01)
    app = create_app(config)
    app.testing = True
    with app.app_context():
        db.create_all()
        reset.reset_and_predict(config, lambda *_progress: None)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
