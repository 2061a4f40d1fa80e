from app_tess.archives.products.data_validation import read_validation
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.validation import match_event
from tests.support.light_curves import make_dvt_fits


def events():
    return read_validation(make_dvt_fits(((7.2, 1327.0, 3.0, 500.0), (3.0, 1326.0, 3.0, 10000.0))), "x_dvt.fits")


def test_an_event_is_matched_by_period_and_epoch_not_by_number():
    assert match_event(events(), Ephemeris(3.00001, 1332.02, 3.0)).name == "TCE_2"


def test_an_event_of_another_epoch_or_period_does_not_match():
    assert match_event(events(), Ephemeris(3.0, 1327.5, 3.0)) is None
    assert match_event(events(), Ephemeris(6.0, 1326.0, 3.0)) is None


def test_a_single_transit_matches_by_epoch_alone():
    assert match_event(events(), Ephemeris(None, 1334.2, 3.0)).name == "TCE_1"
