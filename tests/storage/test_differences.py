"""An update replaces the stars that differ, by any column of any of their rows, and no others; on both databases."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import event, select, update

from app_tess.storage.catalogue import PRODUCT_COLUMNS, STAR_COLUMNS, TOI_COLUMNS
from app_tess.storage.database import db
from app_tess.storage.differences import find_changed_stars
from app_tess.storage.frames import FrameRows
from app_tess.storage.models import DataProduct, Star, Toi
from tests.support import catalogues
from tests.support.catalogues import HUGE, TRIO
from tests.support.tables import load_table

COLUMNS = {Star: STAR_COLUMNS, Toi: TOI_COLUMNS, DataProduct: PRODUCT_COLUMNS}
ANOTHER = {bool: False, dt.date: dt.date(1999, 1, 1), int: 12345, float: 0.1 + 0.2, str: "x"}


@pytest.fixture
def filled(app):
    catalogues.fill()


def stored_rows(model):
    """Return a table as the frame that an update would bring."""
    names = COLUMNS[model]
    found = db.session.execute(select(*(model.__table__.columns[name] for name in names)))
    return FrameRows(pd.DataFrame(map(tuple, found), columns=names), names)


def changed(model, rows, place, name, value):
    """Return the TIC id of a row, and the stars that differ when one cell of it does."""
    cells = rows.frame[name].astype(object)
    cells[place] = value
    found = find_changed_stars(model, FrameRows(rows.frame.assign(**{name: cells}), rows.columns))
    return rows.frame["tic_id"][place], found


def written_to(table):
    """Return a list to which the number of rows is added that each statement changes in a table."""
    counts = []

    def look(_connection, cursor, statement, *_more):
        if statement.startswith((f"INSERT INTO {table}", f"DELETE FROM {table}", f"UPDATE {table}")):
            counts.append(cursor.rowcount)

    event.listen(db.engine, "after_cursor_execute", look)
    return counts


@pytest.mark.parametrize("model", COLUMNS)
def test_rows_as_they_are_stored_are_no_change_in_any_order(filled, model):
    rows = stored_rows(model)
    assert find_changed_stars(model, FrameRows(rows.frame[::-1], rows.columns)) == set()


@pytest.mark.parametrize("model", COLUMNS)
def test_another_value_in_any_column_is_a_change_of_its_star(filled, model):
    rows = stored_rows(model)
    for column in model.__table__.columns:
        if column.name in rows.columns and column.name != "tic_id":
            tic_id, found = changed(model, rows, 0, column.name, ANOTHER[column.type.python_type])
            assert found == {tic_id}, column


@pytest.mark.parametrize("model", COLUMNS)
def test_a_value_that_is_no_longer_there_is_a_change(filled, model):
    rows, blanked = stored_rows(model), 0
    for column in model.__table__.columns:
        places = rows.frame.index[rows.frame[column.name].notna()] if column.name in rows.columns else []
        if column.nullable and len(places):
            for nothing in (None, np.nan):
                tic_id, found = changed(model, rows, places[0], column.name, nothing)
                assert found == {tic_id}, column
            blanked += 1
    assert blanked >= 2


def test_ids_of_64_bits_are_compared_to_the_last_digit(filled):
    number = 2**62 + 1
    db.session.execute(update(Star).where(Star.tic_id == HUGE).values(gaia_dr2_id=number))
    rows = stored_rows(Star)
    [place] = rows.frame.index[rows.frame["tic_id"] == HUGE]
    assert changed(Star, rows, place, "gaia_dr2_id", number) == (HUGE, set())
    assert changed(Star, rows, place, "gaia_dr2_id", number + 1) == (HUGE, {HUGE})


def test_a_toi_of_another_star_changes_both_and_a_row_that_is_gone_its_own(filled):
    rows = stored_rows(Toi)
    assert changed(Toi, rows, 0, "tic_id", HUGE)[1] == {rows.frame["tic_id"][0], HUGE}
    stars = stored_rows(Star)
    fewer = FrameRows(stars.frame[stars.frame["tic_id"] != TRIO], STAR_COLUMNS)
    assert find_changed_stars(Star, fewer) == {TRIO} and find_changed_stars(Star, fewer, {TRIO}) == set()


@pytest.mark.parametrize("table", ["tois", "stars", "listed_tois"])
def test_an_update_writes_the_stars_that_differ_and_no_others(app, table):
    load_table("1,1.01,3,PC,", "1,1.02,7,PC,", "2,2.01,3,PC,", "3,3.01,3,PC,")
    counts = written_to(table)
    load_table("1,1.01,3,PC,", "1,1.02,7,PC,", "2,2.01,3,PC,", "3,3.01,3,PC,")
    assert sum(counts) == 0
    load_table("1,1.01,3,PC,", "1,1.02,7,CP,", "2,2.01,3,PC,", "3,3.01,3,PC,")
    deleted = {"tois": 2, "stars": 1, "listed_tois": 1}[table]
    inserted = deleted if db.engine.dialect.name == "sqlite" or table == "listed_tois" else 0  # COPY is no statement
    assert sum(counts) == deleted + inserted
