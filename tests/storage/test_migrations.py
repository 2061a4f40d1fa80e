"""The migrations make the tables that the models describe, and unmake them."""

import datetime as dt

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from app_tess import create_app
from app_tess.fields import STAR_COLUMNS, TOI_COLUMNS
from app_tess.storage import classifiers
from app_tess.storage.classifier_models import Classifier
from app_tess.storage.database import db
from app_tess.storage.migrations import downgrade, upgrade


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


ERRORS = {field.name for field in (*STAR_COLUMNS, *TOI_COLUMNS) if field.error_of}
STAR = "INSERT INTO stars (tic_id, has_tic_row, tmag_err, ebv_err_mag) VALUES (1, true, 0, 0.1)"
TOI = """INSERT INTO tois (toi, tic_id, toi_number, candidate_number, epoch_btjd, epoch_err_d, period_d, period_err_d)
    VALUES ('1.01', 1, 1, 1, 1326, 0, 3, 0.001), ('2.01', 1, 2, 1, -2398674, 0.1, 3, -0.001)"""


def test_stored_errors_of_zero_and_epochs_before_tess_are_blanked(config):
    app = create_app(config)
    with app.app_context():
        upgrade(revision="0007")
        db.session.execute(text(STAR))
        db.session.execute(text(TOI))
        _zero_all_errors("3.01")
        db.session.commit()
        upgrade()
        assert _errors_of("3.01") == {None}
        stars = db.session.execute(text("SELECT tmag_err, ebv_err_mag FROM stars WHERE tic_id = 1")).all()
        assert [tuple(row) for row in stars] == [(None, 0.1)]
        columns = "epoch_btjd, epoch_err_d, period_d, period_err_d"
        tois = db.session.execute(text(f"SELECT {columns} FROM tois WHERE tic_id = 1 ORDER BY toi")).all()
        assert [tuple(row) for row in tois] == [(1326, None, 3, 0.001), (None, None, 3, None)]
        db.session.remove()
        db.engine.dispose()


def _error_columns(table):
    return [column["name"] for column in inspect(db.engine).get_columns(table) if column["name"] in ERRORS]


def _zero_all_errors(toi):
    """Add a star and a TOI whose errors are all 0."""
    for table, keys in (
        ("stars", "tic_id, has_tic_row"),
        ("tois", "toi, tic_id, toi_number, candidate_number"),
    ):
        errors = _error_columns(table)
        values = "2, true" if table == "stars" else f"'{toi}', 2, 3, 1"
        db.session.execute(
            text(
                f"INSERT INTO {table} ({keys}, {', '.join(errors)}) VALUES ({values}, {', '.join('0' for _ in errors)})"
            )
        )


def _errors_of(toi):
    stars = db.session.execute(text(f"SELECT {', '.join(_error_columns('stars'))} FROM stars WHERE tic_id = 2")).one()
    tois = db.session.execute(text(f"SELECT {', '.join(_error_columns('tois'))} FROM tois WHERE toi = '{toi}'")).one()
    assert len(stars) >= 13 and len(tois) >= 13
    return {*stars, *tois}


EXOMINER = (
    """INSERT INTO stars (tic_id, has_tic_row) VALUES (1, true)""",
    """INSERT INTO exominer_loads (loaded_at, file_name, sha256, event_count) VALUES
    ('2025-01-01 00:00:00', 'old.csv', 'a', 9), ('2025-03-01 12:00:00', 'scores.csv', 'b', 2)""",
    """INSERT INTO exominer_scores (tic_id, period_d, score) VALUES (1, 3, 0.75), (7, 2.5, 0.125)""",
    """INSERT INTO listed_tois (position, toi, tic_id, toi_number, exominer_score, toi_count, light_curve_count,
    has_light_curves, product_kinds, names) VALUES (1, '1.01', 1, 1, 0.75, 2, 0, false, '', ''),
    (2, '1.02', 1, 1, NULL, 2, 0, false, '', '')""",
)


def _stored(columns, table):
    return [tuple(row) for row in db.session.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1")).all()]


def test_exominers_scores_become_those_of_a_classifier_and_back(config):
    app = create_app(config)
    with app.app_context():
        upgrade(revision="0019")
        for statement in EXOMINER:
            db.session.execute(text(statement))
        db.session.commit()
        upgrade()
        assert _stored("name, name_key, file_name, sha256, row_count", "classifiers") == [
            ("ExoMiner", "exominer", "scores.csv", "b", 2)
        ]
        assert db.session.scalar(select(Classifier.loaded_at)) == dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
        rows = _stored("tic_id, period_d, score, toi, scored_on, version, row", "classifier_scores")
        assert rows == [(1, 3, 0.75, None, None, None, None), (7, 2.5, 0.125, None, None, None, None)]
        assert _stored("toi, tic_id, score, scored_on", "matched_scores") == [("1.01", 1, 0.75, None)]
        assert classifiers.scores_of_star(1) == {}, "the list of TOIs is ahead of the catalogue here"
        db.session.add(Classifier(name="Mine", name_key="mine", file_name="", sha256="", row_count=0))
        db.session.commit()
        db.session.remove()
        downgrade(revision="0019")
        assert _stored("file_name, sha256, event_count", "exominer_loads") == [("scores.csv", "b", 2)]
        assert _stored("tic_id, period_d, score", "exominer_scores") == [(1, 3, 0.75), (7, 2.5, 0.125)]
        assert _stored("toi, exominer_score", "listed_tois") == [("1.01", 0.75), ("1.02", None)]
        db.session.remove()
        db.engine.dispose()
