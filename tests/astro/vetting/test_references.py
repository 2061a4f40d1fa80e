"""The same measurements by published code: exovetter (odd-even, SWEET, trapezoid, MES, modshift), BoxLeastSquares."""

import numpy as np
import pytest
from astropy.timeseries import BoxLeastSquares
from exovetter.leo import ses_mes
from exovetter.modshift import compute_modshift_metrics
from exovetter.odd_even import calc_odd_even
from exovetter.sweet import sweet
from exovetter.trapezoid_fit import TrapezoidFit

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from tests.support.known_stars import known_ephemeris, known_light_curve
from tests.support.simulated_stars import NOISE, Orbit, light_curve, sector_times


def simulated(secondary_phase=None, second_depth=1.0, wave_ppm=0.0, radius_ratio=0.1):
    """(StitchedLightCurve, Ephemeris, report) of a planet, its odd transits `second_depth` times as deep."""
    rng, time, orbit = np.random.default_rng(21), sector_times(), Orbit(radius_ratio=radius_ratio)
    odd = orbit.ephemeris.transit_number(time) % 2 == 1
    dip = orbit.dip(time) * np.where(odd, second_depth, 1.0)
    if secondary_phase:
        dip = dip + Orbit(orbit.period_d, 0.04, orbit.impact, orbit.epoch_btjd + secondary_phase * orbit.period_d).dip(
            time
        )
    wave = 1 + 1e-6 * wave_ppm * np.sin(2 * np.pi * time / orbit.period_d)
    return vetted(light_curve((1 - dip + NOISE * rng.standard_normal(len(time))) * wave, time, rng), orbit.ephemeris)


def wasp_46():
    return vetted(known_light_curve("101.01"), known_ephemeris("101.01"))


def vetted(curve, ephemeris):
    stitched = stitch([curve], [ephemeris])
    return stitched, ephemeris, measure(stitched, ephemeris, "TOI-1.01")


@pytest.fixture(params=["simulated", "WASP-46"])
def star(request):
    return simulated() if request.param == "simulated" else wasp_46()


def exovetters_even_and_odd_ppm(stitched, ephemeris, width_durations):
    """Its depths are the levels of the flux; the transit at the epoch, which we call even, comes first."""
    _, first, second = calc_odd_even(
        stitched.time_btjd,
        stitched.flux,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        ephemeris.duration_d,
        dur_frac=width_durations,
    )
    return 1e6 * (1 - first[0]), 1e6 * (1 - second[0])


def test_odd_and_even_depths_are_exovetters(star):
    stitched, ephemeris, report = star
    theirs = exovetters_even_and_odd_ppm(stitched, ephemeris, 0.3)
    even, odd = (
        np.average([row.depth_ppm for row in report.transits if row.number % 2 == parity]) for parity in (0, 1)
    )
    # its windows are half as wide as ours: where the floor is round its depths are a little larger
    assert theirs == pytest.approx((even, odd), rel=0.03)
    assert report.get("odd_even").value < 3


def test_unequal_transits_are_unequal_for_both():
    stitched, ephemeris, report = simulated(second_depth=0.9)
    even, odd = exovetters_even_and_odd_ppm(stitched, ephemeris, 0.6)
    assert odd / even == pytest.approx(0.9, abs=0.02)
    assert report.get("odd_even").value > 3


def test_the_trapezoid_is_exovetters(star):
    stitched, ephemeris, report = star
    error = np.full(len(stitched.flux), stitched.scatter)
    fit = TrapezoidFit.trapezoid_fit(
        stitched.time_btjd,
        stitched.flux,
        error,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        ephemeris.duration_h,
        report.get("depth").value,
        fit_trial_n=2,
        fit_region=3.2,
        sample_n=3,
        seed=1,
    )
    # its big_t is the width half-way down [d] and its ratio is ingress to that; ours is from first to fourth contact
    _, depth, half_way_d, ratio = fit.bestphysvals
    assert report.get("duration").value == pytest.approx(24 * half_way_d * (1 + ratio), rel=0.02)
    assert report.get("v_shape").value == pytest.approx(ratio / (1 + ratio), abs=0.02)
    assert 1e6 * depth == pytest.approx(report.get("depth").value, rel=0.05)


def test_the_signal_to_noise_is_that_of_exovetters_multiple_event_statistic():
    stitched, ephemeris, report = simulated(radius_ratio=0.03)
    found = ses_mes(
        stitched.time_btjd,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        ephemeris.duration_d,
        stitched.flux,
        np.full(len(stitched.flux), stitched.scatter),
    )
    assert report.get("snr").value == pytest.approx(found["MES"], rel=0.1)
    assert found["sig_w"] == pytest.approx(stitched.scatter, rel=0.05)


def test_the_secondary_is_where_modshift_finds_it():
    stitched, ephemeris, report = simulated(secondary_phase=0.37)
    distance = ephemeris.fold(stitched.time_btjd)
    model = np.where(np.abs(distance) < ephemeris.duration_d / 2, -report.get("depth").value * 1e-6, 0.0)
    found, _ = compute_modshift_metrics(
        stitched.time_btjd,
        stitched.flux - 1,
        model,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        ephemeris.duration_h,
        show_plot=False,
    )
    bins = int(10 * ephemeris.period_d / ephemeris.duration_d)
    theirs = (found["sec"] - found["pri"]) / bins % 1.0
    assert report.get("secondary_phase").value == pytest.approx(theirs, abs=0.02)
    assert report.get("secondary_sigma").value > 5


def test_the_amplitudes_in_step_with_the_orbit_are_those_of_sweet():
    stitched, ephemeris, report = simulated(wave_ppm=2000)
    theirs = sweet(
        stitched.time_btjd, stitched.normalised_flux - 1, ephemeris.period_d, ephemeris.epoch_btjd, ephemeris.duration_d
    )
    assert report.get("variability").value == pytest.approx(1e6 * theirs[1, 0], rel=0.03)
    for row, name in ((0, "variability_half"), (1, "variability")):
        assert abs(report.get(name).value - 1e6 * theirs[row, 0]) < 4e6 * theirs[row, 1]


def test_the_depth_is_that_of_box_least_squares(star):
    stitched, ephemeris, report = star
    found = BoxLeastSquares(stitched.time_btjd, stitched.flux).compute_stats(
        ephemeris.period_d, 0.3 * ephemeris.duration_d, ephemeris.epoch_btjd
    )
    assert 1e6 * found["depth"][0] == pytest.approx(report.get("depth").value, rel=0.03)
    assert len(found["transit_times"]) >= len(report.transits)


def test_a_period_that_is_twice_the_true_one_shows_as_its_secondary():
    time, orbit, rng = sector_times(), Orbit(), np.random.default_rng(3)
    doubled = Ephemeris(6.0, 1326.0, orbit.duration_h)
    _, _, report = vetted(light_curve(1 - orbit.dip(time) + NOISE * rng.standard_normal(len(time)), time, rng), doubled)
    assert report.get("secondary_phase").value == pytest.approx(0.5, abs=0.01)
    assert report.get("secondary_depth").value == pytest.approx(
        1e6 * orbit.dip(time)[orbit.ephemeris.in_transit(time)].mean(), rel=0.05
    )
