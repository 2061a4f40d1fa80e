"""Transits that the catalogue's ephemeris misses: early, late, varying in time, or of another duration than listed."""

import csv
import gzip
from dataclasses import replace

import numpy as np
import pytest

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.vetting.located import CATALOGUE, NOT_FOUND, REFINED
from app_tess.astro.vetting.report import VettingReport
from app_tess.astro.vetting.star import Target, vet_star
from tests.support.shared import shared_path
from tests.support.simulated_stars import NOISE, light_curve, sector_times

DEPTH = 0.006


def dip(time, truth, late_d=lambda number: 0.0):
    """Trapezoidal transits of 6,000 ppm, each `late_d(number)` days late."""
    number = truth.transit_number(time)
    distance = np.abs(time - truth.epoch_btjd - number * (truth.period_d or 0) - late_d(number))
    return DEPTH * np.clip((1 - distance / (truth.duration_d / 2)) / 0.3, 0, 1)


def sector(truth, number=1, start=1325.0, seed=1, late_d=lambda number: 0.0):
    rng, time = np.random.default_rng(seed + number), sector_times(start)
    flux = 1 - dip(time, truth, late_d) + NOISE * rng.standard_normal(len(time))
    return replace(light_curve(flux, time, rng), sector=number, source=f"sector_{number}_lc.fits")


def vet(curves, listed, depth_ppm=1e6 * DEPTH):
    (vetted,) = vet_star(curves, [Target("TOI-1.01", listed, depth_ppm)])
    return vetted.report


def concerns(report):
    return {measurement.name for measurement in report.concerns}


def assert_found(report, truth, listed):
    """The refined ephemeris is the true one within its errors, and everything is measured with it."""
    used = report.ephemeris_used
    assert used.status == REFINED and "refined here" in used.note
    assert abs(truth.fold(report.epoch_btjd)) < 4 * used.used["epoch_err_d"] < 0.1 * truth.duration_d
    assert abs(report.period_d - truth.period_d) < 4 * used.used["period_err_d"] <= 4 * listed.period_err_d
    assert report.get("depth").value == pytest.approx(1e6 * DEPTH, abs=4 * report.get("depth").error)
    assert used.catalogue["epoch_btjd"] == listed.epoch_btjd and concerns(report) == set()


@pytest.mark.parametrize(
    ("late_h", "error_h", "word"), [(-6.0, 3.0, "late"), (5.0, 4.0, "early")], ids=["late", "early"]
)
def test_a_transit_is_found_within_the_propagated_error_and_is_no_secondary(late_h, error_h, word):
    truth = Ephemeris(4.7, 1327.0, 2.5)
    listed = Ephemeris(4.7, 1327.0 + late_h / 24, 2.5, 0.002, error_h / 24)
    report = vet([sector(truth)], listed)
    assert_found(report, truth, listed)
    assert f"found {abs(late_h):.1f} h {word}" in report.ephemeris_used.note
    assert report.get("secondary_sigma").concern is False


def test_epoch_and_period_are_refined_over_sectors_years_apart():
    truth, n = Ephemeris(4.699, 1327.3, 2.5), 350
    listed = Ephemeris(4.7002, 1327.3 + n * 4.699 + 0.01, 2.5, 0.00175, 0.006)
    report = vet([sector(truth), sector(truth, 36, 2280.0), sector(truth, 62, 2960.0)], listed)
    assert_found(report, truth, listed)
    assert report.ephemeris_used.used["period_err_d"] < 1e-5 and len(report.ephemeris_used.times) >= 12


def test_a_transit_far_outside_its_stated_error_is_found_and_reported_as_such():
    truth = Ephemeris(7.3, 1329.0, 3.0)
    report = vet([sector(truth)], replace(truth, epoch_btjd=1331.5, period_err_d=1e-5, epoch_err_d=1e-3))
    assert "found 2.5 d early" not in report.ephemeris_used.note  # 60 h are written in hours
    assert "60.0 h early, outside the propagated error" in report.ephemeris_used.note
    assert abs(truth.fold(report.epoch_btjd)) < 0.005


@pytest.mark.parametrize("listed_h", [0.8, 1.2, 6.0, 9.0])
def test_a_wrong_duration_is_fitted_used_and_reported(listed_h):
    truth = Ephemeris(6.1, 1327.0, 2.8)
    report = vet([sector(truth)], replace(truth, duration_h=listed_h, period_err_d=1e-5, epoch_err_d=1e-3))
    assert report.duration_h == pytest.approx(2.8, rel=0.1)
    assert report.get("duration").value == pytest.approx(2.8, abs=4 * report.get("duration").error)
    assert report.get("depth").value == pytest.approx(1e6 * DEPTH, abs=4 * report.get("depth").error)
    assert f"duration of {listed_h:.2f} h disagrees with the light curve" in report.ephemeris_used.note


