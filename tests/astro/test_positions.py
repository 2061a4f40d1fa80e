"""Positions as people type, print and copy them."""

import pytest

from app_tess.astro.identifiers import find_toi_number, parse_tic_id, parse_toi
from app_tess.astro.positions import parse_position, parse_radius_deg, plain_text
from app_tess.astro.sky import GALACTIC_POLE_DEG
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
    with pytest.raises(InvalidInput, match="coordinate|sky") as raised:
        parse_position(text)
    assert raised.value.field == "position"


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
    with pytest.raises(InvalidInput, match="radius|outside") as raised:
        parse_radius_deg(text)
    assert raised.value.field == "radius"


FORMS = """
(318.737, -55.872) | (318.737,-55.872) | [318.737; -55.872] | 318.737 / -55.872 | 318.737-55.872
318.737\t-55.872 | 318.737\u00a0\u221255.872 | 318.737\u2009\u201355.872 | \uff13\uff11\uff18.737 -55.872
318.737deg -55.872deg | 318.737 deg, -55.872 deg | 318.737d -55.872d | 318.737 degrees -55.872 degrees
RA=318.737 Dec=-55.872 | ra: 318.737, dec: -55.872 | \u03b1=318.737 \u03b4=\u221255.872 | ICRS 318.737 -55.872
318.737 -55.872 J2000 | ra,dec = 318.737,-55.872 | <SkyCoord (ICRS): (ra, dec) in deg (318.737, -55.872)>
21h14m56.88s -55d52m19.2s
21 h 14 m 56.88 s -55 d 52 m 19.2 s | 21h14m56.88s-55d52m19.2s | 21:14:56.88-55:52:19.2
21 14 56.88 -55 52 19.2
21\u02b014\u1d5056.88\u02e2 \u221255\u00b052\u203219.2\u2033 | 21h 14min 56.88s -55deg 52' 19.2\'\'
J211456.88-555219.2 | J211456.88\u2212555219.2
2MASS J21145688-5552192 | 2MASS 21145688-5552192 | 2MASSJ21145688-5552192
WISEA J211456.88-555219.2 | 21.249133h -55.872d
l=340.6975023 b=-42.0737884 | galactic 340.6975023 -42.0737884
340.6975023 -42.0737884 galactic | l 340.6975023, b -42.0737884
G340.6975023-42.0737884 | glon=340.6975023 glat=-42.0737884 | Gal (340.6975023, \u221242.0737884)
"""


@pytest.mark.parametrize("text", [form.strip() for form in FORMS.replace("\n", "|").split("|") if form.strip()])
def test_every_form_names_the_same_place(text):
    assert parse_position(text) == pytest.approx((318.737, -55.872), abs=2e-5)


@pytest.mark.parametrize(
    "name",
    [
        "K2-18",
        "L 98-59",
        "L 98-59 b",
        "GJ 1214",
        "Gl 229",
        "HD 209458 b",
        "BD+20 1790",
        "V1298 Tau",
        "55 Cnc e",
        "b Cen",
        "G 9-40 b",
        "LP 890-9",
        "2-18",
        "Gaia DR3 6463526055184166144",
        "TIC 123.01",
        "TOI-101.01",
        "1 2 3",
        "12:34",
        "HIP 67522 b",
        "DS Tuc A b",
    ],
)
def test_a_name_is_not_a_position(name):
    assert parse_position(name) is None


@pytest.mark.parametrize("lon_deg", [0.0, 90.0, 179.9, 271.3, 359.99])
@pytest.mark.parametrize("lat_deg", [-89.9, -30.2, 0.0, 62.87])
def test_galactic_coordinates_are_astropys(lon_deg, lat_deg):
    from astropy.coordinates import SkyCoord

    expected = SkyCoord(l=lon_deg, b=lat_deg, unit="deg", frame="galactic").icrs
    ra_deg, dec_deg = parse_position(f"l={lon_deg} b={lat_deg}")
    assert (ra_deg, dec_deg) == pytest.approx((expected.ra.deg, expected.dec.deg), abs=1e-6)
    assert parse_position("l=0 b=90") == pytest.approx(GALACTIC_POLE_DEG, abs=1e-9)


@pytest.mark.parametrize("text", ["l=361 b=0", "galactic 10 -91", "J256000.00+100000.0", "2MASS J21605688-5552187"])
def test_coordinates_of_no_place_are_refused_in_every_form(text):
    with pytest.raises(InvalidInput) as raised:
        parse_position(text)
    assert raised.value.field == "position" and text in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "TIC 231663901",
        "TIC:231663901",
        "tic231663901",
        "TIC-231663901",
        "TIC_231663901",
        "TIC # 231663901",
        "TIC ID 231663901",
        "TIC–231663901",
        "TIC\xa0231663901",
        "TIC 231 663 901",
        "231 663 901",
        "TIC 231,663,901",
        "TIC 231663901.01",
        " tic: 231663901 ",
        "TIC0231663901",
    ],
)
def test_a_tic_id_is_read_in_every_form(text):
    assert parse_tic_id(text) == 231663901


@pytest.mark.parametrize("text", ["231663901.01", "TIC 231663901.5", "TIC", "TIC abc", "TIC 1 2", "TOI 101", "TIC 0"])
def test_what_is_no_tic_id_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_tic_id(text)


@pytest.mark.parametrize(
    "text", ["TOI-101.10", "toi101.10", "TOI:101.10", "TOI\u2011101.10", "TOI\u00a0101.10", "101.10"]
)
def test_a_toi_is_read_in_every_form(text):
    assert parse_toi(text) == "101.10" and find_toi_number(text) is None


def test_a_toi_without_its_candidate_is_its_number():
    assert [find_toi_number(text) for text in ("TOI-101", "toi\u2013101", "101", "TIC 101", "x")] == [
        101,
        101,
        101,
        None,
        None,
    ]


def test_plain_text_has_one_kind_of_space_hyphen_and_prime():
    assert plain_text("  WASP\u201046\u00a0b\t\u2032\u2033 ") == "WASP-46 b '\""
