"""Whatever a column holds, each address of its star answers, soon, and without an internal error."""

import datetime as dt
import math
import time

import pytest
from sqlalchemy import Date, Float, Integer, String, delete, insert, select, update

from app_tess.storage import listing
from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.score_models import Score
from tests.support.loaded import loaded_app

LONGEST_S = 8.0
PLACE = "site=Paranal&date=2026-08-01&nights=2&min_altitude=0"
NUMBERS = (-1.0, 1e-9, 58325.5, 1e300, -1e300, math.inf)
TEXTS = ("9" * 5000, "²", "<b>&'\"\x0b\u2028", "=1+1", "é" * 300)
DATES = (dt.date(1, 1, 1), dt.date(9999, 12, 31))
TIC_ID = 231663901


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("odd"), shared_sample_archive) as app, app.app_context():
        yield app


@pytest.fixture(scope="module")
def client(app):
    client = app.test_client()
    for path in ("/", f"/stars/{TIC_ID}", "/plots/sky.png", f"/stars/{TIC_ID}/transits?{PLACE}"):
        client.get(path)  # load what is imported late
    return client


@pytest.fixture
def a_toi_a_column(app):
    """A function that gives the star one TOI for each column that can hold a value, with the value in it."""
    template = dict(db.session.execute(select(*Toi.__table__.c).where(Toi.tic_id == TIC_ID)).mappings().first())
    score = dict(db.session.execute(select(*Score.__table__.c).where(Score.toi == template["toi"])).mappings().first())

    def store(value, columns):
        for number, column in enumerate(columns, 1):
            toi = f"9000.{number}"
            row = template | {"toi": toi, "toi_number": 9000, "candidate_number": number, column: value}
            db.session.execute(insert(Toi), [row])
            db.session.execute(insert(Score), [score | {"toi": toi}])
        listing.rebuild()
        db.session.commit()
        return [f"9000.{number}" for number in range(1, len(columns) + 1)]

    yield store
    db.session.rollback()
    db.session.execute(delete(Score).where(Score.toi.like("9000.%")))
    db.session.execute(delete(Toi).where(Toi.toi.like("9000.%")))
    listing.rebuild()
    db.session.commit()


@pytest.fixture
def star_values(app):
    """A function that stores values in the star's own columns."""
    before = dict(db.session.execute(select(*Star.__table__.c).where(Star.tic_id == TIC_ID)).mappings().one())

    def store(**values):
        db.session.execute(update(Star).where(Star.tic_id == TIC_ID).values(before | values))
        listing.rebuild()
        db.session.commit()

    yield store
    store()


def of_type(model, kind, without=()):
    """The columns of a type that hold what an archive sends."""
    return [
        column.name
        for column in model.__table__.columns
        if isinstance(column.type, kind) and not column.primary_key and column.name not in without
    ]


def answers(client, *paths):
    """Request the addresses; none may answer 5xx, or take long."""
    for path in paths:
        began = time.thread_time()
        response = client.get(path)
        _ = response.data
        took_s = time.thread_time() - began
        assert response.status_code < 500, path
        assert took_s < LONGEST_S, (path, took_s)


def pages_of_the_star(tois=()):
    star = f"/stars/{TIC_ID}"
    return [
        star,
        f"{star}/transits?{PLACE}",
        f"{star}/transits.ics?{PLACE}",
        f"/api/v1{star}",
        f"/api/v1/stars?q=TIC+{TIC_ID}",
        f"/?q=TIC+{TIC_ID}&columns=all",
        f"/changes?tic_id={TIC_ID}",
        *(f"/api/v1/tois.{suffix}?q=TIC+{TIC_ID}" for suffix in ("json", "csv", "vot", "ecsv")),
        *(f"/api/v1/tois/{toi}" for toi in tois[:2]),
    ]


@pytest.mark.parametrize("value", NUMBERS)
def test_any_number_in_a_column_of_a_toi(client, a_toi_a_column, value):
    checked = () if value > 0 else ("period_d",)  # a CHECK of the table refuses it there
    tois = a_toi_a_column(value, of_type(Toi, Float, checked))
    answers(client, *pages_of_the_star(tois), "/plots/period-radius.png", "/tonight?date=2026-08-01&unknown_error=yes")


@pytest.mark.parametrize("value", NUMBERS)
def test_any_number_in_a_column_of_a_star(client, star_values, value):
    checked = () if 0 <= value <= 90 else ("ra_deg", "dec_deg")
    star_values(**dict.fromkeys(of_type(Star, Float, checked), value), contaminant_count=2**31 - 1)
    answers(client, *pages_of_the_star(), f"/stars/{TIC_ID}/altitude.png?{PLACE}", "/plots/sky.png")


@pytest.mark.parametrize("value", TEXTS)
def test_any_text_in_a_column_of_a_toi(client, a_toi_a_column, value):
    columns = of_type(Toi, String, ("tfopwg_disposition",))
    answers(client, *pages_of_the_star(a_toi_a_column(value, columns)))


@pytest.mark.parametrize("value", DATES)
def test_any_date_in_a_column_of_a_toi(client, a_toi_a_column, value):
    answers(client, *pages_of_the_star(a_toi_a_column(value, of_type(Toi, Date))))


@pytest.mark.parametrize("value", [0, -1, 2**31 - 1])
def test_any_number_of_a_sector(client, app, value):
    columns = of_type(DataProduct, Integer, ("tic_id",))
    query = select(DataProduct.data_url, DataProduct.sector, DataProduct.last_sector).where(
        DataProduct.tic_id == TIC_ID
    )
    before = db.session.execute(query).all()
    db.session.execute(update(DataProduct).where(DataProduct.tic_id == TIC_ID).values(dict.fromkeys(columns, value)))
    db.session.commit()
    answers(client, f"/stars/{TIC_ID}", f"/api/v1/stars/{TIC_ID}", *_pictures(app, ["101.01"]))
    for url, sector, last in before:
        changed = update(DataProduct).where(DataProduct.data_url == url)
        db.session.execute(changed.values(sector=sector, last_sector=last))
    db.session.commit()


def _pictures(app, tois):
    star = f"/stars/{TIC_ID}"
    files = db.session.execute(select(DataProduct.filename, DataProduct.kind).where(DataProduct.tic_id == TIC_ID)).all()
    curve = next(name for name, kind in files if kind == "lc")
    report = next(name for name, kind in files if kind == "dvt")
    return [
        f"{star}/sectors/{curve}.png",
        f"{star}/view.png?toi=101.01",
        f"/api/v1{star}/light-curve?sector=1&toi=101.01&within_h=9",
        f"{star}/validation/{report}",
        f"{star}/validation/{report}/1.png",
        *(f"{star}/tois/{toi}/{name}" for toi in tois for name in ("folded.png", "vetting.png", "thumbnail.svg")),
    ]


@pytest.mark.parametrize("value", [-1.0, 1e-9, 0.03, 1e300])
def test_pictures_of_an_odd_ephemeris(client, app, a_toi_a_column, value):
    checked = () if value > 0 else ("period_d",)
    columns = ("epoch_btjd", "duration_h", "depth_ppm", "period_d", "period_err_d", "epoch_err_d")
    tois = a_toi_a_column(value, [name for name in columns if name not in checked])
    answers(client, *_pictures(app, tois[:2] + tois[3:4])[1:])
