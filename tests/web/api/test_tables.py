"""/api/v1: the same rows in four formats, on either database."""

import csv
import io
import json
import threading

import pytest
from astropy.table import Table
from sqlalchemy import text, update

from app_tess.storage import listing, stars
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.score_models import ScoringRun
from app_tess.web.api import tables
from app_tess.web.api.exports import writers
from tests.support.loaded import commit_as_a_new_version, loaded_app
from tests.support.postgres import name_of


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(request, tmp_path_factory, shared_sample_archive, prepared):
    if request.param == "sqlite":
        with loaded_app(prepared, tmp_path_factory.mktemp("api"), shared_sample_archive) as app:
            yield app
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create_database()
    with loaded_app(prepared, tmp_path_factory.mktemp("api"), shared_sample_archive, url) as app:
        yield app
    server.put_away(name_of(url))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def count(app):
    with app.app_context():
        return db.session.query(Toi).count()


def strict_json(response):
    """JSON as the standard has it: no NaN, no Infinity."""
    return json.loads(response.get_data(as_text=True), parse_constant=pytest.fail)


def table_of(response, file_format):
    return Table.read(
        io.BytesIO(response.data), format={"vot": "votable", "ecsv": "ascii.ecsv", "csv": "ascii.csv"}[file_format]
    )


@pytest.mark.parametrize("file_format", ["json", "csv", "vot", "ecsv"])
def test_every_format_holds_every_toi(client, count, file_format):
    response = client.get(f"/api/v1/tois.{file_format}")
    assert response.status_code == 200
    if file_format == "json":
        answer = strict_json(response)
        assert len(answer["rows"]) == answer["count"] == count
        assert set(answer["rows"][0]) == {column["name"] for column in answer["columns"]}
    else:
        assert len(table_of(response, file_format)) == count


@pytest.mark.parametrize("file_format", ["vot", "ecsv"])
def test_astropy_opens_a_table_with_its_units(client, file_format):
    tois = table_of(client.get(f"/api/v1/tois.{file_format}"), file_format)
    stars = table_of(client.get(f"/api/v1/stars.{file_format}"), file_format)
    assert str(tois["period_d"].unit) == "d" and tois["toi"].dtype.kind in "UO"
    assert str(stars["tmag"].unit) == "mag" and stars["tic_id"].dtype.itemsize == 8


def test_a_toi_ending_in_a_nought_stays_text(app, client):
    with app.app_context():
        first = db.session.query(Toi).order_by(Toi.toi_number).first()
        old, new = first.toi, f"{first.toi_number}.10"
        db.session.execute(update(Toi).where(Toi.toi == old).values(toi=new))
        listing.rebuild()
        commit_as_a_new_version()
    try:
        for file_format in ("vot", "ecsv"):
            assert new in [str(toi) for toi in table_of(client.get(f"/api/v1/tois.{file_format}"), file_format)["toi"]]
        assert new in [row["toi"] for row in strict_json(client.get("/api/v1/tois"))["rows"]]
        assert new in [row["toi"] for row in csv.DictReader(io.StringIO(client.get("/api/v1/tois.csv").text))]
        assert client.get(f"/api/v1/tois/{new}").status_code == 200
        assert client.get(f"/api/v1/tois/{new[:-1]}").status_code == 404
    finally:
        with app.app_context():
            db.session.execute(update(Toi).where(Toi.toi == new).values(toi=old))
            listing.rebuild()
            commit_as_a_new_version()


def test_the_tables_own_filters_apply(client):
    rows = strict_json(client.get("/api/v1/tois?disposition=CP,KP&period_d_max=5&sort=period_d"))["rows"]
    assert rows and all(row["tfopwg_disposition"] in ("CP", "KP") and row["period_d"] <= 5 for row in rows)
    assert [row["period_d"] for row in rows] == sorted(row["period_d"] for row in rows)


