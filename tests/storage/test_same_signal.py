import pytest

from app_tess.storage.database import db
from app_tess.storage.models import Star
from app_tess.storage.same_signal import same_signals
from tests.support.catalogues import star, toi

OURS, BESIDE, FAR, ELSEWHEN, SINGLE = 11, 12, 13, 14, 15
RIM_DEG = 0.01 / 3600


@pytest.fixture
def pairs(app):
    """A star at the edge of right ascension with a TOI of 3 d, and others around it."""
    db.session.add_all(
        [
            star(OURS, ra_deg=359.9999, dec_deg=60.0),
            star(BESIDE, ra_deg=0.0049, dec_deg=60.0),
            star(FAR, ra_deg=359.9999, dec_deg=60.0 + 180 / 3600 + RIM_DEG),
            star(ELSEWHEN, ra_deg=359.9999, dec_deg=60.001),
            star(SINGLE, ra_deg=359.9999, dec_deg=60.002),
        ]
    )
    db.session.flush()
    db.session.add_all(
        [
            toi("1.01", OURS, period_d=3.0, period_err_d=1e-5, epoch_btjd=1500.0, duration_h=2.4, depth_ppm=900.0),
            toi("1.02", OURS, period_d=7.0, epoch_btjd=1501.0, duration_h=2.4),
            toi(
                "2.01",
                BESIDE,
                period_d=3.0001,
                period_err_d=1e-3,
                epoch_btjd=2400.01,
                duration_h=2.4,
                depth_ppm=9000.0,
                tfopwg_disposition="FP",
            ),
            toi("3.01", FAR, period_d=3.0, epoch_btjd=1500.0, duration_h=2.4),
            toi("4.01", ELSEWHEN, period_d=3.0, epoch_btjd=1501.5, duration_h=2.4),
            toi("5.01", SINGLE, period_d=None, epoch_btjd=1500.0, duration_h=2.4),
        ]
    )
    db.session.commit()
    return {tic_id: db.session.get(Star, tic_id) for tic_id in (OURS, BESIDE, FAR, SINGLE)}


def test_a_neighbours_toi_in_step_is_found_from_both_sides(pairs):
    found = same_signals(pairs[OURS], pairs[OURS].tois)
    assert list(found) == ["1.01"]
    [other] = found["1.01"]
    assert (other.toi, other.tic_id, other.depth_ppm, other.tfopwg_disposition) == ("2.01", BESIDE, 9000.0, "FP")
    assert other.separation_arcsec == pytest.approx(
        9.0, abs=0.01
    )  # 0.005 deg of right ascension at 60 deg of declination
    assert [other.toi for other in same_signals(pairs[BESIDE], pairs[BESIDE].tois)["2.01"]] == ["1.01"]


def test_a_single_transit_and_a_star_too_far_away_have_none(pairs):
    assert same_signals(pairs[SINGLE], pairs[SINGLE].tois) == {}
    assert "1.01" not in [
        other.toi for others in same_signals(pairs[FAR], pairs[FAR].tois).values() for other in others
    ]
    assert same_signals(star(99), pairs[OURS].tois) == {}
