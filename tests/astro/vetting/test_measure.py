"""The vetting report of simulated and known light curves."""

import dataclasses
import json
import time

import numpy as np
import pytest

from app_tess.astro.ephemeris import LONGEST_PERIOD_D, Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from app_tess.errors import EphemerisError
from app_tess.plots.folded import render_folded
from tests.support.known_stars import PLANET_DEPTHS_PPM, known_ephemeris, known_light_curve
from tests.support.light_curves import PLANET, make_flux, make_light_curve, with_flux


def vet(ephemeris=PLANET, **options):
    return measure(stitch([make_light_curve(**options)], [ephemeris]), ephemeris, "TOI-1.01")


def names(report):
    return {m.name for m in report.concerns}


def test_a_plain_planet_raises_no_concern():
    report = vet()
    assert names(report) == set()
    assert report.get("depth").value == pytest.approx(10000, abs=4 * report.get("depth").error)
    assert report.get("transits").value == 8
    assert [row.number for row in report.transits] == [0, 1, 2, 3, 5, 6, 7, 8]


def test_every_measurement_has_title_formula_source_and_a_sentence_and_goes_into_json():
    report = vet(centroid_shift=0.01)
    text = json.dumps(report.as_dict(), allow_nan=False)
    assert '"global_view": [' in text and report.provenance["cadences"][0]["mask"] == "default"
    for m in report.measurements:
        assert m.title and m.formula and m.source and m.finding.endswith("."), m.name


def test_unequal_odd_and_even_transits_are_reported_as_an_eclipsing_binary():
    report = vet(odd_depth=0.0085)
    assert "odd_even" in names(report)
    assert "an eclipsing binary at twice the period" in report.get("odd_even").finding


def test_a_secondary_is_found_at_its_phase_with_its_depth():
    report = vet(secondary=0.002)
    assert "secondary_sigma" in names(report)
    assert report.get("secondary_phase").value == pytest.approx(0.5, abs=0.02)
    assert report.get("secondary_depth").value == pytest.approx(2000, rel=0.15)
    assert report.views["secondary_phase"] == pytest.approx(0.5, abs=0.02)


def test_a_v_shaped_transit_is_distinguished_from_a_box():
    assert vet().get("v_shape").value < 0.1
    report = vet(v_shape=True)
    assert report.get("v_shape").value > 0.42 and "v_shape" in names(report)


