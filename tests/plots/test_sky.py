"""The sky map and the period-radius plot: points stand where the image map says."""

import io

import numpy as np
import pytest
from PIL import Image

from app_tess.astro.probability_bands import BANDS
from app_tess.plots import map_places, period_radius, sky


def points(ra, dec, probability=None):
    ra = np.array(ra, dtype=float)
    return sky.Points(
        ra,
        np.array(dec, dtype=float),
        np.full(len(ra), 0.5) if probability is None else np.array(probability),
    )


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_aitoff_puts_ra_180_in_the_middle_and_east_to_the_left():
    assert np.allclose(sky.aitoff([180, 180, 180], [0, 90, -90]), [[0, 0, 0], [0, np.pi / 2, -np.pi / 2]])
    x, _ = sky.aitoff([360, 0, 200], [0, 0, 0])
    assert x[0] == pytest.approx(-np.pi) and x[1] == pytest.approx(np.pi) and x[2] < 0


def test_the_galactic_plane_goes_through_the_galactic_centre():
    ra, dec = sky.galactic_plane(3601)
    assert np.min(np.hypot((ra - 266.405) * np.cos(np.radians(-28.936)), dec + 28.936)) < 0.1


def test_a_star_is_drawn_where_the_image_map_links():
    here = points([100.0], [-20.0], [1.0])
    drawn, empty = pixels(sky.render_sky(here).png), pixels(sky.render_sky(points([], [])).png)
    assert drawn.shape == (map_places.WIDE.height_px, map_places.WIDE.width_px, 3)
    x, y = sky.sky_pixels(here.ra_deg, here.dec_deg)
    changed = np.argwhere(np.abs(drawn[60:330] - empty[60:330]).sum(axis=2) > 60) + np.array([60, 0])
    assert np.abs(changed.mean(axis=0) - (y[0], x[0])).max() < 2


def test_a_toi_is_drawn_where_the_image_map_links():
    one, none = points([0], [0], [1.0]), points([], [])
    drawn = pixels(period_radius.render_period_radius(np.array([20.0]), np.array([2.5]), one.probability).png)
    empty = pixels(period_radius.render_period_radius(np.array([]), np.array([]), none.probability).png)
    x, y = period_radius.period_radius_pixels([20.0], [2.5])
    changed = np.argwhere(np.abs(drawn[45:] - empty[45:]).sum(axis=2) > 60) + np.array([45, 0])
    assert np.abs(changed.mean(axis=0) - (y[0], x[0])).max() < 2


def test_unscored_tois_and_single_transits_are_coped_with():
    assert sky.render_sky(points([1, 2], [3, 4], [np.nan, 0.2]), theme="dark").png.startswith(b"\x89PNG")
    assert list(period_radius.drawable([np.nan, 1, 1, 0], [1, np.nan, 2, 1])) == [False, False, True, False]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_point_and_the_key_have_the_color_of_the_probability_band(theme):
    places = np.linspace(1, 200, len(BANDS))
    picture = period_radius.render_period_radius(
        places, np.full(len(BANDS), 4.0), np.array([band.lowest for band in BANDS]), theme=theme
    )
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    for band, x, y in zip(BANDS, *period_radius.period_radius_pixels(places, np.full(len(BANDS), 4.0)), strict=True):
        color = tuple(int(band.color[place : place + 2], 16) for place in (1, 3, 5))
        assert image.getpixel((round(x), round(y))) == color, band
        spots = np.argwhere((np.array(image) == color).all(axis=-1))
        assert (spots[:, 0] < 45).any(), f"{band.word} is not in the key"
