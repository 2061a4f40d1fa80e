"""A transit keeps its number when a catalogue refers the ephemeris to another epoch, and through small shifts."""

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.storage.transit_numbers import number_epochs, number_of_epoch
from tests.support.tables import load_signals

NOW = 4370.0


def numbers(history):
    """Return, catalogue by catalogue, the numbers of 20 transits from NOW on, which the first one predicts."""
    before, found = {}, []
    first = Ephemeris(*history[0])
    middles = first.transit_times(NOW, NOW + 21 * first.period_d)[:20]
    for period_d, epoch_btjd in history:
        row = {"toi": "1.01", "period_d": period_d, "epoch_btjd": epoch_btjd}
        [row] = number_epochs([row], before, NOW)
        ephemeris = Ephemeris(period_d, epoch_btjd)
        before = {"1.01": (row["epoch_number"], ephemeris)}
        found.append((row["epoch_number"] + ephemeris.transit_number(middles)).tolist())
    return found


@pytest.mark.parametrize("period_d", [0.2, 1.0, 3.3015, 27.4])
def test_whatever_the_rounding_small_shifts_and_other_epochs_keep_the_numbers(period_d):
    for share in np.linspace(-0.6, 0.6, 25):  # of a period: some lie on the boundary of the rounding
        epoch = 3000.0 + share * period_d
        history = [(period_d, epoch), (period_d, epoch - 1e-3), (period_d, epoch + 57 * period_d + 2e-3)]
        first, *later = numbers(history)
        assert all(found == first for found in later)
        assert len(set(first)) == 20


def test_a_refined_period_keeps_the_numbers_of_todays_transits():
    refined = 0.2 * (1 + 1e-4)  # a twentieth of a period, over 500 days of its transits
    first, second = numbers([(0.2, 3000.0), (refined, 4369.0 + 0.02)])
    assert first == second


def test_without_a_history_the_numbers_of_two_catalogues_agree_all_the_same():
    (one,), (other,) = numbers([(3.3, 1326.01)]), numbers([(3.3, 1326.01 + 400 * 3.3)])
    assert one == other


def test_another_period_has_other_transits():
    row = {"toi": "1.01", "period_d": 0.4, "epoch_btjd": 3000.0}
    [row] = number_epochs([row], {"1.01": (77, Ephemeris(0.2, 3000.0))}, NOW)
    assert row["epoch_number"] == 0


def test_a_single_transit_and_an_impossible_period_have_no_number():
    rows = [{"toi": "1.01", "period_d": period, "epoch_btjd": 3000.0} for period in (None, 1e-9, 1e300)]
    assert [row["epoch_number"] for row in number_epochs(rows, {}, NOW)] == [None, None, None]


def test_a_catalogue_update_carries_the_numbers_over(app):
    signal = {"toi": "1.01", "tic_id": 1, "period_d": 4.0, "epoch_btjd": 3001.999}
    load_signals(signal)
    assert db.session.get(Toi, "1.01").epoch_number == 0
    load_signals(signal | {"epoch_btjd": 3002.001})
    assert db.session.get(Toi, "1.01").epoch_number == 0  # by rounding alone it would be 1
    load_signals(signal | {"epoch_btjd": 3002.001 + 40})
    toi = db.session.get(Toi, "1.01")
    assert toi.epoch_number == number_of_epoch(toi) == 10
