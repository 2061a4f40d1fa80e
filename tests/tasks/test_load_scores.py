"""Other classifiers' scores beside ours, on both databases."""

import datetime as dt
import gzip

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

from app_tess.errors import FileFormatError, InvalidInput, MissingData
from app_tess.scoring.evaluation.exominer_comparison import match_scores, read_exominer
from app_tess.storage import catalogue, classifiers, stars
from app_tess.storage.classifier_models import Classifier, ClassifierScore, MatchedScore
from app_tess.storage.database import db
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.load_scores import load_scores
from tests.support import catalogues
from tests.support.catalogues import BARE, FALSE_ONE, HUGE, TRIO, WASP46
from tests.support.shared import shared_path

PERIODS, NAMES = "TIC ID,ExoMiner Score,Orbital Period [day]", "toi,score,date,version"


@pytest.fixture
def filled(app):
    catalogues.fill()
    catalogues.score()


def write(folder, *lines, header=PERIODS, encoding="utf-8"):
    path = folder / "scores.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def stored(name="ExoMiner"):
    classifier = classifiers.get_classifier(name)
    rows = select(MatchedScore.toi, MatchedScore.score).where(MatchedScore.classifier_id == classifier.id)
    return dict(db.session.execute(rows).all())


def test_scores_are_matched_by_star_and_period_the_highest_counts(filled, tmp_path):
    lines = (
        f"{WASP46},0.3,1.4303",
        f"{WASP46},0.95,1.4390",
        f"{WASP46},0.99,2.86",
        f"{TRIO},0.2,7.52",
        f"{HUGE},0.9,20.21",
        "70899085,0.9,5",
        "42,0.5,3",
        f"{TRIO},0.5,0",
    )
    message, notes = load_scores(write(tmp_path, *lines), "ExoMiner")
    assert stored() == {"101.01": 0.95, "175.02": 0.2} and "8 scores" in message and "2 TOIs" in message
    assert [note.partition(" rows ")[2] for note in notes[1:]] == [
        "unmatched: no TOI of the star has this period within 1 % (row 4, 6, 7)",
        "unmatched: the star has no TOI in this catalogue (row 8)",
        "unmatched: no TOI and no period (row 9)",
    ]
    assert "8 rows have no date" in notes[0]


def test_a_row_that_names_a_toi_comes_before_its_period_unless_the_star_is_another(filled, tmp_path):
    lines = (
        f"TOI-175.01,{TRIO},99,0.1",
        f",TIC {TRIO},3.69,0.9",
        f"207.01,{TRIO},0.5,0.8",
        f"999.01,{TRIO}.0,7.45,0.7",
        "888.01,,3,0.6",
        f"300.10,{HUGE},,0.4",
    )
    _, notes = load_scores(write(tmp_path, *lines, header="TOI,TIC,Period (days),Score"), "Mine")
    assert stored("mine") == {"175.01": 0.1, "175.02": 0.7, "300.10": 0.4}
    assert any("belongs to another star in this catalogue (row 4)" in note for note in notes)
    assert any("no such TOI in this catalogue (row 6)" in note for note in notes)


def test_dates_and_versions_are_kept_from_columns_or_options(filled, tmp_path):
    load_scores(write(tmp_path, "101.01,0.9,2024-05-01,v2", "175.01,0.2,,", header=NAMES), "Two")
    rows = classifiers.scores_of_star(WASP46)["101.01"]
    assert rows == [{"classifier": "Two", "score": 0.9, "scored_on": dt.date(2024, 5, 1), "version": "v2"}]
    assert classifiers.scores_of_star(TRIO)["175.01"][0]["scored_on"] is None
    load_scores(write(tmp_path, "101.01,0.9", header="toi,p"), "Three", "p", "2025-01-31", "1.0")
    assert classifiers.scores_of_star(WASP46)["101.01"][0] == {
        "classifier": "Three",
        "score": 0.9,
        "scored_on": dt.date(2025, 1, 31),
        "version": "1.0",
    }
    with pytest.raises(FileFormatError, match="has the column 'date', so --date cannot be given"):
        load_scores(write(tmp_path, "101.01,0.9,2024-05-01,", header=NAMES), "Two", date="2024-05-01")
    with pytest.raises(InvalidInput, match="in the future"):
        load_scores(write(tmp_path, "101.01,0.9", header="toi,score"), "Two", date="2999-01-01")


