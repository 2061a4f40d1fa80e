"""The periodogram against astropy's BoxLeastSquares, and what its numbers mean."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.timeseries import BoxLeastSquares

from app_tess.astro.search.box_fit import fit_box, snr_at
from app_tess.astro.search.periodogram import (
    box_red_noise,
    compute_periodogram,
    detection_efficiency,
    longest_period_d,
    needs_coarse_grid,
)
from app_tess.astro.search.thinned import thin, window_function
from app_tess.astro.search.weighted_dips import WeightedDips, weigh
from app_tess.astro.stitching import stitch
from tests.support.simulated_stars import light_curve, sector_times

NOISE = 5e-4


def dips_of(period=3.3, epoch=1326.4, duration=0.12, depth=6e-4, seed=3):
    """A sector of ten-minute cadences with box transits."""
    time = 1325 + np.arange(0, 27, 10 / 1440)
    time = time[np.abs(time - 1338.5) > 0.5]
    dip = NOISE * np.random.default_rng(seed).standard_normal(len(time))
    dip[np.abs((time - epoch + period / 2) % period - period / 2) < duration / 2] += depth
    return WeightedDips(time, dip, np.full(len(time), NOISE**-2))


def test_the_best_period_and_its_snr_agree_with_astropy():
    dips = dips_of()
    found = compute_periodogram(dips, 2.0, 6.0)
    fit = fit_box(dips, found.box_at(int(np.argmax(found.snr))))
    search = BoxLeastSquares(dips.time_btjd, 1 - dips.dip, NOISE)
    theirs = search.power(np.linspace(3.2, 3.4, 800), [fit.duration_d], objective="snr", oversample=20)
    top = int(np.argmax(theirs.power))
    assert fit.period_d == pytest.approx(3.3, abs=0.005)
    assert fit.period_d == pytest.approx(float(theirs.period[top]), abs=0.003)
    assert fit.snr == pytest.approx(float(theirs.power[top]), rel=0.05)
    assert found.snr.max() > 0.85 * fit.snr
    late = (fit.epoch_btjd - 1326.4) / 3.3
    assert abs(late - round(late)) * 3.3 < 0.02


def test_the_snr_at_half_and_twice_the_period_is_lower_by_the_square_root_of_two():
    dips = dips_of(depth=2e-3)
    half, one, twice = (snr_at(dips, factor * 3.3, 0.12) for factor in (0.5, 1, 2))
    assert half / one == pytest.approx(0.5**0.5, rel=0.1) and twice / one == pytest.approx(0.5**0.5, rel=0.1)


def test_a_brightening_is_no_dip():
    assert compute_periodogram(dips_of(depth=-3e-3), 3.0, 3.6).snr.max() < 5


def test_periods_lie_closer_than_a_duration_drifts_over_the_light_curve():
    found = compute_periodogram(dips_of(), 0.3, 13.0)
    assert found.period_d[0] >= 0.3 and found.period_d[-1] == pytest.approx(13.0, rel=0.01)
    period = np.sort(found.period_d)
    drift = np.diff(period) / period[:-1] * 27
    assert np.percentile(drift, 99) < 0.1 * (period[-1] / 10) ** (1 / 3) * 2


def test_red_noise_in_boxes_is_measured():
    rng = np.random.default_rng(5)
    white = rng.standard_normal(4000)
    red = white + np.repeat(rng.standard_normal(400), 10)
    weight = np.ones(4000)
    assert box_red_noise(np.stack([white, weight]).astype(np.float32), 8) < 1.25
    assert box_red_noise(np.stack([red, weight]).astype(np.float32), 8) > 2


def test_the_detection_efficiency_is_in_units_of_the_scatter_and_free_of_the_trend():
    rng = np.random.default_rng(7)
    snr = 4 + np.linspace(0, 3, 6000) + 0.5 * rng.standard_normal(6000)
    snr[3000] += 5
    sde = detection_efficiency(snr)
    assert sde[3000] == pytest.approx(10, abs=2.5)
    assert abs(np.median(sde[:500])) < 0.3 and abs(np.median(sde[-500:])) < 0.3


def test_a_light_curve_shorter_than_two_periods_has_an_empty_periodogram():
    assert len(compute_periodogram(dips_of(), 1.0, 1.0)) == 0


def test_a_thinned_periodogram_keeps_the_highest_peak_and_the_window_shows_daily_gaps():
    dips = dips_of(depth=2e-3)
    found = compute_periodogram(dips, 0.5, 13.0)
    thinned = thin(found, dips.time_btjd)
    assert len(thinned["period_d"]) <= 1200 and max(thinned["sde"]) == pytest.approx(found.sde.max(), abs=0.001)
    nights = dips.time_btjd[dips.time_btjd % 1 < 0.3]
    assert window_function(nights, np.array([1.0]))[0] > 0.5 > 0.1 > window_function(nights, np.array([0.77]))[0]


def test_red_noise_lowers_the_snr_of_the_same_dips():
    white = dips_of(depth=0.0)
    rng = np.random.default_rng(9)
    steps = np.repeat(2 * NOISE * rng.standard_normal(len(white.dip) // 12 + 1), 12)[: len(white.dip)]
    red = replace(white, dip=white.dip + steps)
    assert compute_periodogram(red, 3.0, 3.6).snr.max() < 1.7 * compute_periodogram(white, 3.0, 3.6).snr.max()


def test_a_flare_is_lowered_to_five_sigma():
    time = sector_times()
    flux = 1 + NOISE * np.random.default_rng(1).standard_normal(len(time))
    flux[100:110] += 0.2
    dips = weigh(stitch([light_curve(flux, time, np.random.default_rng(2))]))
    assert dips.dip.min() > -7 * NOISE


def test_the_coarse_grid_finds_the_same_period_with_almost_the_same_significance():
    fine, coarse = (compute_periodogram(dips_of(), 2.0, 6.0, is_coarse) for is_coarse in (False, True))
    best = [found.period_d[found.snr.argmax()] for found in (fine, coarse)]
    assert best[1] == pytest.approx(best[0], rel=0.01) and len(coarse) < len(fine)
    assert 0.9 * fine.snr.max() < coarse.snr.max()


def test_periods_end_at_half_the_time_span_or_at_the_time_with_data():
    sector = np.arange(0, 27.0, 0.01)
    assert longest_period_d(sector) == pytest.approx(13.5, abs=0.01)
    assert longest_period_d(np.concatenate([sector, sector + 1800])) == pytest.approx(54.0, abs=0.1)
    assert needs_coarse_grid(2200.0, 81.0) and not needs_coarse_grid(710.0, 355.0)
