"""What may be listed: windows, baselines, the Moon and the altitude."""

import datetime as dt

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.observing.conditions import BASELINE_STEPS, CLOSE_LOOK, Demands, baseline_h, longest_run
from app_tess.astro.observing.sites import find_site
from app_tess.astro.observing.visibility import Target, find_visible_transits

START = dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)
TARGETS = [
    Target(f"TOI-{number}", *place, Ephemeris(period, 1326.0, hours, 1e-6, 3e-4))
    for number, (*place, period, hours) in enumerate(
        zip(*np.random.default_rng(5).uniform([0, -70, 0.8, 1], [360, 30, 5, 9], (120, 4)).T, strict=True)
    )
]


@pytest.fixture(scope="module")
def found():
    return find_visible_transits(find_site("La Silla"), TARGETS, START, 3)


def _names(transits):
    return [(transit.target.name, transit.number) for transit in transits]


def _with(**demands):
    return _names(find_visible_transits(find_site("La Silla"), TARGETS, START, 3, demands=Demands(**demands)))


def test_no_listed_transit_is_observable_for_less_than_15_minutes(found):
    assert len(found) > 30 and not all(transit.is_whole for transit in found)
    assert all(transit.watch_min >= 15 for transit in found)


def test_a_minimum_baseline_keeps_the_transits_that_have_it_on_both_sides(found):
    kept = [transit for transit in found if min(transit.baseline_h) >= 1]
    assert 0 < len(kept) < len(found) and _with(least_baseline_h=1.0) == _names(kept)
    assert all(transit.is_whole for transit in kept if transit.target.ephemeris.duration_h < 8)


def test_a_distance_from_the_moon_counts_while_the_moon_is_up(found):
    kept = [each for each in found if each.moon_altitude_deg < 0 or each.moon_separation_deg >= 60]
    assert 0 < len(kept) < len(found) and _with(least_moon_deg=60.0) == _names(kept)


def test_a_maximum_altitude_leaves_out_the_zenith(found):
    kept = _with(highest_altitude_deg=60.0)
    assert 0 < len(kept) < len(found)
    assert all(max(each.altitude_deg) <= 60.0 for each in found if (each.target.name, each.number) in kept)


def test_baselines_are_counted_outward_from_the_contacts():
    seen = np.ones((4, CLOSE_LOOK + 2 * BASELINE_STEPS), dtype=bool)
    seen[1, BASELINE_STEPS - 3] = seen[1, -BASELINE_STEPS] = False  # two steps before, none after
    seen[2, BASELINE_STEPS] = False  # the start itself cannot be observed
    seen[3] = False
    assert baseline_h(seen).tolist() == [[3, 3], [0.5, 0], [0, 3], [0, 0]]


def test_the_longest_part_is_taken_where_the_day_interrupts_a_transit():
    assert longest_run(np.array([1, 0, 1, 1, 1, 0, 1], dtype=bool)) == slice(2, 5)
    assert longest_run(np.zeros(3, dtype=bool)) == slice(0, 0)