def test_they_outlive_an_update_of_the_catalogue_and_are_matched_anew(filled, tmp_path):
    load_scores(write(tmp_path, f"{FALSE_ONE},0.15,0.5", f"{BARE},0.4,11"), "ExoMiner")
    assert stored() == {"207.01": 0.15}
    tois = pd.DataFrame({"toi": ["300.01"], "tic_id": [BARE], "toi_number": [300], "candidate_number": [1]})
    rows = catalogue.rows_to_store(
        tois.assign(period_d=11.05).reindex(columns=[c.name for c in stars.Toi.__table__.columns]),
        pd.DataFrame({"tic_id": [BARE], "has_tic_row": [True]}).reindex(
            columns=[c.name for c in stars.Star.__table__.columns]
        ),
    )
    load = catalogue.CatalogueLoad(
        toi_url="", mast_url="", toi_sha256="", stars_sha256="", products_sha256="", seconds=1, request_count=1
    )
    load.skipped, load.simulated = [], False
    catalogue.replace_catalogue(rows, pd.DataFrame(columns=catalogue.PRODUCT_COLUMNS), load)
    assert stored() == {"300.01": 0.4}


def test_the_same_name_replaces_its_scores_and_no_others(filled, tmp_path):
    load_scores(write(tmp_path, f"{FALSE_ONE},0.15,0.5"), "ExoMiner")
    load_scores(write(tmp_path, "101.01,0.9,,", header=NAMES), "Mine")
    load_scores(write(tmp_path, f"{TRIO},0.25,3.69"), " exominer")
    assert stored("EXOMINER") == {"175.01": 0.25} and stored("Mine") == {"101.01": 0.9}
    assert [found.name for found in classifiers.find_classifiers()] == ["exominer", "Mine"]
    classifiers.delete_scores("ExoMiner")
    assert db.session.scalar(select(func.count(ClassifierScore.id))) == 1
    with pytest.raises(MissingData, match="loaded: Mine"):
        classifiers.delete_scores("ExoMiner")


def test_the_queue_and_the_sort_are_those_of_the_named_classifier(filled, tmp_path):
    def found(**query):
        return [row.tic_id for row in stars.find_stars(StarQuery(**query)).stars]

    assert found(queue="classifier_score", sort="classifier_disagreement") == []
    load_scores(write(tmp_path, f"{FALSE_ONE},0.15,0.5", f"{WASP46},0.2,1.43037", f"{TRIO},0.9,3.69"), "ExoMiner")
    load_scores(write(tmp_path, "175.02,0.1,,", "101.01,0.9,,", header=NAMES), "Mine")
    queue = {"queue": "classifier_score", "sort": "classifier_disagreement"}
    assert found(**queue) == [WASP46, FALSE_ONE] == found(**queue, classifier="exominer")
    assert found(**queue, classifier="Mine") == [TRIO]
    at_least = {"ranges": {"classifier_score": (0.5, None)}}
    assert found(**at_least) == [TRIO] and found(**at_least, classifier="Mine") == [WASP46]
    assert found(sort="classifier_score", classifier="Mine")[:2] == [WASP46, TRIO]


