"""What a reload changed, and how old scores fared, on both databases."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.product_rows import PRODUCT_COLUMNS
from app_tess.archives.tic_rows import TIC_COLUMNS, TIC_ERRORS
from app_tess.storage import catalogue, changes, scores
from app_tess.storage.database import db, plain
from app_tess.storage.models import CatalogueLoad, Star, Toi
from app_tess.storage.score_models import GradedScore, Score, ScoringRun, StarScore
from app_tess.storage.switching import current_load_id
from tests.support.tables import HEADER, load_table


def test_nan_is_stored_as_null_and_dates_as_dates(app):
    load_table("10000732589,1.01,,PC,2019-05-07")
    toi = db.session.get(Toi, "1.01")
    assert toi.period_d is None and toi.alerted_on == dt.date(2019, 5, 7) and toi.star.tic_id == 10000732589
    assert db.session.scalar(select(Star.teff_k)) is None


def test_101_10_stays_beside_101_1_and_sorts_after_101_2(app):
    load_table("1,101.10,3,PC,", "1,101.1,4,PC,", "1,101.2,5,PC,")
    assert [toi.toi for toi in db.session.get(Star, 1).tois] == ["101.1", "101.2", "101.10"]


def test_an_update_records_new_and_retired_tois_dispositions_and_periods(app):
    load_table("1,1.01,3,PC,", "2,2.01,3,PC,", "3,3.01,3,PC,", "4,4.01,3,PC,")
    load_table("1,1.01,3,CP,", "2,2.01,6,PC,", "3,3.01,3.00000001,PC,", "5,5.01,1,PC,")
    told = {(change.toi, change.kind, change.before, change.after) for change in changes.find_changes().changes}
    assert told == {
        ("1.01", "disposition", "PC", "CP"),
        ("2.01", "period", "3.000000", "6.000000"),
        ("4.01", "retired", "PC", None),
        ("5.01", "new", None, "PC"),
    }


def test_a_final_disposition_grades_the_score_before_it(app):
    load_table("1,1.01,3,PC,", "2,2.01,3,FP,")
    rows = [
        {"toi": toi, "tic_id": 1, "planet_probability": 0.9, "not_scored_reason": None, "explanation": None}
        for toi in ("1.01", "2.01")
    ]
    scores.store_scores(scores.NewScores("0" * 64, "test", rows, {}), current_load_id())
    load_table("1,1.01,3,CP,", "2,2.01,3,CP,")
    grades = list(db.session.scalars(select(GradedScore)))
    assert [(grade.toi, grade.verdict_before, grade.verdict_after, grade.planet_probability) for grade in grades] == [
        ("1.01", "PC", "CP", 0.9)
    ]


def test_a_catalogue_that_breaks_a_rule_leaves_the_old_one(app):
    load_table("1,1.01,3,PC,")
    stars = pd.DataFrame({name: [np.nan] for name in (*TIC_COLUMNS.values(), *TIC_ERRORS.values())}).assign(
        tic_id=[1], has_tic_row=True
    )
    tois = parse_toi_table(f"{HEADER}\n2,2.01,3,PC,".encode(), "test")
    with pytest.raises(IntegrityError):
        catalogue.replace_catalogue(
            catalogue.rows_to_store(tois, stars),
            pd.DataFrame(columns=PRODUCT_COLUMNS),
            CatalogueLoad(
                toi_url="u",
                mast_url="m",
                toi_sha256="",
                stars_sha256="",
                products_sha256="",
                seconds=0,
                request_count=0,
                skipped=[],
                simulated=False,
            ),
        )
    assert [toi.toi for toi in db.session.scalars(select(Toi))] == ["1.01"]


def test_every_value_is_stored_as_it_is(app):
    """On PostgreSQL rows are written as text, in which some characters have a meaning."""
    comment = "a\\b\tc\nd\\N é ½"
    star = dict.fromkeys(catalogue.STAR_COLUMNS) | {"tic_id": 2**40, "has_tic_row": False, "contaminant_count": 207.0}
    toi = dict.fromkeys(catalogue.TOI_COLUMNS) | {
        "toi": "1.10",
        "toi_number": 1,
        "candidate_number": 10,
        "tic_id": 2**40,
        "comments": comment,
        "planet_name": "",
        "period_d": 0.1 + 0.2,
        "epoch_btjd": 2000.0,
        "depth_ppm": -1e-300,
        "alerted_on": dt.date(2018, 12, 5),
    }
    catalogue.insert_rows(Star, [star])
    catalogue.insert_rows(Toi, [toi | {"epoch_number": None}])
    db.session.commit()
    [stored] = db.session.scalars(select(Toi))
    assert {name: getattr(stored, name) for name in toi} == toi
    assert db.session.get(Star, 2**40).contaminant_count == 207 and not db.session.get(Star, 2**40).has_tic_row


def test_scores_are_stored_as_a_whole_or_not_at_all(app):
    load_table("1,1.01,3,PC,")
    row = {
        "toi": "1.01",
        "tic_id": 1,
        "planet_probability": np.float64(0.2),
        "not_scored_reason": None,
        "explanation": '{"a": 0.25}',
    }
    scores.store_scores(scores.NewScores("a" * 64, "first", [row], {1: 0.2}), current_load_id())
    with pytest.raises(IntegrityError):
        scores.store_scores(scores.NewScores("b" * 64, "second", [row, row], {1: 0.3}), current_load_id())
    assert [run.model_name for run in db.session.scalars(select(ScoringRun))] == ["first"]
    assert scores.find_current_run().model_name == "first"
    assert db.session.scalars(select(Score)).one().explanation == {"a": 0.25}


def test_a_score_that_is_no_number_is_stored_as_null_and_numpys_numbers_as_pythons(app):
    load_table("1,1.01,3,PC,", "2,2.01,3,PC,")
    names = ("toi", "tic_id", "planet_probability", "not_scored_reason", "explanation")
    nan = np.float64("nan")
    rows = [("1.01", np.int64(1), nan, "no period", None), ("2.01", np.int64(2), np.float32(0.25), None, None)]
    rows = [dict(zip(names, row, strict=True)) for row in rows]
    new = scores.NewScores("a" * 64, "first", rows, {np.int64(1): nan, np.int64(2): np.float32(0.25)})
    scores.store_scores(new, current_load_id())
    for kind in (Score, StarScore):
        stored = db.session.scalars(select(kind).order_by(kind.tic_id))
        assert [(one.tic_id, one.planet_probability) for one in stored] == [(1, None), (2, 0.25)]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (np.float64("nan"), None),
        (float("inf"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        ({"a": [np.nan]}, {"a": [None]}),
    ],
)
def test_numpy_and_nan_never_reach_the_database(value, stored):
    assert plain(value) == stored