def test_a_single_deep_event_dominates():
    light_curve = make_light_curve(depth=0.0008)
    flux = light_curve.flux().values.copy()
    glitch = np.abs(light_curve.time_btjd - 1332.0) < 0.06
    flux[glitch] *= 0.97
    light_curve = with_flux(light_curve, flux)
    assert "single_event" in names(measure(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01"))


def test_a_file_without_centroids_loses_the_centroid_test_alone_and_says_so():
    whole = make_light_curve()
    bare = dataclasses.replace(
        whole, **{name: np.full(len(whole.time_btjd), np.nan) for name in ("mom_centr1_px", "mom_centr2_px")}
    )
    before, after = (measure(stitch([curve], [PLANET]), PLANET, "TOI-1.01") for curve in (whole, bare))
    assert before.get("centroid_shift").value is not None
    assert "hold no usable centroids" in after.get("centroid_shift").finding
    others = [
        {m.name: (m.value, m.finding) for m in report.measurements if m.name != "centroid_shift"}
        for report in (before, after)
    ]
    assert others[0] == others[1]


def test_a_centroid_shift_points_to_another_star():
    report = vet(centroid_shift=0.02)
    assert "centroid_shift" in names(report)
    assert report.get("centroid_shift").value == pytest.approx(0.02, rel=0.1)
    # 0.02 pixel = r d / (1 - d) with d = 0.01 * CROWDSAP 0.95, so r = 2.085 pixels of 21 arcsec
    assert "44 arcsec away" in report.get("centroid_shift").finding


def test_a_depth_too_large_for_a_planet_names_the_radius():
    assert "larger than any known planet" in vet(depth=0.08).get("companion_radius").finding


def test_variability_in_phase_with_the_orbit_is_a_red_flag():
    light_curve = make_light_curve()
    wave = 1 + 0.004 * np.cos(2 * np.pi * (light_curve.time_btjd - PLANET.epoch_btjd) / (PLANET.period_d / 2))
    light_curve = with_flux(light_curve, light_curve.flux().values * wave)
    report = measure(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01")
    assert "variability_half" in names(report)
    assert report.get("variability_half").value == pytest.approx(4000, rel=0.1)


def test_a_single_transit_is_measured_without_a_fold():
    single = Ephemeris(None, 1326.0, 3.0)
    report = measure(stitch([make_light_curve()], [single, PLANET]), single, "TOI-1.02")
    assert report.views is None and report.scalars is None
    assert report.get("secondary_sigma").value is None
    assert report.get("depth").value == pytest.approx(10000, rel=0.05)


def test_an_object_without_cadences_in_transit_or_without_a_duration_is_rejected():
    with pytest.raises(NoUsableData, match="no cadence falls in transit"):
        vet(Ephemeris(100.0, 1380.0, 3.0))
    with pytest.raises(EphemerisError, match="no transit duration"):
        vet(Ephemeris(3.0, 1326.0))


def test_a_period_longer_than_the_data_is_measured_on_its_one_transit():
    long = Ephemeris(40.0, 1326.0, 3.0)
    report = measure(stitch([make_light_curve()], [long, PLANET]), long, "TOI-1.01")
    assert "Only 1 full transit" in report.get("transits").finding
    assert (
        report.get("odd_even").value is None
        and "both an odd and an even transit are needed" in report.get("odd_even").finding
    )
    assert report.views["empty_global"] > 50
    json.dumps(report.as_dict(), allow_nan=False)


def test_the_transits_of_another_planet_are_no_secondary():
    other = Ephemeris(1.5, 1326.7, 3.0)
    light_curve = make_light_curve()
    flux = light_curve.flux().values * np.where(other.in_transit(light_curve.time_btjd), 0.99, 1.0)
    light_curve = with_flux(light_curve, flux)
    stitched = stitch([light_curve], [PLANET, other])
    assert "secondary_sigma" in names(measure(stitched, PLANET, "TOI-1.01"))
    assert names(measure(stitched, PLANET, "TOI-1.01", others=[other])) == set()


@pytest.mark.parametrize("period_d", [3.0, 6.0, 30.0])
def test_one_signal_listed_twice_is_measured_and_reported(period_d):
    """Otherwise the cadences of both would be removed as those of the other, and none would be left in transit."""
    twin, light_curve = Ephemeris(period_d, 1326.0, 3.0), make_light_curve()
    report = measure(stitch([light_curve], [twin, PLANET]), twin, "TOI-1.02", others=[PLANET])
    assert report.get("depth").value == pytest.approx(10000, rel=0.05)
    assert "the same signal, listed twice" in report.get("transits").finding and not {
        "secondary_sigma",
        "half_way",
    } & names(report)
    apart = Ephemeris(3.0, 1327.5, 3.0)
    assert (
        "listed twice"
        not in measure(stitch([light_curve], [apart, PLANET]), PLANET, "TOI-1.01", others=[apart])
        .get("transits")
        .finding
    )


@pytest.mark.parametrize(
    "flux", [1.0, 1234.567, make_flux(make_light_curve().time_btjd, noise=0.0)], ids=["ones", "a number", "boxes"]
)
def test_flux_without_noise_is_rejected_and_not_plotted(flux):
    stitched = stitch([make_light_curve(flux=flux)], [PLANET])
    for read in (lambda: measure(stitched, PLANET, "TOI-1.01"), lambda: render_folded(stitched, PLANET, "TOI-1.01")):
        with pytest.raises(NoUsableData, match="the same in cadence after cadence"):
            read()


def test_files_with_the_same_cadences_are_measured():
    curves = [make_light_curve(sector=1), make_light_curve(sector=2)]
    assert measure(stitch(curves, [PLANET]), PLANET, "TOI-1.01").get("depth").value == pytest.approx(10000, rel=0.05)


def test_without_cadences_out_of_transit_the_signal_to_noise_is_not_measured():
    wide = Ephemeris(0.13, 1326.0, 3.0)
    snr = measure(stitch([make_light_curve()], [wide]), wide, "TOI-1.01").get("snr")
    assert snr.value is None and snr.finding == "Not measured: the transits leave no cadences between them."


def test_without_a_significant_transit_a_dip_elsewhere_is_no_secondary():
    """It may be the transit itself, early or late."""
    beside = Ephemeris(3.0, 1327.0, 3.0)
    report = measure(stitch([make_light_curve()], [beside]), beside, "TOI-1.01")
    assert {"depth", "snr"} <= names(report)
    for name in ("secondary_sigma", "half_way"):
        assert "may be the transit itself, early or late" in report.get(name).finding
    assert not any(word in measurement.finding for measurement in report.measurements for word in (" inf ", "nan"))


def test_transits_with_too_few_cadences_are_not_called_full():
    light_curve = make_light_curve()
    distance = np.abs(PLANET.from_transit(light_curve.time_btjd))
    object.__setattr__(light_curve, "quality", np.where((distance < 0.09) & (distance > 0.0012), 128, 0))
    report = measure(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01")
    assert report.get("transits").finding == "No transit has enough cadences to be measured individually."


def test_a_period_of_centuries_needs_little_time_and_memory():
    long = Ephemeris(LONGEST_PERIOD_D, 1326.0, 3.0)
    report = measure(stitch([make_light_curve()], [long]), long, "TOI-1.01")
    assert report.get("secondary_sigma").value is None and report.get("depth").value == pytest.approx(10000, rel=0.05)


@pytest.mark.parametrize("toi", PLANET_DEPTHS_PPM)
def test_a_known_planet_looks_like_one(toi):
    ephemeris = known_ephemeris(toi)
    assert names(measure(stitch([known_light_curve(toi)], [ephemeris]), ephemeris, toi)) == set()


def test_toi_207_an_eclipsing_binary_is_flagged():
    ephemeris = known_ephemeris("207.01")
    assert names(measure(stitch([known_light_curve("207.01")], [ephemeris]), ephemeris, "207.01"))


def test_toi_793_has_no_transit_in_sector_1():
    ephemeris = known_ephemeris("793.01")
    with pytest.raises(
        NoUsableData, match="miss every predicted transit of the 54.662 d period; the nearest is at BTJD 1362.37"
    ):
        measure(stitch([known_light_curve("793.01")], [ephemeris]), ephemeris, "793.01")


def test_each_of_many_sectors_is_vetted_in_under_150_milliseconds_of_a_core():
    curves = [make_light_curve(sector=sector, start=1325 + 27.4 * sector) for sector in range(30)]
    assert timed(lambda: measure(stitch(curves, [PLANET]), PLANET, "TOI-1.01")) < 0.150 * len(curves)


def test_a_sector_is_vetted_in_under_150_milliseconds_of_a_core():
    light_curve = make_light_curve()
    best = min(timed(lambda: measure(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01")) for _ in range(5))
    assert best < 0.150


def timed(run):
    started = time.process_time()  # time of this process only
    run()
    return time.process_time() - started
