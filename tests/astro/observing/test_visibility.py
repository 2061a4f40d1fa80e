"""Observable transits: UTC, timing errors, altitudes, twilight and the Moon."""

import datetime as dt
import time

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import AltAz, SkyCoord, get_body, get_sun
from astropy.time import Time

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing import night_sky, visibility
from app_tess.astro.observing.night_sky import find_twilight, is_ever_dark, observer_at, observer_utc
from app_tess.astro.observing.sites import Site, find_site
from app_tess.astro.observing.visibility import Target, find_visible_transits

PARANAL = find_site("Paranal")
WASP46 = Target("TOI-101.01", 318.737, -55.8719, Ephemeris(1.430370, 1326.00, 1.6, 1e-6, 3e-4))
START = dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)


def test_barycentric_time_and_utc_differ_by_light_travel_and_tdb():
    location, star = observer_at(PARANAL).location, SkyCoord(318.737 * u.deg, -55.8719 * u.deg)
    utc = observer_utc(np.array([2461254.5]), star, location)
    back = utc.tdb + Time(utc, location=location).light_travel_time(star, "barycentric")
    assert abs((back.jd1 - 2461254.5) + back.jd2)[0] * 86400 < 0.1
    assert 60 < abs((Time(2461254.5, format="jd", scale="utc") - utc).sec[0]) < 600


def test_a_star_in_the_ecliptic_is_early_or_late_by_eight_minutes_in_the_year():
    location, star = observer_at(PARANAL).location, SkyCoord(0 * u.deg, 0 * u.deg)
    bjd = 2461000.5 + np.arange(0, 365, 5.0)
    shift = (Time(bjd, format="jd", scale="tdb").utc - observer_utc(bjd, star, location)).to_value(u.s)
    assert 980 < shift.max() - shift.min() < 1020


@pytest.mark.parametrize("site", [PARANAL, Site("north", 50.0, 20.0, 0.0), Site("equator", 0.0, -150.0, 0.0)])
def test_no_transit_that_can_be_seen_is_left_out_by_the_first_guess(site, monkeypatch):
    source = np.random.default_rng(3)
    targets = [
        Target(f"TOI-{number}", *place, Ephemeris(period, 1326.0, 3.0, 1e-6, 3e-4))
        for number, (*place, period) in enumerate(
            zip(source.uniform(0, 360, 150), source.uniform(-90, 90, 150), source.uniform(1, 6, 150), strict=True)
        )
    ]
    guessed = find_visible_transits(site, targets, START, 1, 30.0)
    monkeypatch.setattr(visibility, "may_be_seen", lambda site, ra, *rest: np.ones(len(ra), dtype=bool))
    assert guessed == find_visible_transits(site, targets, START, 1, 30.0) and len(guessed) > 2


def test_visible_transits_are_high_and_in_the_dark_at_some_moment():
    transits = find_visible_transits(PARANAL, [WASP46], START, 14)
    assert len(transits) >= 3
    assert transits == sorted(transits, key=lambda transit: transit.middle)
    for transit in transits:
        assert transit.start < transit.middle < transit.end
        assert (transit.end - transit.start).total_seconds() == pytest.approx(1.6 * 3600, abs=1)
        assert max(transit.altitude_deg) > 20 and min(transit.sun_altitude_deg) < -10
        assert 0 <= transit.moon_illumination <= 1 and 0 <= transit.moon_separation_deg <= 180


def test_every_value_agrees_with_astropy_and_no_observable_transit_is_left_out():
    """Independent computation of every transit with astropy's coordinates, without astroplan and its approximations."""
    location = observer_at(PARANAL).location
    stop = night_sky.noon_after(START + night_sky.DAWN, PARANAL) + dt.timedelta(days=13)
    middles = WASP46.ephemeris.transit_times(*(Time([START, stop]).tdb.jd - 2457000))
    star = SkyCoord(WASP46.ra_deg * u.deg, WASP46.dec_deg * u.deg)
    times = observer_utc(middles + 2457000, star, location)
    frame = AltAz(obstime=times, location=location)
    altitude, sun, moon = (
        body.transform_to(frame) for body in (star, get_sun(times), get_body("moon", times, location))
    )
    by_number = dict(zip(WASP46.ephemeris.transit_number(middles).tolist(), range(len(middles)), strict=True))
    found = {transit.number: transit for transit in find_visible_transits(PARANAL, [WASP46], START, 14)}
    passing = {number for number, row in by_number.items() if altitude.alt.deg[row] >= 25 and sun.alt.deg[row] <= -12}
    assert passing <= found.keys() <= by_number.keys() and passing
    for number, transit in found.items():
        row = by_number[number]
        assert abs((Time(transit.middle) - times[row]).sec) < 0.01
        assert transit.altitude_deg[1] == pytest.approx(altitude.alt.deg[row], abs=1e-5)
        assert transit.sun_altitude_deg[1] == pytest.approx(
            sun.alt.deg[row], abs=0.03
        )  # the short formula of first_guess
        assert transit.moon_altitude_deg == pytest.approx(moon.alt.deg[row], abs=1e-4)
        assert transit.moon_separation_deg == pytest.approx(altitude[row].separation(moon[row]).deg, abs=1e-4)


