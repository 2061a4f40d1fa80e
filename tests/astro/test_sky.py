"""Positions as people type them, and the angle between two."""

import numpy as np
import pytest

from app_tess.astro.sky import parse_position, parse_radius_deg, separation_deg
from app_tess.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("318.737 -55.872", (318.737, -55.872)),
        ("0,0", (0, 0)),
        (" 12.5 , +4 ", (12.5, 4)),
        ("21:14:56.88 -55:52:18.71", (318.737, -55.871864)),
        ("21h14m56.88s -55d52m18.71s", (318.737, -55.871864)),
        ("00 00 00 -00 30 00", (0, -0.5)),
        ("318.737° −55.872°", (318.737, -55.872)),
        ("RA 318.737 Dec -55.872", (318.737, -55.872)),
        ("21h 14m 56.88s, −55° 52′ 18.71″", (318.737, -55.871864)),
        ("21:14 -55:52", (318.5, -55.866667)),
        ("21h14.5m +05d30.5m", (318.625, 5.508333)),
    ],
)
def test_it_reads_degrees_and_sexagesimal(text, expected):
    assert parse_position(text) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("text", ["WASP-46", "TIC 231663901", "101.01", "", "1 2 3", "231663901"])
def test_what_is_no_position_is_none(text):
    assert parse_position(text) is None


@pytest.mark.parametrize("text", ["361 0", "0 90.1", "-1 0", "25:00:00 +10:00:00", "10:60:00 +10:00:00"])
def test_a_place_outside_the_sky_is_refused(text):
    with pytest.raises(InvalidInput, match="^q: "):
        parse_position(text)


@pytest.mark.parametrize(
    ("text", "arcmin"),
    [
        ("10", 10),
        ("10 arcmin", 10),
        ("10'", 10),
        ("5m", 5),
        ('30"', 0.5),
        ("30 ARCSEC", 0.5),
        ("0.5 deg", 30),
        (".5d", 30),
        ("2°", 120),
        ("1e1", 10),
        ("0", 0),
    ],
)
def test_a_radius_may_have_a_unit_and_is_arcminutes_without(text, arcmin):
    assert parse_radius_deg(text) == pytest.approx(arcmin / 60)


@pytest.mark.parametrize("text", ["x", "-1", "nan", "inf", "5 km", "181 deg", "1_0", "٣", "5 arcmin deg"])
def test_what_is_no_radius_is_refused(text):
    with pytest.raises(InvalidInput, match="^radius: "):
        parse_radius_deg(text)


def test_separations_are_right_at_the_pole_across_ra_zero_and_for_tiny_angles():
    assert separation_deg([0, 180], [89, 89], 0, 89) == pytest.approx([0, 2])
    assert separation_deg([359.9], [0], 0.1, 0) == pytest.approx([0.2])
    assert separation_deg([10 + 1e-7], [0], 10, 0) == pytest.approx([1e-7], rel=1e-4)
    assert np.isnan(separation_deg([np.nan], [0], 0, 0)[0])
