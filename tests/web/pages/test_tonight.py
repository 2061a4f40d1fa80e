"""Choosing tonight's targets: limits, and a form that keeps what was entered."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from app_tess.storage.database import db
from app_tess.storage.models import Toi
from tests.support.loaded import loaded_app

DATE = "2026-08-01"
TIC_ID = 231663901


@pytest.fixture(scope="module")
def client(tmp_path_factory, shared_sample_archive, prepared):
    """A client of a catalogue in which every TOI is open."""
    with loaded_app(prepared, tmp_path_factory.mktemp("tonight"), shared_sample_archive) as app:
        with app.app_context():
            db.session.execute(update(Toi).values(tfopwg_disposition=None))
            db.session.commit()
        yield app.test_client()


@pytest.mark.parametrize("path", ["/tonight", "/stars/{}/transits"])
def test_an_invalid_value_is_named_in_the_form_which_keeps_the_others(client, path):
    page = client.get(f"{path.format(TIC_ID)}?site=La+Silla&aperture=1.2&max_airmass=zero&min_moon=33")
    assert page.status_code == 400 and "<b>max_airmass:</b>" in page.text
    assert 'name="aperture" value="1.2"' in page.text and 'name="min_moon" value="33"' in page.text
    assert re.search(r'name="max_airmass" value="zero" aria-invalid="true"', page.text)
    assert "<option selected>La Silla</option>" in page.text


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
