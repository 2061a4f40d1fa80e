import pytest

from app_tess.astro.times import bjd_to_btjd, btjd_to_bjd, btjd_to_iso_utc, iso_utc_to_btjd


def test_btjd_is_bjd_less_2457000():
    assert bjd_to_btjd(2458326.0) == 1326.0
    assert btjd_to_bjd(1326.0) == 2458326.0


def test_btjd_and_utc_go_back_and_forth_to_the_minute():
    assert iso_utc_to_btjd("2018-07-25T12:00:00") == pytest.approx(1325.0, abs=0.001)
    assert btjd_to_iso_utc(iso_utc_to_btjd("2025-04-06T12:34:00")) in ("2025-04-06 12:34", "2025-04-06 12:33")
