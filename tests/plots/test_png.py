import io

import numpy as np
from PIL import Image

from app_tess.plots.png import encode_png


def opaque(colors):
    return np.dstack([colors, np.full(colors.shape[:2], 255)]).astype(np.uint8)


def decoded(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def shades(count):
    """A picture of blue on white, with this many shades of its edges."""
    share = np.linspace(0, 1, count)[:, None]
    return opaque(np.tile(np.round(255 * (1 - share) + np.array([0, 114, 178]) * share), (40, 1, 1)))


def test_a_drawing_has_a_palette_whose_shades_differ_by_less_than_eight_levels():
    drawing = shades(200)
    png = encode_png(drawing, ["#FFFFFF"], "Title", 110)
    image = Image.open(io.BytesIO(png))
    assert image.mode == "P" and image.text == {"Software": "TESS Planet Finder", "Title": "Title"}
    assert round(image.info["dpi"][0]) == 110
    apart = np.abs(decoded(png) - drawing[..., :3])
    assert apart.max() < 8
    assert not apart[:, 0].any(), "the paper has its own color"


def test_many_colors_are_told_apart_by_fewer_bits():
    red, green = np.meshgrid(np.arange(0, 256, 2), np.arange(0, 128, 2))
    drawing = opaque(np.dstack([red, green, np.full_like(red, 30)]))
    png = encode_png(drawing, ["#FFFFFF"])
    assert Image.open(io.BytesIO(png)).mode == "P"
    assert np.abs(decoded(png) - drawing[..., :3]).max() < 16


def test_a_photograph_keeps_all_its_colors():
    drawing = opaque(np.random.default_rng(1).integers(0, 256, (60, 60, 3)))
    png = encode_png(drawing, ["#FFFFFF"])
    assert Image.open(io.BytesIO(png)).mode == "RGB"
    assert np.array_equal(decoded(png), drawing[..., :3])


def test_named_colors_are_kept_where_others_share_their_palette_entries():
    drawing = opaque(np.full((4, 4, 3), 250))
    drawing[0, :2, :3] = 0, 114, 178
    drawing[-1, -1, :3] = 0, 112, 180
    drawing[-1, 0, :3] = 255
    found = decoded(encode_png(drawing, ["#FAFAFA", "#0072B2"]))
    assert (found[[0, 0, 3], [0, 1, 3]] == (0, 114, 178)).all()
    assert (found[1:3] == 250).all()
    assert (found[3, 0] == 255).all()
