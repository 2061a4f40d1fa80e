"""The views that the network sees."""

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.astro.views import SHALLUE_VANDERBURG_2018, make_views, view_medians
from tests.support.light_curves import PLANET, make_light_curve


def test_views_have_their_bins_their_median_and_their_depth():
    stitched = stitch([make_light_curve()], [PLANET])
    views = make_views(stitched, PLANET)
    assert views.global_view.shape == (201,) and views.local_view.shape == (61,)
    for view in (views.global_view, views.local_view):
        assert np.median(view) == pytest.approx(0, abs=1e-9) and view.min() == pytest.approx(-1)
    assert (views.local_view < -0.5).sum() == pytest.approx(
        61 / 4, abs=2
    )  # four durations wide, one of them in transit
    large = make_views(stitched, PLANET, recipe=SHALLUE_VANDERBURG_2018)
    assert large.global_view.shape == (2001,) and large.local_view.shape == (201,)
    assert (large.local_view < -0.5).sum() == pytest.approx(201 / 8, abs=3)


def test_a_view_is_the_median_of_each_bin_by_the_papers_own_loop():
    x = np.sort(np.random.default_rng(0).uniform(-1, 1, 500))
    y = np.random.default_rng(1).standard_normal(500)
    width, bins = 0.16, 31
    spacing = (2 - width) / (bins - 1)
    slow = [np.median(y[(x >= -1 + i * spacing) & (x < -1 + i * spacing + width)]) for i in range(bins)]
    assert view_medians(x, y, bins, width, -1, 1) == pytest.approx(slow)


def test_odd_even_and_secondary_views_share_the_depth_of_the_local_view():
    stitched = stitch([make_light_curve(odd_depth=0.005, secondary=0.002)], [PLANET])
    views = make_views(stitched, PLANET)
    assert views.odd_view.min() / views.even_view.min() == pytest.approx(0.5, abs=0.06)
    assert views.secondary_view[31] == pytest.approx(-0.25, abs=0.06)  # 0.002 of the fold's 0.0075


def test_empty_bins_are_filled_counted_and_never_nan():
    views = make_views(stitch([make_light_curve(days=1.5, gap=False, start=1325.5)], [PLANET]), PLANET)
    assert views.empty_global > 80
    assert np.isfinite(views.global_view).all() and np.isfinite(views.local_view).all()
    assert views.odd_view is None and views.even_view is not None


def test_a_fold_without_a_point_in_transit_gives_no_view():
    with pytest.raises(NoUsableData, match="no views can be made"):
        make_views(stitch([make_light_curve()]), Ephemeris(100.0, 1380.0, 3.0))
