import math

import pytest

from app_tess.astro import identifiers
from app_tess.astro.healpix import nested_center_deg
from app_tess.astro.identifiers import parse_sectors, parse_tic_id, parse_toi, toi_name, toi_sort_key
from app_tess.errors import InvalidInput


@pytest.mark.parametrize("text", ["231663901", "TIC 231663901", "tic-231663901", " TIC0231663901 "])
def test_it_reads_a_tic_id_as_people_write_it(text):
    assert parse_tic_id(text) == 231663901


@pytest.mark.parametrize("text", ["", "TOI 101.01", "-5", "0", "231663901.5", "9" * 25])
def test_it_refuses_what_is_no_tic_id(text):
    with pytest.raises(InvalidInput, match="is not a TIC id"):
        parse_tic_id(text)


def test_a_toi_is_text_so_the_tenth_is_not_the_first():
    assert parse_toi("TOI-101.10") == "101.10" != parse_toi("toi 101.1")
    assert toi_name(parse_toi("101.01")) == "TOI-101.01"
    assert sorted(["1000.01", "101.10", "101.02"], key=toi_sort_key) == ["101.02", "101.10", "1000.01"]


@pytest.mark.parametrize(
    ("source", "ra_deg", "dec_deg"),
    [
        (5707485527450614656, 124.60676, -19.66279),
        (6399196263939178880, 332.66838, -65.51868),
        (1, 45.0, 0.0),
    ],
)
def test_a_gaia_source_number_gives_the_position_to_an_arcminute(source, ra_deg, dec_deg):
    """The first two are in the headers of TGLC's files for these stars."""
    assert identifiers.find_gaia_source(f"Gaia\u00a0DR3 {source:019d}") == source
    found_ra, found_dec = identifiers.gaia_position_deg(source)
    assert abs(found_dec - dec_deg) < 1 / 60
    assert abs(found_ra - ra_deg) * math.cos(math.radians(dec_deg)) < 1 / 60


@pytest.mark.parametrize(
    ("face", "lon_deg", "sin_lat"),
    [(0, 45, 2 / 3), (3, 315, 2 / 3), (4, 0, 0), (5, 90, 0), (7, 270, 0), (8, 45, -2 / 3), (11, 315, -2 / 3)],
)
def test_the_twelve_faces_of_healpix_lie_where_they_are_defined(face, lon_deg, sin_lat):
    lon, lat = nested_center_deg(face, 0)
    assert lon == pytest.approx(lon_deg) and math.sin(math.radians(lat)) == pytest.approx(sin_lat)


def test_a_number_too_long_for_a_tic_id_is_a_gaia_source_and_others_are_not():
    assert identifiers.find_gaia_source("5707485527450614656") == 5707485527450614656
    for text in ("231663901", "10000732589", "Gaia DR3", "Gaia DR3 12", str(2**63)):
        assert identifiers.find_gaia_source(text) is None
    assert identifiers.gaia_position_deg(2**63 - 1) is None


def test_it_refuses_a_toi_without_its_digits():
    with pytest.raises(InvalidInput, match="is not a TOI"):
        parse_toi("TOI-101")


@pytest.mark.parametrize(
    ("text", "sectors"),
    [("1, 27,67", [1, 27, 67]), ("", []), (None, []), ("9" * 5000, []), ("²,3", [3]), ("1;2,4", [4]), ("-1,12345", [])],
)
def test_only_numbers_of_sectors_are_read_from_a_list_of_sectors(text, sectors):
    assert parse_sectors(text) == sectors