def test_a_transit_at_the_edge_of_the_night_is_partially_observable():
    long = Target("long", WASP46.ra_deg, WASP46.dec_deg, Ephemeris(1.430370, 1326.00, 9.0, 1e-6, 3e-4))
    transits = find_visible_transits(PARANAL, [long], START, 14)
    parts = [transit for transit in transits if not transit.is_whole]
    assert parts
    for transit in parts:
        assert transit.start <= transit.watch_from <= transit.watch_until <= transit.end
        assert (transit.watch_from, transit.watch_until) != (transit.start, transit.end)
        edges = Time([transit.watch_from, transit.watch_until])
        assert (observer_at(PARANAL).sun_altaz(edges).alt.deg <= -11.97).all()
    for transit in transits:
        if transit.is_whole:
            assert (transit.watch_from, transit.watch_until) == (transit.start, transit.end)


def test_a_transit_with_too_large_a_timing_error_is_skipped():
    vague = Target("vague", WASP46.ra_deg, WASP46.dec_deg, Ephemeris(1.430370, 1326.00, 1.6, 1e-4, 3e-4))
    found = find_visible_transits(PARANAL, [vague, WASP46], START, 14, largest_error_min=60)
    assert {transit.target.name for transit in found} == {WASP46.name}
    assert max(transit.error_min for transit in find_visible_transits(PARANAL, [vague], START, 14)) > 60


def test_a_transit_with_an_unknown_timing_error_is_no_precise_one():
    unknown = Target("TOI-1.01", 318.737, -55.8719, Ephemeris(1.430370, 1326.00, 1.6, 0.0, 3e-4))
    found = find_visible_transits(PARANAL, [unknown], START, 14, largest_error_min=1e9)
    assert found and {transit.error_min for transit in found} == {None}
    assert not find_visible_transits(PARANAL, [unknown], START, 14, largest_error_min=1e9, unknown_errors=False)


def test_a_limit_keeps_the_first_targets_or_the_first_in_time(monkeypatch):
    monkeypatch.setattr(visibility, "AT_A_TIME", 4)
    later = Target("TOI-1.01", 318.737, -55.8719, Ephemeris(1.430370, 1326.50, 1.6))
    every = find_visible_transits(PARANAL, [later, WASP46], START, 20)
    assert {transit.target.name for transit in every} == {"TOI-1.01", "TOI-101.01"}
    assert find_visible_transits(PARANAL, [later, WASP46], START, 20, limit=3, earliest_first=True) == every[:3]
    by_target = find_visible_transits(PARANAL, [later, WASP46], START, 20, limit=3)
    assert by_target == [transit for transit in every if transit.target is later][:3]


def test_twilight_is_when_astropys_sun_crosses_its_altitudes():
    night = find_twilight(PARANAL, START + dt.timedelta(hours=14))
    edges = [night.dusk, night.dark_from, night.dark_until, night.dawn]
    assert edges == sorted(edges)
    sun = observer_at(PARANAL).sun_altaz(Time(edges)).alt.deg
    assert sun == pytest.approx([-12, -18, -18, -12], abs=0.1)


def test_near_the_pole_there_is_no_night_in_summer_and_no_day_in_winter():
    north = Site("Longyearbyen", 78.2, 15.6)
    june, december = dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC), dt.datetime(2026, 12, 20, 12, tzinfo=dt.UTC)
    assert not is_ever_dark(north, june, 14) and is_ever_dark(north, december, 1) and is_ever_dark(PARANAL, june, 1)
    assert find_visible_transits(north, [Target("north", 37.95, 89.26, Ephemeris(1.0, 1000.2, 2.0))], june, 14) == []
    assert find_twilight(north, june).dusk is None
    assert (
        len(find_visible_transits(north, [Target("north", 37.95, 89.26, Ephemeris(1.0, 1000.2, 2.0))], december, 14))
        == 14
    )


def test_a_northern_star_is_never_seen_from_the_far_south():
    polaris = Target("north", 37.95, 89.26, Ephemeris(1.0, 1000.2, 2.0))
    assert find_visible_transits(PARANAL, [polaris], START, 30) == []


def test_a_single_transit_has_no_next_one():
    assert (
        find_visible_transits(PARANAL, [Target("single", 318.7, -55.9, Ephemeris(None, 1000.0, 3.0))], START, 30) == []
    )


def test_an_unknown_duration_leaves_start_and_end_open():
    transits = find_visible_transits(PARANAL, [Target("x", 318.7, -55.9, Ephemeris(1.43, 1326.0))], START, 14)
    assert transits and all(transit.start is transit.end is None and transit.error_min is None for transit in transits)


def test_the_moon_was_full_on_2025_03_14_and_new_on_2025_03_29():
    lit = observer_at(PARANAL).moon_illumination(Time(["2025-03-14T06:55", "2025-03-29T10:58"]))
    assert lit[0] > 0.99 and lit[1] < 0.01


def test_a_night_is_named_by_its_evening():
    transit = find_visible_transits(PARANAL, [WASP46], START, 14)[0]
    assert transit.night in (transit.middle.date(), transit.middle.date() - dt.timedelta(days=1))


def test_a_thousand_targets_take_about_a_second():
    generator = np.random.default_rng(1)
    targets = [
        Target(str(i), ra, dec, Ephemeris(period, 1500.0, 2.0, 1e-5, 1e-3))
        for i, (ra, dec, period) in enumerate(
            zip(
                generator.uniform(0, 360, 1000),
                generator.uniform(-70, 30, 1000),
                generator.uniform(1, 10, 1000),
                strict=True,
            )
        )
    ]
    find_visible_transits(PARANAL, targets, START, 1, limit=100)
    began = time.process_time()
    assert find_visible_transits(PARANAL, targets, START, 1, limit=100)
    assert time.process_time() - began < 3
