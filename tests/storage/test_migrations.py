"""The migrations make the tables that the models describe, and unmake them."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app_tess import create_app
from app_tess.storage.database import db


def _tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_and_models_agree_and_run_up_and_down_and_up(config):
    app = create_app(config)
    with app.app_context():
        upgrade()
        assert _tables() == set(db.metadata.tables)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
        downgrade(revision="base")
        assert _tables() == set()
        upgrade()
        assert _tables() == set(db.metadata.tables)
        db.engine.dispose()


CHANGE = """INSERT INTO catalogue_changes (load_id, changed_at, toi, tic_id, kind)
    VALUES (1, '2025-01-01', '1.01', 1, :kind)"""
LOAD = """INSERT INTO catalogue_loads (id, loaded_at, toi_url, mast_url, toi_sha256, stars_sha256, products_sha256,
    toi_count, star_count, product_count, seconds, request_count, skipped, simulated)
    VALUES (1, '2025-01-01', '', '', '', '', '', 0, 0, 0, 0, 0, '[]', false)"""


def _kinds():
    return list(db.session.execute(text("SELECT kind FROM catalogue_changes ORDER BY id")).scalars())


def test_stored_changes_of_disposition_get_their_new_name_and_back(config):
    app = create_app(config)
    with app.app_context():
        upgrade(revision="0006")
        db.session.execute(text(LOAD))
        db.session.execute(text(CHANGE), [{"kind": "verdict"}, {"kind": "new"}])
        db.session.commit()
        upgrade()
        assert _kinds() == ["disposition", "new"]
        for kind in ("verdict", "mood"):
            with pytest.raises(IntegrityError):
                db.session.execute(text(CHANGE), {"kind": kind})
            db.session.rollback()
        db.session.remove()
        downgrade(revision="0006")
        assert _kinds() == ["verdict", "new"]
        db.session.remove()
        db.engine.dispose()
