"""Choosing tonight's targets: limits, and a form that keeps what was entered."""

import csv
import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.web.pages.observing_sheet import sexagesimal
from tests.support.loaded import loaded_app

DATE = "2026-08-01"


@pytest.fixture(scope="module")
def client(tmp_path_factory, shared_sample_archive, prepared):
    """A client of a catalogue in which every TOI is open."""
    with loaded_app(prepared, tmp_path_factory.mktemp("tonight"), shared_sample_archive) as app:
        with app.app_context():
            db.session.execute(update(Toi).values(tfopwg_disposition=None))
            db.session.commit()
        yield app.test_client()


def test_tonight_is_limited_by_brightness_depth_and_position(client):
    def rows(**limits):
        chosen = {"site": "Paranal", "date": DATE, "nights": 3, "min_probability": 0, "max_error": 1000, **limits}
        page = client.get(f"/tonight?{urlencode(chosen)}").text
        cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in page.split("<tr>")[2:]]
        return {
            re.sub("<.*?>", "", row[0]): (float(row[6]), float(row[7].replace(",", "")), float(row[17]))
            for row in cells
        }

    every = rows()
    tmag, depth, ra = (sorted(values)[len(values) // 2] for values in zip(*every.values(), strict=True))
    assert set(rows(max_tmag=tmag + 0.06)) == {name for name, row in every.items() if row[0] <= tmag + 0.06}
    assert set(rows(min_depth=depth + 1)) == {name for name, row in every.items() if row[1] > depth + 1}
    assert set(rows(min_ra=ra, max_ra=ra - 0.001)) == set(every), "from 200 over 0 to 199.999 is the whole sky"
    assert set(rows(max_ra=ra - 0.001)) == {name for name, row in every.items() if row[2] < ra - 0.001}


@pytest.fixture(scope="module")
def picks(client):
    """The values of the check boxes of a list."""
    page = client.get(f"/tonight?site=Paranal&date={DATE}&nights=3&min_probability=0&max_error=1000").text
    return re.findall(r'name="pick" form="picks" value="([^"]+)"', page)


def test_ticked_transits_make_a_sheet_a_calendar_and_a_table_with_the_same_times(client, picks):
    chosen = urlencode([("site", "Paranal"), *(("pick", pick) for pick in picks[:3])])
    page = client.get(f"/observing-sheet?{chosen}").text
    lines = list(csv.DictReader(client.get(f"/observing-sheet.csv?{chosen}").text.splitlines()))
    calendar = client.get(f"/observing-sheet.ics?{chosen}").text
    assert sorted(f"{line['name'][4:]}@{line['mid_transit_utc'][:16]}" for line in lines) == sorted(picks[:3])
    assert page.count('class="sheet-target"') == calendar.count("BEGIN:VEVENT") == len(lines) > 1
    for line in lines:
        assert f"{line['ra']} {line['dec']}" in page
        assert line["observe_from_utc"] < line["mid_transit_utc"][:11] + "99" and float(line["tmag"]) > 0
    for address in re.findall(r'<img src="([^"]+)"', page):
        picture = client.get(address.replace("&amp;", "&"))
        assert picture.status_code == 200 and picture.data.startswith(b"\x89PNG"), address


def test_a_pick_that_cannot_be_observed_is_a_sentence_and_an_unreadable_one_names_its_field(client, picks):
    page = client.get("/observing-sheet?site=Paranal&pick=999.99@2026-08-01T03:00").text
    assert "TOI-999.99: no transit near 2026-08-01 03:00 UTC is observable from Paranal." in page
    for pick in ("x", "101.01", "101.01@2026-13-01T00:00"):
        answer = client.get(f"/observing-sheet?pick={pick}", headers={"Accept": "application/json"})
        assert answer.status_code == 400 and answer.json["error"]["message"].startswith("pick: ")


def test_times_are_local_too_in_the_zone_of_the_site_or_the_one_that_was_chosen(client, picks):
    chosen = {"site": "La Silla", "pick": picks[0]}
    page, calendar = (client.get(f"/observing-sheet{suffix}?{urlencode(chosen)}").text for suffix in ("", ".ics"))
    assert "Local: civil time, America/Santiago." in page and "America/Santiago" in calendar.replace("\r\n ", "")
    berlin = urlencode(chosen | {"zone": "europe/berlin"})
    line = next(csv.DictReader(client.get(f"/observing-sheet.csv?{berlin}").text.splitlines()))
    utc, local = (dt.datetime.fromisoformat(line[f"mid_transit_{name}"]) for name in ("utc", "local"))
    assert utc == local and line["mid_transit_local"].endswith("+02:00")
    limits = f"date={DATE}&nights=3&min_probability=0&max_error=1000"
    place = client.get(f"/tonight?lat=-29.26&lon=-70.73&{limits}").text
    assert "Local: local mean time by longitude, UTC-04:43; not civil time." in place
    wrong = client.get(f"/tonight?zone=Mars&{limits}")
    assert wrong.status_code == 400 and "<li>zone: " in wrong.text and 'value="Mars" aria-invalid' in wrong.text


@pytest.mark.parametrize(
    ("ra_deg", "dec_deg", "text"),
    [(318.736915, -55.871794, ("21:14:56.86", "-55:52:18.5")), (359.99999, -0.00001, ("00:00:00.00", "-00:00:00.0"))],
)
def test_coordinates_are_rounded_without_a_sixtieth_second(ra_deg, dec_deg, text):
    assert sexagesimal(ra_deg, dec_deg) == text