def test_pages_are_cut_only_when_asked_for(client):
    everything = strict_json(client.get("/api/v1/stars?sort=tic_id"))["rows"]
    second = strict_json(client.get("/api/v1/stars?sort=tic_id&page=2&page_size=3"))["rows"]
    assert second == everything[3:6]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period_d_min=x", "period_d_min"),
        ("period=1", "period"),
        ("format=xml", "format"),
        ("sort=mood", "sort"),
        ("probability_max=2", "probability_max"),
    ],
)
def test_what_makes_no_sense_is_400_and_names_the_field(client, query, field):
    response = client.get(f"/api/v1/tois?{query}")
    error = strict_json(response)["error"]
    assert response.status_code == error["status"] == 400
    assert error["message"].startswith(field)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("application/x-votable+xml", "application/x-votable+xml"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/x-ecsv", "text/x-ecsv"),
        ("application/json;q=0.2, text/csv;q=0.9", "text/csv"),
    ],
)
def test_the_accept_header_chooses_a_format(client, accept, media_type):
    assert client.get("/api/v1/stars", headers={"Accept": accept}).mimetype == media_type


def test_an_accept_header_that_cannot_be_served_is_406(client):
    response = client.get("/api/v1/stars", headers={"Accept": "image/png"})
    assert response.status_code == 406 and "text/csv" in strict_json(response)["error"]["message"]


def test_a_suffix_that_contradicts_the_format_is_400(client):
    assert client.get("/api/v1/stars.csv?format=json").status_code == 400


@pytest.mark.parametrize("address", ["/api/v1/tois.csv", "/api/v1/stars?disposition=CP"])
def test_asking_again_costs_nothing_until_something_changes(app, client, address):
    etag = client.get(address).headers["ETag"]
    assert not etag.startswith("W/")
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == etag
    assert client.get(address.split("?")[0] + "?disposition=FP", headers={"If-None-Match": etag}).status_code == 200
    with app.app_context():
        run = db.session.query(ScoringRun).filter(ScoringRun.is_current).one()
        scored_at = run.scored_at
        db.session.execute(update(ScoringRun).values(scored_at=scored_at.replace(year=2001)))
        commit_as_a_new_version()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
    with app.app_context():
        db.session.execute(update(ScoringRun).values(scored_at=scored_at))
        commit_as_a_new_version()


def test_each_format_has_an_etag_of_its_own(client):
    tags = {
        client.get("/api/v1/stars", headers={"Accept": accept}).headers["ETag"]
        for accept in ("text/csv", "application/json")
    }
    assert len(tags) == 2


def test_a_star_brings_its_tois_and_products(client):
    tic_id = strict_json(client.get("/api/v1/stars?toi_count_min=2"))["rows"][0]["tic_id"]
    answer = strict_json(client.get(f"/api/v1/stars/{tic_id}"))
    assert answer["row"]["tic_id"] == tic_id
    assert answer["row"]["toi_count"] == len(answer["tois"]) >= 2
    assert answer["row"]["tois"].split() == [toi["toi"] for toi in answer["tois"]]


