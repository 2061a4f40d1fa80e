"""A result belongs to the catalogue's values it was measured with, and is outdated when they change."""

import pytest
from sqlalchemy import select

from app_tess.astro.ephemeris_change import SIGNAL_COLUMNS
from app_tess.storage import vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.storage.score_models import VettingResult
from tests.storage.test_changes import SIGNAL
from tests.support.loaded import commit_as_a_new_version
from tests.support.tables import load_signals

REPORT = {"period_d": 5.5, "epoch_btjd": 2000.0, "duration_h": 3.0, "views": None, "measurements": []}


def record(toi="1.01", tic_id=1, **result):
    """Store a result as a vetting does, measured with the catalogue's present values."""
    values = {name: getattr(db.session.get(Toi, toi), name) for name in SIGNAL_COLUMNS}
    base = {"toi": toi, "tic_id": tic_id, "report": None, "message": "not measured"}
    vetting_results.record_results([base | {"provenance": {vetting_results.MEASURED_WITH: values}} | result])
    db.session.execute(VettingResult.__table__.update().values(finding="No red flags."))
    db.session.commit()


@pytest.fixture
def vetted(app):
    load_signals(SIGNAL)
    record()


def outdated():
    return db.session.scalar(select(VettingResult.outdated))


@pytest.mark.parametrize(
    ("values", "phrase"),
    [
        ({"period_d": 11.0}, "period from 5.500000 d to 11.000000 d"),
        ({"period_d": 5.50002}, "period from 5.500000 d to 5.500020 d"),
        ({"epoch_btjd": 2000.3}, "transits 7.2 h later"),
        ({"duration_h": 2.0}, "duration from 3.00 h to 2.00 h"),
        ({"depth_ppm": 9000.0}, "depth from 10,000 ppm to 9,000 ppm"),
    ],
)
def test_a_change_beyond_the_error_outdates_a_result_and_takes_it_from_table_and_queue(vetted, values, phrase):
    assert vetting_results.findings(["1.01"]) and vetting_results.vetted_stars() == {1}
    load_signals(SIGNAL | values)
    assert outdated().startswith("ExoFOP's values have changed since: ") and phrase in outdated()
    assert not vetting_results.findings(["1.01"]) and vetting_results.vetted_stars() == set()
    load_signals(SIGNAL)
    assert outdated() is None and vetting_results.findings(["1.01"])


@pytest.mark.parametrize(
    "values",
    [{}, {"epoch_btjd": 2000.0 + 30 * 5.5}, {"period_d": 5.500005}, {"duration_h": 3.05}, {"depth_ppm": 10_100.0}],
)
def test_a_change_within_the_error_leaves_a_result(vetted, values):
    load_signals(SIGNAL | values)
    assert outdated() is None and vetting_results.vetted_stars() == {1}


def test_a_toi_that_moves_to_another_star_or_goes_outdates_its_result(vetted):
    load_signals(SIGNAL | {"tic_id": 2})
    assert outdated() == "ExoFOP now lists this TOI as an object of TIC 2."
    assert not vetting_results.findings(["1.01"]) and vetting_results.vetted_stars() == set()
    load_signals(SIGNAL | {"toi": "1.02"})
    assert outdated() == "ExoFOP no longer lists this TOI."


def test_a_new_result_is_not_outdated_and_a_star_with_a_new_toi_is_vetted_again(vetted):
    load_signals(SIGNAL | {"period_d": 11.0})
    record()
    assert outdated() is None and vetting_results.vetted_stars() == {1}
    load_signals(SIGNAL | {"period_d": 11.0}, SIGNAL | {"toi": "1.02", "period_d": 7.0})
    assert vetting_results.vetted_stars() == set()


def test_a_result_of_an_earlier_version_is_compared_by_its_report(app):
    load_signals(SIGNAL)
    record(report=REPORT, message=None, provenance={})
    load_signals(SIGNAL | {"depth_ppm": 5.0})
    assert outdated() is None
    load_signals(SIGNAL | {"period_d": 11.0})
    assert "period from 5.500000 d to 11.000000 d" in outdated()


def test_the_stars_page_says_what_a_result_was_measured_with_and_that_it_is_outdated(vetted, client):
    from app_tess.storage.models import DataProduct

    name = "tess2018206045859-s0001-0000000000000001-0120-s_lc.fits"
    db.session.add(DataProduct(data_url=f"mast:{name}", tic_id=1, filename=name, kind="lc", sector=1, last_sector=1))
    db.session.commit()
    measured_with = (
        "Measured with ExoFOP&#39;s epoch BTJD 2000.0000 ± 0.0010, period 5.500000 ± 0.000010 d, "
        "duration 3.00 ± 0.10 h, depth 10,000 ± 200 ppm."
    )
    page = client.get("/stars/1").text
    assert page.count(measured_with) == 2 and "Outdated" not in page
    db.session.execute(VettingResult.__table__.update().values(outdated="ExoFOP's values have changed since: all."))
    commit_as_a_new_version()
    assert "<strong>Outdated.</strong> ExoFOP" in client.get("/stars/1").text
