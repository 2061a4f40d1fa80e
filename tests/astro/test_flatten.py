import numpy as np
import pytest

from app_tess.astro.flatten import biweight_trend, window_length_d
from app_tess.astro.stitching import split_at_gaps
from tests.support.light_curves import PLANET, make_light_curve


def test_the_window_is_three_durations_and_never_under_fourteen_hours():
    assert window_length_d([0.1, 0.3]) == pytest.approx(0.9)
    assert window_length_d([0.1]) == window_length_d([]) == 0.6


def sliding_biweight(time, flux, at, window_d, rounds=15):
    """The definition, one window at a time: Tukey's biweight location with c = 5 median absolute deviations."""
    inside = flux[np.abs(time - at) <= window_d / 2]
    location = np.median(inside)
    reach = 5 * np.median(np.abs(inside - location))
    for _ in range(rounds):
        distance = (inside - location) / reach
        weight = np.where(np.abs(distance) < 1, (1 - distance**2) ** 2, 0)
        location = (weight * inside).sum() / weight.sum()
    return location


def test_the_trend_is_the_sliding_biweight():
    # against wotan itself, which compiles for a minute: benchmarks/vetting_speed.py
    light_curve = make_light_curve(days=6.0, gap=False)
    time, flux = light_curve.time_btjd, light_curve.flux().values / 1000
    masked = PLANET.in_transit(time, 1.5)
    ours = biweight_trend(time, flux, split_at_gaps(time), 0.6, masked)
    some = np.arange(0, len(time), 97)
    theirs = np.array([sliding_biweight(time[~masked], flux[~masked], time[i], 0.6) for i in some])
    assert np.max(np.abs(ours[some] - theirs)) < 1e-4  # a fifth of one cadence's noise
    assert np.median(np.abs(ours[some] - theirs)) < 1e-5


def test_a_stretch_inside_a_transit_has_no_trend():
    time = np.linspace(0, 0.05, 30)
    assert np.isnan(biweight_trend(time, np.ones(30), np.zeros(30, int), 0.6, np.ones(30, bool))).all()
