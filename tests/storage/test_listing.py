"""The one table that the list of stars is read from, on both databases."""

import datetime as dt

import pytest
from sqlalchemy import delete, select, update

from app_tess import create_app
from app_tess.storage import listing
from app_tess.storage.database import db
from app_tess.storage.listing import ListedToi, listed
from app_tess.storage.migrations import downgrade, upgrade
from app_tess.storage.models import Toi
from tests.support import catalogues
from tests.support.catalogues import BARE, HUGE, TRIO, WASP46


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()


def rows():
    found = db.session.execute(select(*listed).order_by(listed.position)).all()
    return {row.toi: row for row in found}


def test_tois_are_numbered_in_their_own_order(catalogue):
    assert list(rows()) == ["101.01", "175.01", "175.02", "175.10", "200.01", "207.01", "300.1", "300.10"]
    positions = [row.position for row in rows().values()]
    assert positions == sorted(set(positions))


def test_a_row_holds_what_belongs_to_toi_star_score_and_files(catalogue):
    found = rows()
    wasp, trio, bare, huge = (found[toi] for toi in ("101.01", "175.10", "300.1", "300.10"))
    assert (wasp.tic_id, wasp.teff_k, wasp.light_curve_count, bool(wasp.has_light_curves)) == (WASP46, 5824.0, 1, True)
    assert (trio.tic_id, trio.toi_count, trio.planet_probability, trio.star_probability) == (TRIO, 3, 0.55, 0.99)
    assert (bare.tic_id, bare.teff_k, bare.planet_probability, bare.not_scored_reason) == (
        BARE,
        4000.0,
        None,
        "no depth and no radius",
    )
    assert (huge.tic_id, huge.tmag, huge.sectors, bool(huge.has_light_curves)) == (HUGE, None, None, False)
    assert wasp.product_kinds == ",lc,dvt," and huge.product_kinds == ""
    assert wasp.names == "wasp46b wasp46b" and found["175.01"].sectors == "2,5"


def test_rebuilding_follows_the_catalogue_and_is_undone_with_it(catalogue):
    db.session.execute(delete(Toi).where(Toi.toi == "175.02"))
    listing.rebuild()
    assert "175.02" not in rows() and rows()["175.10"].toi_count == 2
    db.session.rollback()
    assert rows()["175.10"].toi_count == 3


def test_rebuilding_corrects_every_column_and_leaves_no_other_row(catalogue):
    wanted = rows()
    for column in listed:
        other = {str: "x", bool: True, dt.date: dt.date(1999, 1, 1)}.get(column.type.python_type, 7)
        if column.name != "toi":
            db.session.execute(update(ListedToi).where(listed.toi == "300.10").values({column.name: other}))
            listing.rebuild()
            assert rows() == wanted, column
    db.session.execute(update(ListedToi).where(listed.toi == "300.10").values(toi="9.01"))
    listing.rebuild()
    assert rows() == wanted


def test_tois_that_differ_by_zeros_alone_have_places_of_their_own(app):
    tois = ["101.01", "101.1", "101.10", "0101.1", "101.0001", "999999999.9999", "101.2", "102.01"]
    db.session.add(catalogues.star(1))
    db.session.flush()
    db.session.add_all(catalogues.toi(toi, 1) for toi in tois)
    db.session.flush()
    listing.rebuild()
    assert list(rows()) == sorted(tois, key=lambda toi: (*map(int, toi.split(".")), toi))


def test_the_migration_fills_the_list_as_rebuilding_does(config):
    app = create_app(config)
    with app.app_context():
        upgrade()
        catalogues.fill()
        catalogues.score()
        wanted = rows()
        db.session.rollback()
        downgrade(revision="0001")
        upgrade()
        names = [column.name for column in listed]
        found = db.session.execute(select(*listed).order_by(listed.position)).all()
        assert [[getattr(row, name) for name in names] for row in found] == [
            [getattr(row, name) for name in names] for row in wanted.values()
        ]
        db.session.remove()
        db.engine.dispose()
