"""The transits page of a star says, with a plot, when a transit will be lost."""

import pytest
from sqlalchemy import select

from app_tess.storage.database import db
from app_tess.storage.models import Toi
from tests.support.loaded import loaded_app


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("timing"), shared_sample_archive) as app:
        yield app


def find_toi(app, *conditions):
    """The first TOI that fulfills the conditions: (toi, tic_id)."""
    with app.app_context():
        return db.session.execute(select(Toi.toi, Toi.tic_id).where(*conditions)).first()


def test_the_page_and_a_plot_say_when_the_transit_will_be_lost(app, client):
    known = find_toi(app, Toi.period_err_d > 0, Toi.epoch_err_d > 0, Toi.duration_h > 0)
    page = client.get(f"/stars/{known.tic_id}/transits?nights=1").text
    assert f"TOI-{known.toi}: the 1-sigma timing error is ± " in page and "timing-error.png" in page
    picture = client.get(f"/stars/{known.tic_id}/timing-error.png?theme=dark")
    assert picture.status_code == 200 and picture.mimetype == "image/png"


def test_without_timing_errors_there_is_no_plot(app, client):
    unknown = find_toi(app, Toi.period_err_d.is_(None))
    answer = client.get(f"/stars/{unknown.tic_id}/timing-error.png", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and "timing errors" in answer.json["error"]["message"]
    assert "timing-error.png" not in client.get(f"/stars/{unknown.tic_id}/transits?nights=1").text