def test_a_toi_comes_with_its_score(client):
    row = strict_json(client.get("/api/v1/tois?probability_min=0"))["rows"][0]
    answer = strict_json(client.get(f"/api/v1/tois/{row['toi']}"))
    assert answer["row"] == row and "explanation" in answer
    assert strict_json(client.get(f"/api/v1/tois/TOI-{row['toi']}"))["row"] == row


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/stars/5",
        "/api/v1/tois/999999.01",
        "/api/v1/planets",
        "/api/v1/stars.fits",
        "/api/v1/stars/99999999999999999999",
    ],
)
def test_what_is_not_there_is_404_in_the_one_error_shape(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert set(strict_json(response)["error"]) == {"code", "status", "message", "what_to_do", "request_id"}


def test_other_sites_may_read_and_nobody_may_write(client):
    assert client.get("/api/v1/stars").headers["Access-Control-Allow-Origin"] == "*"
    assert client.post("/api/v1/stars").status_code == 405


@pytest.mark.parametrize("address", ["/api/v1/tois.csv", "/api/v1/stars.json", "/api/v1/cone?RA=0&DEC=0&SR=180"])
def test_a_long_table_is_the_same_as_a_short_one_and_leaves_no_transaction(app, client, monkeypatch, address):
    monkeypatch.setattr(tables, "SMALL", 3)
    with app.app_context():
        before = db.engine.pool.checkedout()
    whole = client.get(address).data
    with app.app_context():
        assert db.engine.pool.checkedout() == before
    again = client.get(address)
    assert again.data == whole and int(again.headers["Content-Length"]) == len(whole)
    monkeypatch.setattr(tables, "SMALL", 10_000)
    assert client.get(address).data == whole


def test_a_long_table_holds_the_catalogue_as_it_was_when_the_table_was_begun(app, client, monkeypatch):
    go_on = threading.Event()

    def gated(columns, rows, about):
        yield "begun\n"
        assert go_on.wait(20)
        yield from writers.write_csv(columns, rows, about)

    monkeypatch.setattr(tables, "SMALL", 3)
    monkeypatch.setattr(stars, "STREAM_ROWS", 2)
    before = client.get("/api/v1/stars.csv?tmag_max=20&sort=tic_id").text
    monkeypatch.setitem(tables.FORMATS, "csv", ("text/csv", gated))
    pieces = client.get("/api/v1/stars.csv?sort=tic_id&tmag_max=20", buffered=False).iter_encoded()
    assert next(pieces) == b"begun\n"
    with app.app_context():
        last = db.session.query(Star).order_by(Star.tic_id.desc()).first()
        tic_id, tmag = last.tic_id, last.tmag
        db.session.execute(update(Star).where(Star.tic_id == tic_id).values(tmag=1.25))
        db.session.commit()
    try:
        go_on.set()
        assert b"".join(pieces).decode() == before
    finally:
        with app.app_context():
            db.session.execute(update(Star).where(Star.tic_id == tic_id).values(tmag=tmag))
            db.session.commit()


def test_the_headers_of_a_long_table_are_there_without_making_it(app, client, monkeypatch):
    monkeypatch.setattr(tables, "SMALL", 3)
    made = dict(app.extensions["shared_tables"]._tables)
    head = client.head("/api/v1/tois.csv?sort=period_d")
    assert head.status_code == 200 and head.data == b"" and "csv-metadata" in head.headers["Link"]
    assert app.extensions["shared_tables"]._tables == made
    whole = client.get("/api/v1/tois.csv?sort=period_d")
    assert whole.headers["ETag"] == head.headers["ETag"] and whole.data
    again = client.get("/api/v1/tois.csv?sort=period_d", headers={"If-None-Match": head.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


def test_a_client_that_leaves_early_leaves_no_connection_behind(app, client):
    with app.app_context():
        before = db.engine.pool.checkedout()
    head = client.head("/api/v1/tois.csv")
    assert head.status_code == 200 and head.headers["ETag"]
    response = client.get("/api/v1/tois.csv", buffered=False)
    assert next(response.iter_encoded()).startswith(b"toi,")
    response.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == before


def test_a_database_that_fails_gives_an_error_and_not_half_a_table(app, client):
    with app.app_context():
        db.session.execute(text("ALTER TABLE tois RENAME TO tois_away"))
        db.session.commit()
    try:
        app.testing = False
        response = client.get("/api/v1/tois.csv?tmag_max=20")  # not asked for before: a shared table would be sent
        assert response.status_code == 500 and strict_json(response)["error"]["code"] == "fault"
    finally:
        app.testing = True
        with app.app_context():
            db.session.execute(text("ALTER TABLE tois_away RENAME TO tois"))
            db.session.commit()
