"""The Simple Cone Search, as pyvo uses it over real HTTP and as the standard words it."""

import io
import threading

import numpy as np
import pytest
import pyvo
from astropy.coordinates import SkyCoord
from astropy.io.votable import parse
from sqlalchemy import select, update
from werkzeug.serving import make_server

from app_tess.storage.database import db
from app_tess.storage.models import Star
from tests.support.loaded import loaded_app


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("cone"), shared_sample_archive) as app:
        yield app


@pytest.fixture(scope="module")
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/api/v1/cone"
    server.shutdown()
    thread.join()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def positions(app):
    with app.app_context():
        rows = db.session.execute(select(Star.tic_id, Star.ra_deg, Star.dec_deg)).all()
    return {row.tic_id: (row.ra_deg, row.dec_deg) for row in rows}


def table(response):
    return parse(io.BytesIO(response.data)).get_first_table().to_table()


def error_of(response):
    """The message of the INFO named Error, which may be the VOTable's only content."""
    votable = parse(io.BytesIO(response.data))
    assert response.status_code == 200 and not list(votable.iter_tables())
    return next(info.value for info in votable.infos if info.name == "Error")


def test_pyvo_finds_a_star_over_http(address, positions):
    tic_id, (ra_deg, dec_deg) = next(iter(positions.items()))
    found = pyvo.dal.SCSService(address).search(pos=SkyCoord(ra_deg, dec_deg, unit="deg"), radius=0.01)
    assert tic_id in [int(number) for number in found["tic_id"]]
    assert (
        SkyCoord(found["ra_deg"][0], found["dec_deg"][0], unit="deg")
        .separation(SkyCoord(ra_deg, dec_deg, unit="deg"))
        .arcsec
        < 1
    )
    assert str(found.to_table()["ra_deg"].unit) == "deg"
    assert found[0].id == f"TIC {tic_id}" and found[0].pos.separation(SkyCoord(ra_deg, dec_deg, unit="deg")).arcsec < 1


def test_pyvo_raises_the_standards_error(address):
    with pytest.raises(pyvo.dal.DALQueryError, match="SR"):
        pyvo.dal.SCSService(address).search(pos=(10, 10), radius=500)


def test_pyvo_may_ask_for_every_column(address, positions):
    found = pyvo.dal.SCSService(address).search(pos=(0, 0), radius=180, verbosity=3)
    assert len(found) == len(positions)
    assert str(found.to_table()["stellar_radius_rsun"].unit) in ("Rsun", "solRad")


def test_the_three_columns_the_standard_asks_for_are_there_at_any_verbosity(client):
    for verbosity in (1, 2, 3):
        fields = (
            parse(io.BytesIO(client.get(f"/api/v1/cone?RA=0&DEC=0&SR=180&VERB={verbosity}").data))
            .get_first_table()
            .fields
        )
        for ucd in (
            "meta.id;meta.main",
            "pos.eq.ra;meta.main",
            "pos.eq.dec;meta.main",
            "ID_MAIN",
            "POS_EQ_RA_MAIN",
            "POS_EQ_DEC_MAIN",
        ):
            assert [field.ucd for field in fields].count(ucd) == 1
    assert len(fields) > 20


@pytest.mark.parametrize(
    ("ra_deg", "dec_deg", "radius_deg"),
    [(0, 0, 40), (359.9, -30, 60), (10, 90, 100), (200, -90, 30), (180, 5, 180), (0.05, 0, 1e-6)],
)
def test_a_cone_holds_exactly_the_stars_that_astropy_finds(client, positions, ra_deg, dec_deg, radius_deg):
    coordinates = SkyCoord([p[0] for p in positions.values()], [p[1] for p in positions.values()], unit="deg")
    away = coordinates.separation(SkyCoord(ra_deg, dec_deg, unit="deg")).deg
    expected = {tic_id for tic_id, distance in zip(positions, away, strict=True) if distance <= radius_deg}
    found = table(client.get(f"/api/v1/cone?RA={ra_deg}&DEC={dec_deg}&SR={radius_deg}"))
    assert {int(tic_id) for tic_id in found["tic_id"]} == expected
    assert np.all(np.diff(np.asarray(found["separation_deg"], dtype=float)) >= 0)


def test_a_cone_reaches_across_the_first_meridian(app, client):
    with app.app_context():
        first, second = db.session.scalars(select(Star.tic_id).limit(2))
        old = {tic_id: db.session.get(Star, tic_id).ra_deg for tic_id in (first, second)}
        old_dec = {tic_id: db.session.get(Star, tic_id).dec_deg for tic_id in (first, second)}
        for tic_id, ra_deg in ((first, 359.999), (second, 0.001)):
            db.session.execute(update(Star).where(Star.tic_id == tic_id).values(ra_deg=ra_deg, dec_deg=80.0))
        db.session.commit()
    try:
        for ra_deg in (0, 360, 359.9995, -0.001):
            found = table(client.get(f"/api/v1/cone?RA={ra_deg}&DEC=80&SR=0.01"))
            assert {int(tic_id) for tic_id in found["tic_id"]} == {first, second}
    finally:
        with app.app_context():
            for tic_id, ra_deg in old.items():
                db.session.execute(
                    update(Star).where(Star.tic_id == tic_id).values(ra_deg=ra_deg, dec_deg=old_dec[tic_id])
                )
            db.session.commit()


def test_names_may_be_written_in_any_case(client, positions):
    assert len(table(client.get("/api/v1/cone?ra=0&Dec=0&sr=180&verb=1"))) == len(positions)


def test_maxrec_cuts_the_list_and_says_so(client):
    response = client.get("/api/v1/cone?RA=0&DEC=0&SR=180&MAXREC=3")
    assert len(table(response)) == 3 and 'value="OVERFLOW"' in response.text
    assert "OVERFLOW" not in client.get("/api/v1/cone?RA=0&DEC=0&SR=180").text


def test_a_radius_of_nought_asks_for_the_columns_alone(client):
    found = table(client.get("/api/v1/cone?RA=0&DEC=0&SR=0"))
    assert len(found) == 0 and "tic_id" in found.colnames


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "RA"),
        ("RA=1&DEC=2", "SR"),
        ("RA=1&DEC=91&SR=1", "DEC"),
        ("RA=x&DEC=2&SR=1", "RA"),
        ("RA=nan&DEC=2&SR=1", "RA"),
        ("RA=1&DEC=2&SR=-1", "SR"),
        ("RA=1&DEC=2&SR=1&VERB=4", "VERB"),
        ("RA=1&RA=2&DEC=2&SR=1", "RA"),
        ("RA=1&DEC=2&SR=1&MAXREC=-1", "MAXREC"),
        ("RA=1&DEC=2&SR=1&RESPONSEFORMAT=fits", "RESPONSEFORMAT"),
    ],
)
def test_errors_come_as_an_info_named_error_that_names_the_parameter(client, query, field):
    assert error_of(client.get(f"/api/v1/cone?{query}")).startswith(field)


def test_the_answer_says_that_it_is_a_votable(client):
    assert client.get("/api/v1/cone?RA=0&DEC=0&SR=1").mimetype == "application/x-votable+xml"
    assert client.get("/api/v1/cone").mimetype == "application/x-votable+xml"