def test_exports_and_the_stars_json_hold_every_score(app, filled, tmp_path):
    load_scores(write(tmp_path, "101.01,0.9,2024-05-01,=v2", "175.02,0.1,,", header=NAMES), "Mine")
    load_scores(write(tmp_path, f"{WASP46},0.25,1.43037"), "ExoMiner")
    client = app.test_client()
    rows = {row["toi"]: row for row in client.get("/api/v1/tois.json").json["rows"]}
    assert (
        rows["101.01"]["classifier_scores"] == "ExoMiner: 0.25; Mine: 0.9" and rows["101.01"]["classifier_score"] == 0.9
    )
    assert rows["207.01"]["classifier_scores"] is None is rows["207.01"]["classifier_score"]
    (row,) = client.get("/api/v1/tois.json?classifier=exominer&classifier_score_min=0").json["rows"]
    assert (row["toi"], row["classifier_score"]) == ("101.01", 0.25)
    assert ",0.9,ExoMiner: 0.25; Mine: 0.9," in client.get("/api/v1/tois.csv?q=101.01").text
    assert client.get(f"/api/v1/stars/{WASP46}").json["classifier_scores"] == [
        {"toi": "101.01", "classifier": "ExoMiner", "score": 0.25, "scored_on": None, "version": None},
        {"toi": "101.01", "classifier": "Mine", "score": 0.9, "scored_on": "2024-05-01", "version": "=v2"},
    ]
    before = client.get("/api/v1/tois.json").headers["ETag"]
    classifiers.delete_scores("Mine")
    assert client.get("/api/v1/tois.json").headers["ETag"] != before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("toi,score\n101.01,1.5\n", "row 2, column 'score': '1.5' is not from 0 to 1"),
        ("toi,score\n101.01,-1e-9\n", "'-1e-9' is not from 0 to 1"),
        ("toi,score\n101.01,NaN\n", "row 2, column 'score': 'NaN' is no score"),
        ("toi,score\n101.01,\n", "'' is no score"),
        ("toi,score\n101.01,=1+1\n", "row 2, column 'score': '=1\\+1' is not a number"),
        ("toi,score\n101.01,1_0\n", "'1_0' is not a number"),
        ("toi,score\n101.01,inf\n", "'inf' is not a number"),
        ("toi,score\n101.01,high\n\n175.01,x\n", "row 2, .*; row 4, column 'score': 'x' is not a number. Nothing was"),
        ("toi,score\n101.01,0.1\n175.01,0.2\nTOI-101.01,0.3\n", "row 4, column 'toi': the signal of row 2 again"),
        ("tic_id,period,score\n1,2,0.1\n1,2,0.4\n", "row 3, column 'tic_id': the signal of row 2 again"),
        ("tic_id,period,score\n2.3E+08,2,0.1\n", "'2.3E\\+08' is not a TIC id, which has lost digits"),
        ("tic_id,period,score\n1,-2,0.1\n", "column 'period': a period of '-2' d is negative"),
        ("toi,tic_id,score\n,,0.1\n", "column 'tic_id': neither a TOI nor a TIC id"),
        ("toi,score\n101,0.1\n", "column 'toi': '101' is not a TOI with its candidate number"),
        ("toi,score,date\n101.01,0.1,2999-01-01\n", "column 'date': '2999-01-01' is in the future"),
        ("toi,score,date\n101.01,0.1,2017-01-01\n", "before the launch of TESS"),
        ("toi,score,date\n101.01,0.1,01/02/2024\n", "is not a date YYYY-MM-DD"),
        ("toi,score,date\n101.01,0.1,2024-02-30\n", "'2024-02-30' is not a date"),
        ("toi,score,version\n101.01,0.1," + "v" * 61 + "\n", "column 'version': .* is not a version"),
        ("toi,score\n101.01\n", "row 2: 1 cells, where the header has 2 columns"),
        ("toi,score,score\n101.01,1,1\n", "the column 'score' more than once"),
        ("tic_id,score\n1,0.5\n", "no column 'toi', nor both 'tic_id' and 'period'"),
        ("toi,period\n1.01,0.5\n", "no column 'score'"),
        ("toi;score\n101.01;0.5\n", "columns are separated by commas"),
        ("toi,score\n", "holds no row of scores"),
        ("", "no column 'score'"),
        ('toi,score\n"101.01,0.5\n', "not a CSV table"),
        ("toi,score\n101.01,0.5\0\n", "null bytes"),
    ],
)
def test_a_bad_file_is_refused_by_row_and_column_and_the_old_scores_stay(filled, tmp_path, text, message):
    load_scores(write(tmp_path, f"{FALSE_ONE},0.15,0.5"), "ExoMiner")
    path = tmp_path / "bad.csv"
    path.write_text(text, newline="")
    with pytest.raises(FileFormatError, match=message) as refused:
        load_scores(path, "ExoMiner")
    assert "bad.csv: " in str(refused.value) and stored() == {"207.01": 0.15}


