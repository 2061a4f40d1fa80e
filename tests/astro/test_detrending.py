"""Fast rotators and pulsators, whose trend a sliding window cannot follow, and stars with no flux to divide by."""

import numpy as np
import pytest

from app_tess.astro.detrending import Detrending
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting import measure as vetting
from tests.support.light_curves import PLANET, make_light_curve, with_flux
from tests.support.simulated_stars import NOISE, light_curve, sector_times

TIME = sector_times()
DEPTH = 0.004


def rotator(rotation_d, amplitude, ephemeris, seed=1):
    """A spotted star with a spot on either side, and trapezoidal transits of 4,000 ppm."""
    rng, angle = np.random.default_rng(seed), 2 * np.pi * TIME / rotation_d
    spots = 1 + amplitude * (np.sin(angle + seed) + 0.4 * np.sin(2 * angle + 2))
    dip = DEPTH * np.clip((1 - np.abs(ephemeris.fold(TIME)) / (ephemeris.duration_d / 2)) / 0.2, 0, 1)
    return light_curve(spots * (1 - dip) + NOISE * rng.standard_normal(len(TIME)), TIME, rng)


@pytest.mark.parametrize(
    ("rotation_d", "amplitude", "ephemeris"),
    [
        (1.4, 0.017, Ephemeris(6.96, 1327.0, 4.85)),
        (0.73, 0.006, Ephemeris(1.24, 1325.5, 1.0)),
        (0.45, 0.010, Ephemeris(3.3, 1326.0, 2.5)),
    ],
    ids=["like HIP 67522", "like TOI-540", "half a day"],
)
def test_a_transit_of_a_fast_rotator_has_its_depth_within_an_error_that_is_significant(
    rotation_d, amplitude, ephemeris
):
    stitched = stitch([rotator(rotation_d, amplitude, ephemeris)], [ephemeris])
    report = vetting.measure(stitched, ephemeris, "TOI-1.01")
    depth = report.get("depth")
    assert abs(depth.value - 1e6 * DEPTH) < 3 * depth.error < 1e6 * DEPTH
    assert not depth.concern and report.cautions == ()
    assert "Gaussian process" in report.provenance["detrending"]


def test_the_error_of_a_rotators_depth_is_the_scatter_of_its_measurements():
    ephemeris = Ephemeris(4.1, 1326.0, 3.0)
    depths = [
        vetting.measure(stitch([rotator(0.5, 0.01, ephemeris, seed)], [ephemeris]), ephemeris, "x").get("depth")
        for seed in range(3)
    ]
    pulls = np.array([(depth.value - 1e6 * DEPTH) / depth.error for depth in depths])
    assert np.sqrt(np.mean(pulls**2)) < 2
    assert np.median([depth.error for depth in depths]) < 1e6 * DEPTH / 4


def test_a_quiet_star_is_detrended_by_the_biweight():
    assert stitch([make_light_curve()], [PLANET]).detrending.rotation is None


def test_a_trend_that_cannot_be_removed_is_stated(monkeypatch):
    monkeypatch.setattr("app_tess.astro.detrending.fit_rotation", lambda *arguments: None)
    ephemeris = Ephemeris(3.3, 1326.0, 2.5)
    stitched = stitch([rotator(0.45, 0.01, ephemeris)], [ephemeris])
    assert stitched.detrending == Detrending(0.6)
    (caution,) = vetting.measure(stitched, ephemeris, "x").cautions
    assert "Detrending failed" in caution and "times the point-to-point noise" in caution


@pytest.mark.parametrize("level", [-40.0, 0.0, 0.3])
def test_a_median_flux_near_zero_gives_no_depth_but_a_reason(level):
    curve = make_light_curve()
    noise = np.random.default_rng(1).standard_normal(len(curve.time_btjd))
    with pytest.raises(NoUsableData, match=r"median .*flux .*(cannot be normalized|not above its noise)"):
        stitch([with_flux(curve, level + noise)], [PLANET])


def test_a_transit_below_zero_flux_gives_no_depth_but_a_reason():
    curve = make_light_curve(depth=0.3)
    stitched = stitch([with_flux(curve, curve.flux().values - 750.0)], [PLANET])
    with pytest.raises(NoUsableData, match="too much background was subtracted; no depth can be measured"):
        vetting.measure(stitched, PLANET, "x")