@pytest.mark.parametrize("amplitude_h", [1.0, 3.0])
def test_timing_variations_are_a_finding_and_no_v_shape(amplitude_h):
    truth = Ephemeris(2.9, 1327.0, 2.5, 1e-5, 1e-3)
    report = vet([sector(truth, late_d=lambda n: amplitude_h / 24 * np.sin(1.3 * n))], truth)
    assert "timing variations" in report.get("timing_scatter").finding
    late = {row.number: 24 * row.late_d for row in report.ephemeris_used.times}
    assert all(late[n] == pytest.approx(amplitude_h * np.sin(1.3 * n), abs=0.15) for n in late) and len(late) >= 7
    assert report.get("v_shape").value < 0.36 and concerns(report) == set()
    assert report.get("duration").value == pytest.approx(2.5, rel=0.1)


@pytest.mark.parametrize(
    ("listed_late_d", "error_d", "words"),
    [
        (0.004, 0.02, "5.8 min early, within the propagated error"),
        (0.02, 0.01, "28.8 min early, 2.0 sigma: consistent with the prediction"),
        (-0.1, 0.01, "2.4 h late, 10 sigma from the catalogue's prediction"),
    ],
)
def test_the_deviation_is_stated_in_units_of_its_own_error(listed_late_d, error_d, words):
    truth = Ephemeris(2.9, 1327.0, 2.5, 1e-7, error_d)
    report = vet([sector(truth)], replace(truth, epoch_btjd=1327.0 + listed_late_d))
    deviation = float(words.split()[0])
    finding = report.get("timing_offset").finding
    stated = float(finding.split()[3])
    assert stated == pytest.approx(deviation, abs=0.6) and words.split(maxsplit=1)[1] in finding, finding


def test_steady_transits_keep_the_catalogues_ephemeris():
    truth = Ephemeris(2.9, 1327.0, 2.5, 1e-5, 1e-3)
    report = vet([sector(truth)], truth)
    assert report.ephemeris_used.status == CATALOGUE and report.ephemeris == truth
    assert report.get("timing_scatter").finding.startswith("The transit times are consistent")
    assert VettingReport.from_dict(report.as_dict()).ephemeris_used == report.ephemeris_used


def test_noise_within_a_large_error_is_rarely_taken_for_a_transit():
    rng, found = np.random.default_rng(4), 0
    for _ in range(12):
        time = sector_times()
        curve = light_curve(1 + NOISE * rng.standard_normal(len(time)), time, rng)
        listed = Ephemeris(rng.uniform(2, 9), rng.uniform(1325, 1334), rng.uniform(1.5, 4), 1e-3, 0.2)
        status = vet([curve], listed, 3000).ephemeris_used.status
        assert status in (NOT_FOUND, REFINED)
        found += status == REFINED
    assert found <= 1


def test_the_transits_of_toi_216_are_found_although_the_catalogue_misses_them():
    """Dawson et al. 2019, AJ 158, 65: transits of b at BTJD 1325.33 and 1342.43, of c at 1331.285."""
    path = shared_path("light_curves/toi_hosts/hlsp_tess-data-alerts_tess_phot_00055652896-s01_tess_v1_lc.fits")
    targets = [
        Target("TOI-216.01", Ephemeris(34.5059318, 1331.488563, 3.8207, 9.2e-6, 2.6e-4), 17388),
        Target("TOI-216.02", Ephemeris(17.3890454, 2340.904719, 2.6517, 4.8e-5, 1.5e-3), 2972),
    ]
    outer, inner = vet_star([read_light_curve(path, path.name)], targets)
    assert outer.report.get("depth").value > 30 * outer.report.get("depth").error
    assert inner.report.get("depth").value > 5 * inner.report.get("depth").error
    assert outer.report.epoch_btjd == pytest.approx(1331.285, abs=0.003)
    assert [row.time_btjd for row in inner.report.ephemeris_used.times] == pytest.approx([1325.33, 1342.43], abs=0.01)


def test_an_eclipsing_binary_that_also_varies_keeps_its_depth_and_its_secondary():
    """Nulls that fall into the other eclipse do not count as noise."""
    path = shared_path("light_curves/eclipsing_binaries/tess2018292075959-s0004-0000000098853987-0124-s_lc.fits")
    with gzip.open(shared_path("catalogues/eclipsing_binaries_prsa2022.csv.gz"), "rt") as file:
        (row,) = (row for row in csv.DictReader(file) if row["tic_id"] == "98853987")
    listed = Ephemeris(float(row["period_d"]), float(row["epoch_bjd"]), 5.12)
    report = vet([read_light_curve(path, path.name)], listed, 3e5)
    assert report.get("depth").value == pytest.approx(3.2e5, rel=0.1) and not report.get("depth").concern
    assert {"secondary_sigma", "v_shape"} <= concerns(report)
