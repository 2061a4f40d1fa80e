"""A sector as it is viewed: the flux of its picture, and the detrended flux of the folded picture."""

import numpy as np

from app_tess.astro.light_curve import median_level, select_cadences
from app_tess.astro.stitching import stitch
from app_tess.astro.viewed_curve import view_curve
from tests.support.light_curves import PLANET, make_light_curve


def test_the_flux_is_that_of_the_sectors_picture_and_the_detrended_one_that_of_the_fold():
    light_curve = make_light_curve()
    viewed, stitched = view_curve(light_curve, [PLANET]), stitch([light_curve], [PLANET])
    keep, count = select_cadences(light_curve)
    assert np.array_equal(viewed.flux, light_curve.flux().values[keep] / median_level(light_curve, keep))
    assert np.allclose(viewed.detrended_flux, stitched.flux) and viewed.count == count
    assert viewed.detrending == stitched.detrending.method


def test_twenty_second_cadences_are_all_kept_with_the_trend_of_their_averages():
    light_curve = make_light_curve(cadence_s=20.0, days=6.0)
    viewed, stitched = view_curve(light_curve, [PLANET]), stitch([light_curve], [PLANET])
    assert len(viewed.time_btjd) > 5 * len(stitched.time_btjd)
    quiet = ~PLANET.in_transit(viewed.time_btjd, 1.5)
    assert abs(np.nanmedian(viewed.detrended_flux[quiet]) - 1) < 1e-4
    assert np.isfinite(viewed.detrended_flux).mean() > 0.99


def test_a_star_too_faint_to_detrend_says_why_and_keeps_its_flux():
    light_curve = make_light_curve(noise=3.0)
    viewed = view_curve(light_curve, [PLANET])
    assert np.isnan(viewed.detrended_flux).all() and "not above its noise" in viewed.detrending
    assert np.isfinite(viewed.flux).all()
