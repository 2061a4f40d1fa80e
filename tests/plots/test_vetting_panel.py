import io
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.measure import measure
from app_tess.astro.views import view_centers, view_medians
from app_tess.plots import vetting
from app_tess.plots import vetting_parts as parts
from app_tess.plots.style import new_figure
from app_tess.plots.vetting import render_vetting
from tests.support.light_curves import PLANET, make_light_curve

JUDGEMENT = {
    "probabilities": {"PC": 0.91, "EB": 0.05, "V": 0.01, "IS": 0.01, "J": 0.02},
    "occlusion": {"global_view": [0.1] * 201, "local_view": [-0.1] * 61},
}


def panel(ephemeris=PLANET, judgement=None, theme="light", **options):
    stitched = stitch([make_light_curve(**options)], [ephemeris, PLANET])
    return render_vetting(stitched, ephemeris, measure(stitched, ephemeris, "TOI-1.01"), judgement, theme=theme)


def size(picture):
    return Image.open(io.BytesIO(picture.png)).size


def test_the_panel_of_a_planet_says_that_nothing_speaks_against_it():
    assert "No red flags in the light curve" in panel().alt


def test_the_panel_of_a_binary_says_why_in_its_alternative_text():
    assert "an eclipsing binary at twice the period" in panel(odd_depth=0.008).alt


def test_a_judgement_adds_the_occlusion_and_its_numbers():
    with_network = panel(judgement=JUDGEMENT, theme="dark")
    assert "planet candidate 0.91, eclipsing binary 0.05" in with_network.alt
    assert size(with_network)[1] > size(panel())[1]


def test_a_single_transit_has_a_panel_without_folds():
    assert size(panel(Ephemeris(None, 1326.0, 3.0)))[1] < size(panel())[1]


def axes_of(draw, *arguments):
    """Axes into which a part of the panel was drawn."""
    axes = new_figure(4, 3).add_subplot()
    draw(axes, *arguments)
    return axes


def test_a_bin_that_holds_no_point_is_not_drawn_as_one():
    """A straight line across a gap in the transit would look like a V."""
    light_curve = make_light_curve()
    distance = np.abs(PLANET.from_transit(light_curve.time_btjd))
    object.__setattr__(light_curve, "quality", np.where((distance < 0.09) & (distance > 0.0012), 128, 0))
    stitched = stitch([light_curve], [PLANET])
    report = measure(stitched, PLANET, "TOI-1.01")
    assert len(report.views["filled"]["local_view"]) == report.views["empty_local"] > 10
    hours = 24 * view_centers(PLANET)[1]
    for axes in (
        axes_of(parts.draw_view, hours, *parts.view_and_seen(report.views, "local_view"), "", ""),
        axes_of(parts.draw_odd_even, hours, report),
    ):
        points = [line.get_ydata() for line in axes.lines if line.get_marker() in ("o", "s")]
        assert points and all(np.isnan(values).sum() > 10 for values in points)
    assert "0 of 0 single transits" in render_vetting(stitched, PLANET, report).alt


def test_a_bin_is_drawn_where_its_points_are():
    whole, local = view_centers(PLANET)
    stitched = stitch([make_light_curve()], [PLANET])
    folded = np.sort(PLANET.fold(stitched.time_btjd))
    means = view_medians(folded, folded, 61, 0.16 * PLANET.duration_d, -2 * PLANET.duration_d, 2 * PLANET.duration_d)
    assert np.abs(local - means).max() < 0.001 and np.abs(whole).max() == pytest.approx(1.5 * (1 - 1.2 / 201))


def test_the_frame_of_a_long_curve_holds_its_one_transit():
    """Seven cadences of a hundred thousand are fewer than the outliers that a frame may leave out."""
    once, rng = Ephemeris(None, 1326.0, 0.24), np.random.default_rng(1)
    time = 1325 + np.arange(130_000) * 120 / 86400
    flux = 1 + 5e-4 * rng.standard_normal(len(time)) - 0.1 * once.in_transit(time)
    bottom, top = axes_of(parts.draw_curve, SimpleNamespace(time_btjd=time, flux=flux), once).get_ylim()
    assert bottom < 0.899 and top < 1.01


def test_nothing_is_not_magnified_where_nothing_moved_the_network():
    axes = axes_of(parts.draw_occlusion, np.linspace(-1, 1, 61), [1e-16] * 61, "")
    assert axes.get_ylim()[1] > 0.02


def test_a_simulated_panel_says_so():
    assert panel(primary={"SIMULATD": True}.items()).alt.startswith("SIMULATED")


@pytest.mark.parametrize("look", ["light", "light narrow"])
@pytest.mark.parametrize("depth", [0.0001, 0.5])
def test_no_label_is_cut_or_covers_another_part(look, depth, monkeypatch):
    """The room for labels is fixed: shallow transits have the longest tick labels."""
    figures = []
    monkeypatch.setattr(vetting, "export_png", lambda figure, title: figures.append(figure) or b"")
    stitched = stitch([make_light_curve(depth=depth, noise=depth / 100)], [PLANET])
    render_vetting(stitched, PLANET, measure(stitched, PLANET, "TOI-1.01"), JUDGEMENT, theme=look)
    (figure,) = figures
    boxes = [artist.get_tightbbox() for artist in (*figure.axes, *figure.texts)]
    assert len(figure.axes) > 7 and len(figure.texts) == 2
    assert all(figure.bbox.fully_contains(*corner) for box in boxes for corner in (box.min, box.max))
    assert [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)] == []
