"""What an update changed of the signals themselves: their transit times, sizes and stars."""

import pytest
from sqlalchemy import select

from app_tess.storage import changes
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange, Toi
from tests.support.tables import load_signals

SIGNAL = {
    "toi": "1.01",
    "tic_id": 1,
    "period_d": 5.5,
    "period_err_d": 1e-5,
    "epoch_btjd": 2000.0,
    "epoch_err_d": 0.001,
    "duration_h": 3.0,
    "duration_err_h": 0.1,
    "depth_ppm": 10_000.0,
    "depth_err_ppm": 200.0,
    "planet_radius_rearth": 10.0,
    "planet_radius_err_rearth": 0.5,
}


def update(**values):
    """Load a signal, then load it with other values; return the recorded changes by kind."""
    load_signals(SIGNAL)
    load_signals(SIGNAL | values)
    return {change.kind: change for change in db.session.scalars(select(CatalogueChange))}


def test_a_moved_transit_is_recorded_at_today_in_units_of_its_error_and_of_the_duration(app):
    found = update(epoch_btjd=2000.0 + 7 * 5.5 + 0.4)
    assert set(found) == {"epoch"}
    assert found["epoch"].note.startswith("9.6 h later (") and found["epoch"].note.endswith("sigma, 3.2 durations)")
    assert float(found["epoch"].after) - float(found["epoch"].before) == pytest.approx(0.4, abs=1e-4)
    assert float(found["epoch"].before) > 3000


@pytest.mark.parametrize("values", [{"epoch_btjd": 2000.0 + 40 * 5.5}, {"epoch_btjd": 2000.001}, {"depth_ppm": 10_050}])
def test_a_re_referenced_epoch_and_changes_within_the_errors_are_not_recorded(app, values):
    assert update(**values) == {}


@pytest.mark.parametrize(
    ("name", "value", "kind", "texts"),
    [
        ("period_d", 11.0, "period", ("5.500000", "11.000000", "550,000 sigma")),
        ("duration_h", 2.5, "duration", ("3.00", "2.50", "5.0 sigma")),
        ("depth_ppm", 9_000.0, "depth", ("10000", "9000", "5.0 sigma")),
        ("planet_radius_rearth", 11.0, "radius", ("10.00", "11.00", "2.0 sigma")),
        ("depth_ppm", None, "depth", ("10000", None, None)),
    ],
)
def test_each_value_beyond_its_error_is_recorded(app, name, value, kind, texts):
    found = update(**{name: value})
    assert [(change.kind, change.before, change.after, change.note) for change in found.values()] == [(kind, *texts)]


def test_a_toi_moved_to_another_star_is_in_the_history_of_both(app, client):
    found = update(tic_id=2)
    assert [(change.kind, change.before, change.after) for change in found.values()] == [("star", "1", "2")]
    for tic_id in (1, 2):
        assert [change.kind for change in changes.find_changes(tic_ids=[tic_id]).changes] == ["star"]
        assert "moved from TIC 1 to TIC 2" in client.get(f"/changes.atom?tic_id={tic_id}").text
    assert "New star" in client.get("/stars/2").text
    page = client.get("/changes").text
    assert "<td>TIC 1</td><td>TIC 2</td>" in page and "1 new star" in page


def test_a_removed_toi_is_recorded(app):
    load_signals(SIGNAL, SIGNAL | {"toi": "1.02"})
    load_signals(SIGNAL)
    assert [(row.kind, row.toi) for row in db.session.scalars(select(CatalogueChange))] == [("retired", "1.02")]
    assert db.session.get(Toi, "1.02") is None


def test_pages_and_feed_word_a_moved_transit(app, client):
    note = update(epoch_btjd=2000.4)["epoch"].note
    page, feed = client.get("/changes").text, client.get("/changes.atom").text
    assert "1 moved transit." in page and "Moved transits</a>" in page and note in page and "New planet radii" in page
    assert f"<title>TOI-1.01: transits {note}</title>" in feed
    assert f"transits happen {note}: the one nearest to this update moved from BTJD" in feed
