"""What a star's page says of two catalogues that disagree, and of the next transit."""

import datetime as dt
from types import SimpleNamespace

import pytest

from app_tess.fields import STAR_FIELDS
from app_tess.storage.models import Star, Toi
from app_tess.storage.stars import StarDetail
from app_tess.web.pages.star_facts import next_transits, signal_facts, stellar_facts


def differing(star, toi):
    detail = StarDetail(Star(tic_id=1, has_tic_row=True, **star), [Toi(toi="1.01", tic_id=1, **toi)], [], {}, None)
    return {fact.label for fact in stellar_facts(detail) if fact.differs}


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "error", "differ"),
    [
        ("teff_k", 5824.0, 5600.0, None, True),
        ("teff_k", 5824.0, 5600.0, 300.0, False),
        ("teff_k", 5824.0, 5820.0, None, False),
        ("logg", 4.56, 4.49, None, True),
        ("logg", 4.486, 4.49, None, False),
        ("logg", 4.56, 4.49, 0.1, False),
    ],
)
def test_values_differ_beyond_the_error_or_what_rounding_explains(name, ours, theirs, error, differ):
    error_name = {"teff_k": "teff_err_k", "logg": "logg_err"}[name]
    assert bool(differing({name: ours}, {name: theirs, error_name: error})) == differ


@pytest.mark.parametrize(
    ("ours_err", "theirs_err", "differ"),
    [(None, 100.0, True), (300.0, None, False), (200.0, 110.0, False), (100.0, 110.0, True)],
)
def test_values_differ_beyond_the_errors_of_both_together(ours_err, theirs_err, differ):
    """224 K apart; 200 and 110 K make 228 K, 100 and 110 K make 149 K."""
    assert (
        bool(differing({"teff_k": 5824.0, "teff_err_k": ours_err}, {"teff_k": 5600.0, "teff_err_k": theirs_err}))
        == differ
    )


def test_each_catalogues_value_is_written_with_its_own_error():
    star, toi = (
        {"teff_k": 5824.0, "teff_err_k": 125.0, "density_solar": 1.48555, "density_err_solar": 0.31},
        {"teff_k": 5600.0, "teff_err_k": 150.0},
    )
    detail = StarDetail(Star(tic_id=1, has_tic_row=True, **star), [Toi(toi="1.01", tic_id=1, **toi)], [], {}, None)
    facts = {fact.label: (fact.tic, fact.exofop, fact.unit) for fact in stellar_facts(detail)}
    assert facts["Effective temperature"] == ("5,824 ± 125", "5,600 ± 150", "K")
    assert facts["Density"] == ("1.49 ± 0.31", "–", "ρ☉") and facts["Mass"] == ("–", "–", "M☉")


def test_a_metallicity_near_nought_and_a_position_across_the_first_meridian_are_no_difference():
    assert (
        differing(
            {"metallicity_dex": 0.001, "ra_deg": 359.9999, "dec_deg": 0.0001},
            {"metallicity_dex": 0.005, "ra_deg": 0.0001, "dec_deg": -0.0001},
        )
        == set()
    )
    assert differing({"ra_deg": 10.0}, {"ra_deg": 10.01}) == {"Right ascension"}


def test_a_star_without_a_row_in_the_tic_cannot_differ():
    detail = StarDetail(
        Star(tic_id=1, has_tic_row=False, ra_deg=10.0), [Toi(toi="1.01", tic_id=1, ra_deg=20.0)], [], {}, None
    )
    assert not any(fact.differs for fact in stellar_facts(detail))


def test_the_next_transit_is_less_than_a_period_away_and_a_single_one_has_none():
    toi = {"period_d": 3.0, "period_err_d": 1e-5, "epoch_btjd": 1326.0, "epoch_err_d": 1e-3}
    tois = [
        SimpleNamespace(toi="1.01", duration_h=2.0, **toi),
        SimpleNamespace(toi="1.02", duration_h=2.0, **toi | {"period_d": None}),
    ]
    found = next_transits(SimpleNamespace(tois=tois))
    away = dt.datetime.fromisoformat(found["1.01"].utc).replace(tzinfo=dt.UTC) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=-2) < away < dt.timedelta(days=3, minutes=2) and found["1.01"].error_min > 1.44
    assert found["1.02"] is None


def test_a_tois_values_are_written_with_errors_units_and_what_they_are_in_other_units():
    toi = Toi(
        toi="1.01",
        tic_id=1,
        epoch_btjd=1326.009117,
        epoch_err_d=0.00013,
        depth_ppm=18960.7,
        depth_mmag=20.7807,
        planet_radius_rearth=13.19,
        source="spoc",
    )
    facts = {fact.label: (fact.text, fact.note) for fact in signal_facts(toi)}
    assert facts["Epoch"] == ("1326.00912 ± 0.00013 BTJD", "BJD 2458326.00912")
    assert facts["Depth"] == ("18,961 ppm", "20.78 mmag")
    assert facts["Planet radius"] == ("13.19 R⊕", "")
    assert facts["Period"] == ("unknown (single transit)", "")
    assert facts["SNR"] == ("–", "") and facts["Source"] == ("spoc", "")


def test_every_field_of_a_star_has_a_line_on_its_page():
    star = Star(tic_id=1, has_tic_row=True, gal_lon_deg=340.69876, contaminant_count=15)
    facts = {fact.label: fact.tic for fact in stellar_facts(StarDetail(star, [], [], {}, None))}
    assert facts["Galactic longitude"] == "340.699" and facts["Contaminating stars"] == "15"
    assert len(facts) == len([field for field in STAR_FIELDS if field.on_page])
