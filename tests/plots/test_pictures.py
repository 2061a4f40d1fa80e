import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from app_tess.archives.products.data_validation import read_validation
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.errors import InvalidInput
from app_tess.plots import sky
from app_tess.plots.folded import render_folded, render_validation_event
from app_tess.plots.light_curve import render_sector
from app_tess.plots.notice import render_notice
from tests.support.light_curves import PLANET, make_dvt_fits, make_light_curve


def test_one_thread_draws_at_a_time_because_the_fonts_are_shared(monkeypatch):
    drawing, most = [], []
    draw = FigureCanvasAgg.draw

    def watched(canvas):
        drawing.append(canvas)
        most.append(len(drawing))
        threading.Event().wait(0.02)
        draw(canvas)
        drawing.remove(canvas)

    monkeypatch.setattr(FigureCanvasAgg, "draw", watched)
    empty = sky.Points(*np.empty((3, 0)))
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(render_notice, "Nothing.") for _ in range(4)]
        jobs += [pool.submit(sky.render_sky, empty) for _ in range(4)]
        assert all(job.result().png for job in jobs)
    assert len(most) >= 8 and max(most) == 1


def is_png(picture):
    image = Image.open(io.BytesIO(picture.png))
    return image.format == "PNG" and image.width > 600


def corner(picture):
    return Image.open(io.BytesIO(picture.png)).convert("RGB").getpixel((2, 2))


def test_a_sector_tells_its_transits_and_its_dropped_cadences_in_words():
    picture = render_sector(
        make_light_curve(flags=[(0, 8)]),
        [("TOI-1.01", PLANET), ("TOI-1.02", Ephemeris(None, 1330.0)), ("TOI-1.03", Ephemeris(99.0, 1300.0))],
    )
    assert is_png(picture)
    for words in (
        "17,999 of 18,000 cadences (1 dropped by the default quality mask",
        "TOI-1.01: 9 transits marked",
        "TOI-1.02: 1 single transit marked",
        "TOI-1.03: no transit predicted in this interval",
    ):
        assert words in picture.alt


@pytest.mark.parametrize("flux", [0.0, -1.0])
def test_flux_that_is_not_above_zero_is_not_drawn(flux):
    """Divided by a median below zero a sector would look upright."""
    with pytest.raises(NoUsableData, match="its median PDCSAP flux is .*it cannot be normalized"):
        render_sector(make_light_curve(flux=flux))


def test_a_fold_states_the_measured_depth_and_its_error():
    picture = render_folded(stitch([make_light_curve()], [PLANET]), PLANET, "TOI-1.01", depth_ppm=10000)
    assert is_png(picture)
    assert "measured depth" in picture.alt and "±" in picture.alt and "is detected at" in picture.alt


def test_a_fold_of_noise_says_that_nothing_is_seen():
    elsewhere = Ephemeris(3.0, 1327.3, 2.0)
    alt = render_folded(stitch([make_light_curve()], [PLANET]), elsewhere, "TOI-1.01").alt
    assert "not significant" in alt or "No transit is detected" in alt


def test_no_picture_is_drawn_without_a_cadence_in_transit():
    with pytest.raises(NoUsableData, match="no cadence falls in transit"):
        render_folded(stitch([make_light_curve()]), Ephemeris(100.0, 1380.0, 3.0), "TOI-1.01")


def test_simulated_data_are_said_to_be_so():
    light_curve = make_light_curve(primary={"SIMULATD": True}.items())
    assert render_sector(light_curve, []).alt.startswith("SIMULATED")
    assert render_folded(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01").alt.startswith("SIMULATED")


def test_the_dark_theme_is_dark_and_an_unknown_one_is_named():
    light_curve = make_light_curve()
    assert sum(corner(render_sector(light_curve, [], theme="dark"))) < 150 < sum(corner(render_sector(light_curve, [])))
    with pytest.raises(InvalidInput, match="'pink' is not a theme"):
        render_sector(light_curve, [], theme="pink")


def test_a_validation_event_is_drawn_with_its_model():
    event = read_validation(make_dvt_fits(), "x_dvt.fits")[0]
    picture = render_validation_event(event, "TOI-1.01")
    assert is_png(picture)
    assert "matched to TOI-1.01" in picture.alt and "deepest point of the model 10,000 ppm" in picture.alt


def test_the_longest_title_of_a_validation_event_is_not_cut_off():
    event = replace(
        read_validation(make_dvt_fits(), "x_dvt.fits")[0], simulated=True, tic_id=10000732589, period_d=123.456
    )
    image = Image.open(io.BytesIO(render_validation_event(event, "TOI-10132.01").png)).convert("RGB")
    paper = image.getpixel((2, 2))
    assert all(image.getpixel((x, y)) == paper for x in (0, image.width - 1) for y in range(image.height // 12))


def test_a_fold_with_empty_bins_counts_them():
    light_curve = make_light_curve(days=1.5, gap=False, start=1325.98)
    assert "bins are empty" in render_folded(stitch([light_curve], [PLANET]), PLANET, "TOI-1.01").alt


def test_the_same_input_gives_the_same_bytes():
    light_curve = make_light_curve()
    assert (
        render_sector(light_curve, [("TOI-1.01", PLANET)]).png == render_sector(light_curve, [("TOI-1.01", PLANET)]).png
    )
