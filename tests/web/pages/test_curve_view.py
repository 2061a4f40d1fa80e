"""The view of a light curve over HTTP: points in a range of time, the state in the address, pictures."""

import json
import re

import jsonschema
import pytest
from sqlalchemy import select

from app_tess.errors import BeingFetched
from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Toi
from app_tess.tasks import star_files
from tests.support.loaded import loaded_app

STAR, TOI = 231663901, "101.01"
POINTS = f"/api/v1/stars/{STAR}/light-curve"
PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("view"), shared_sample_archive) as app, app.app_context():
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def sector(app):
    """The first sector of the star."""
    return db.session.scalars(
        select(DataProduct.sector)
        .where(DataProduct.tic_id == STAR, DataProduct.kind == "lc")
        .order_by(DataProduct.sector)
    ).first()


@pytest.fixture(scope="module")
def single_transit(app):
    """A TOI without a period whose star has a light curve."""
    with_curve = select(DataProduct.tic_id).where(DataProduct.kind == "lc")
    return db.session.scalars(select(Toi).where(Toi.period_d.is_(None), Toi.tic_id.in_(with_curve))).first()


def test_a_whole_sector_comes_as_medians_and_a_day_at_full_cadence(client, sector):
    whole = client.get(POINTS, query_string={"sector": sector, "max_points": 4500}).json
    assert whole["bin_min"] == 10 and 3000 < len(whole["time_btjd"]) <= 4500 < whole["cadences"]
    start = whole["start_btjd"] + 2
    query = {"sector": sector, "btjd_min": start, "btjd_max": start + 1}
    day = client.get(POINTS, query_string=query).json
    assert day["bin_min"] is None and day["cadence_s"] == 120 and day["cadences"] == len(day["flux"]) > 600
    assert start <= day["time_btjd"][0] < day["time_btjd"][-1] <= start + 1 and day["simulated"] is True
    assert len(day["time_btjd"]) == len(day["detrended_flux"])


def test_points_near_the_transits_of_a_toi_or_of_a_typed_ephemeris(client, sector):
    near = client.get(POINTS, query_string={"sector": sector, "toi": TOI, "within_h": 2}).json
    toi = db.session.get(Toi, TOI)
    times = near["time_btjd"]
    assert times and all(
        abs((time - toi.epoch_btjd + toi.period_d / 2) % toi.period_d - toi.period_d / 2) * 24 <= 2.001
        for time in times
    )
    typed = {"sector": sector, "period_d": 3.5, "epoch_btjd": toi.epoch_btjd, "duration_h": 2, "within_h": 2}
    assert 0 < client.get(POINTS, query_string=typed).json["cadences"] < near["cadences"]


def test_points_keep_their_schema_and_are_revalidated(client, sector):
    document = json.loads(client.get("/api/v1/openapi.json").text)
    operation = document["paths"]["/api/v1/stars/{tic_id}/light-curve"]["get"]
    first = client.get(POINTS, query_string={"sector": sector, "max_points": 100})
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(schema | {"components": document["components"]}).validate(first.json)
    assert "max-age=3600" in first.headers["Cache-Control"] and b"NaN" not in first.data
    again = client.get(
        POINTS,
        query_string={"sector": sector, "max_points": 100},
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304 and not again.data


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "sector"),
        ({"sector": "x"}, "sector"),
        ({"sector": 1, "max_points": 1_000_000}, "max_points"),
        ({"sector": 1, "btjd_min": "soon"}, "btjd_min"),
        ({"sector": 1, "btjd_min": 1330, "btjd_max": 1329}, "btjd_max"),
        ({"sector": 1, "period_d": 0.001, "epoch_btjd": 1325}, "period_d"),
        ({"sector": 1, "period_d": 3}, "epoch_btjd"),
        ({"sector": 1, "toi": TOI, "duration_h": 90}, "duration_h"),
        ({"sector": 1, "within_h": 2}, "within_h"),
        ({"sector": 1, "flux": "pink"}, "flux"),
        ({"sector": 1, "kind": "pink"}, "kind"),
        ({"sector": 1, "bins": 3}, "bins"),
    ],
)
def test_a_wrong_parameter_is_400_and_named(client, query, field):
    answer = client.get(POINTS, query_string=query)
    assert answer.status_code == 400 and answer.json["error"]["message"].startswith(f"{field}: ")


