"""The depth of a transit by pipeline, and what a difference between apertures means."""

from dataclasses import replace

import pytest

from app_tess.astro.comparison import PipelineDepth, compare_depths, describe_detrending, measure_pipeline
from app_tess.astro.stitching import stitch
from tests.support.light_curves import PLANET, make_light_curve

SPOC = PipelineDepth("SPOC", "PDCSAP", 10_000.0, 100.0, 8, (1,), crowding_corrected=True, detrended=False)
QLP = replace(SPOC, pipeline="QLP", flux="QLP SAP", crowding_corrected=False)
SPLINE = replace(QLP, flux="QLP KSPSAP", detrended=True)


def test_equal_depths_are_no_sign_of_a_blend():
    finding, concern = compare_depths([SPOC, replace(QLP, depth_ppm=10_300.0)])
    assert "agree within 3 sigma" in finding and "SPOC PDCSAP 10,000 ± 100 ppm" in finding and concern is False


@pytest.mark.parametrize(
    ("depth_ppm", "reason"),
    [(6_000.0, "still contains the light of neighbors"), (14_000.0, "one of them may be eclipsed")],
)
def test_a_depth_that_differs_between_apertures_is_a_sign_of_a_blend(depth_ppm, reason):
    finding, concern = compare_depths([SPOC, replace(QLP, depth_ppm=depth_ppm)])
    assert concern is True and "a sign of a blend" in finding and reason in finding


def test_a_flux_that_its_pipeline_detrended_is_no_sign_of_a_blend_but_its_loss_is_stated():
    depths = [SPOC, QLP, replace(SPLINE, depth_ppm=5_000.0)]
    assert compare_depths(depths)[1] is False
    (sentence,) = describe_detrending(depths)
    assert "In QLP KSPSAP, detrended by QLP" in sentence
    assert "50 % shallower than in QLP SAP, whose trend this site removed" in sentence


def test_one_aperture_alone_is_compared_with_nothing():
    finding, concern = compare_depths([QLP, SPLINE])
    assert "nothing to compare" in finding and concern is None


def test_depths_are_measured_at_a_common_cadence_with_errors():
    light_curve = make_light_curve()
    fast, slow = (
        measure_pipeline(stitch([light_curve], [PLANET], cadence_s=cadence_s), PLANET, "SPOC")
        for cadence_s in (120.0, 1800.0)
    )
    assert fast.depth_ppm == pytest.approx(10_000, abs=4 * fast.depth_err_ppm)
    assert slow.depth_ppm == pytest.approx(10_000, abs=4 * slow.depth_err_ppm)
    assert len(stitch([light_curve], [PLANET], cadence_s=1800.0).time_btjd) == pytest.approx(25 * 48, rel=0.02)
    assert (slow.sectors, slow.transits, slow.name) == ((1,), fast.transits, "SPOC PDCSAP")
