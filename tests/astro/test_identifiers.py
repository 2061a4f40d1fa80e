import pytest

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


def test_it_refuses_a_toi_without_its_digits():
    with pytest.raises(InvalidInput, match="is not a TOI"):
        parse_toi("TOI-101")


@pytest.mark.parametrize(
    ("text", "sectors"),
    [("1, 27,67", [1, 27, 67]), ("", []), (None, []), ("9" * 5000, []), ("²,3", [3]), ("1;2,4", [4]), ("-1,12345", [])],
)
def test_only_numbers_of_sectors_are_read_from_a_list_of_sectors(text, sectors):
    assert parse_sectors(text) == sectors