def test_a_sector_or_toi_that_the_star_has_not_is_404(client, sector):
    assert "sector 999" in client.get(POINTS, query_string={"sector": 999}).json["error"]["message"]
    for address in (f"{POINTS}?sector={sector}&toi=1.01", f"/api/v1/stars/1/light-curve?sector={sector}"):
        assert client.get(address).status_code == 404


def test_points_whose_file_is_being_fetched_are_202_with_a_time_to_ask_again(client, sector, monkeypatch):
    def pending(*_):
        raise BeingFetched("1 light-curve file is being fetched.", [])

    monkeypatch.setattr(star_files, "get_file", pending)
    answer = client.get(POINTS, query_string={"sector": sector, "mask": "hard"})
    assert answer.status_code == 202 and answer.headers["Retry-After"] == "3" and "fetched" in answer.json["message"]


def test_a_page_keeps_the_typed_state_and_draws_it_without_scripts(client, sector):
    query = {"toi": TOI, "curve": sector, "period_d": "2.86074", "btjd_min": "", "mode": "orbit"}
    page = client.get(f"/stars/{STAR}", query_string=query)
    assert page.status_code == 200
    assert re.search(r'name="period_d"[^>]* value="2.86074"', page.text)
    assert f'<option value="{sector}" selected' in page.text and '<option value="orbit" selected' in page.text
    address = re.search(r'<img src="(/stars/\d+/view\.png[^"]*)"', page.text)[1].replace("&amp;", "&")
    picture = client.get(address)
    assert picture.data.startswith(PNG) and "Folded on 2.86074 d" in picture.headers["X-Alt-Text"]
    assert "SIMULATED" in picture.headers["X-Alt-Text"]
    assert client.get(f"{address}&layout=narrow&theme=dark").data.startswith(PNG)
    assert "All stars" in page.text, "a view is no list from which the star was reached"


def test_a_page_without_a_state_shows_the_folded_picture(client):
    page = client.get(f"/stars/{STAR}").text
    assert f'src="/stars/{STAR}/tois/{TOI}/folded.png"' in page and f"/stars/{STAR}/view.png" not in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("period_d", "abc"),
        ("duration_h", "-2"),
        ("btjd_max", "1e9"),
        ("curve", "first"),
        ("curve", "999"),
        ("mode", "sideways"),
        ("toi", "1.01"),
        ("duration_h", "90"),
    ],
)
def test_a_wrong_field_is_named_and_the_others_are_kept(client, name, value):
    given = {"toi": TOI, "epoch_btjd": "1326.123"} | {name: value}
    page = client.get(f"/stars/{STAR}", query_string=given)
    assert page.status_code == 400
    assert f"<strong>{name}: " in page.text and 'value="1326.123"' in page.text


def test_a_range_of_time_chooses_the_light_curves_that_cover_it(client, sector):
    whole = client.get(POINTS, query_string={"sector": sector, "max_points": 10}).json
    query = {"toi": TOI, "btjd_min": whole["start_btjd"] + 1, "btjd_max": whole["start_btjd"] + 2}
    page = client.get(f"/stars/{STAR}", query_string=query).text
    assert f'data-curves="{sector}"' in page


def test_a_single_transit_is_viewed_in_time_and_folded_at_a_typed_period_only(client, single_transit):
    address = f"/stars/{single_transit.tic_id}"
    page = client.get(address).text
    assert "Not folded: " in page and f"{address}/view.png?toi={single_transit.toi}" in page
    picture = client.get(f"{address}/view.png?toi={single_transit.toi}").headers["X-Alt-Text"]
    assert "Folded" not in picture and "BTJD" in picture
    about = client.get(f"{address}/view/provenance.json?toi={single_transit.toi}").json
    assert about["files"] and any("cadences" in sentence for sentence in about["sentences"])
    typed = client.get(f"{address}/view.png?toi={single_transit.toi}&period_d=12.5")
    assert "12.5 d" in typed.headers["X-Alt-Text"]


def test_a_part_of_time_without_a_cadence_is_404_with_a_sentence(client, sector):
    answer = client.get(f"/stars/{STAR}/view.png?toi={TOI}&curve={sector}&btjd_min=100&btjd_max=101")
    assert answer.status_code == 404 and "no cadence between these times" in answer.text


def test_the_scripts_of_views_are_on_pages_with_light_curves_only(client):
    assert "curve-view/start.js" in client.get(f"/stars/{STAR}").text
    bare = db.session.scalars(select(Toi.tic_id).where(Toi.tic_id.not_in(select(DataProduct.tic_id)))).first()
    page = client.get(f"/stars/{bare}").text
    assert "curve-view" not in page and "uplot" not in page.lower()