def test_huge_and_damaged_files_are_refused(filled, tmp_path, monkeypatch):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"toi,score\n" + b"0" * 3000))
    monkeypatch.setattr("app_tess.archives.classifier_scores.LARGEST_BYTES", 1000)
    with pytest.raises(FileFormatError, match="more than 0 MB"):
        load_scores(path, "Mine")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FileFormatError, match="damaged"):
        load_scores(path, "Mine")
    monkeypatch.setattr("app_tess.archives.classifier_scores.MOST_ROWS", 1)
    with pytest.raises(FileFormatError, match="more than 1 rows"):
        load_scores(write(tmp_path, "101.01,0.9", "175.01,0.9", header="toi,score"), "Mine")
    assert classifiers.find_classifiers() == []


def test_latin_1_gzip_comments_and_a_byte_order_mark_are_read(filled, tmp_path):
    _, notes = load_scores(write(tmp_path, "101.01,0.9,,Prša", header=NAMES, encoding="iso-8859-2"), "Latin")
    assert "read as Latin-1" in notes[0]
    path = tmp_path / "more.csv.gz"
    path.write_bytes(gzip.compress("\ufeff# scores of 2024\n\nTOI , Score\r\n101.01, 0.5 \r\n".encode()))
    load_scores(path, "Gzip")
    assert stored("Gzip") == {"101.01": 0.5}


@pytest.mark.parametrize("name", ["", "=cmd()", "@x", "-1", "x" * 61, "a\nb\0", "<b>", "This Model", "a; b"])
def test_a_name_that_a_page_or_spreadsheet_would_misread_is_refused(filled, tmp_path, name):
    with pytest.raises(InvalidInput):
        load_scores(write(tmp_path, "101.01,0.9", header="toi,score"), name)
    assert db.session.scalar(select(func.count(Classifier.id))) == 0


def test_the_command_says_what_it_loaded(app, tmp_path):
    run = app.test_cli_runner().invoke
    answer = run(args=["load-scores", "ExoMiner", str(write(tmp_path, "1,0.5,3"))])
    assert answer.exit_code == 0 and "Loaded 1 scores of ExoMiner" in answer.output
    answer = run(args=["load-scores", "ExoMiner", str(write(tmp_path, "1,2,3", header="a,b,c"))])
    assert answer.exit_code == 1 and "no column 'score'" in answer.output
    assert run(args=["delete-scores", "exominer"]).exit_code == 0
    assert run(args=["delete-scores", "exominer"]).exit_code == 1


def test_the_database_matches_as_the_evaluation_does(app):
    """Two ways of matching the published table to the real TOIs: the catalogue's and the evaluation's."""
    path = shared_path("peers/exominer_s1-s67_score_above_0.1.csv")
    tois = pd.read_csv(shared_path("archive/toi.csv"), dtype={"TOI": str})
    rows = pd.DataFrame(
        {"toi": tois["TOI"], "tic_id": tois["TIC ID"].astype("int64"), "period_d": tois["Period (days)"]}
    )
    rows.loc[~(rows["period_d"] > 0), "period_d"] = np.nan
    db.session.add_all(catalogues.star(tic_id) for tic_id in rows["tic_id"].unique().tolist())
    db.session.flush()
    db.session.add_all(
        catalogues.toi(row.toi, row.tic_id, period_d=None if np.isnan(row.period_d) else row.period_d)
        for row in rows.itertuples()
    )
    db.session.commit()
    load_scores(path, "ExoMiner")
    wanted = match_scores(rows, read_exominer(path))
    assert stored() == dict(zip(rows["toi"][np.isfinite(wanted)], wanted[np.isfinite(wanted)], strict=True))
    assert len(stored()) > 1000
