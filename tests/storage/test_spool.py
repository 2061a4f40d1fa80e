"""Rows that are kept on disk until they are stored."""

import datetime as dt

import pandas as pd
import pytest

from app_tess.storage import frames, spool
from app_tess.storage.database import batches
from app_tess.storage.frames import FrameRows
from app_tess.storage.spool import Spool

ROWS = [
    {"toi": f"{number}.01", "tic_id": 2**40 + number, "value": None if number % 2 else 0.1, "on": dt.date(2025, 1, 1)}
    for number in range(7)
]


@pytest.fixture(autouse=True)
def few_rows_at_a_time(monkeypatch):
    monkeypatch.setattr(spool, "BATCH_ROWS", 3)
    monkeypatch.setattr(frames, "CONVERTED_ROWS", 3)


def test_rows_come_back_as_they_were_added_and_as_often_as_needed():
    rows = Spool(list(ROWS[0]), iter(ROWS[:4]))
    rows.extend(ROWS[4:])
    assert len(rows) == 7
    assert list(rows) == list(rows) == ROWS
    assert [left == right for left, right in zip(rows, rows, strict=True)] == [True] * 7


def test_no_rows_are_no_rows():
    assert (len(Spool(["toi"])), list(Spool(["toi"])), list(batches([], 3))) == (0, [], [])


def test_other_columns_are_not_kept():
    assert list(Spool(["toi"], ROWS[:2])) == [{"toi": "0.01"}, {"toi": "1.01"}]


def test_rows_of_a_frame_are_plain_values_and_a_column_that_it_lacks_is_none():
    rows = FrameRows(pd.DataFrame(ROWS), ["toi", "value", "comments"])
    assert len(rows) == 7
    assert list(rows) == list(rows) == [{"toi": row["toi"], "value": row["value"], "comments": None} for row in ROWS]
