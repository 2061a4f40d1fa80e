import pytest
from astropy.time import Time

from app_tess.astro.times import bjd_to_btjd, btjd_to_bjd, btjd_to_iso_utc, iso_utc_to_btjd


def test_btjd_is_bjd_less_2457000():
    assert bjd_to_btjd(2458326.0) == 1326.0
    assert btjd_to_bjd(1326.0) == 2458326.0


def test_btjd_and_utc_go_back_and_forth_to_the_minute():
    assert iso_utc_to_btjd("2018-07-25T12:00:00") == pytest.approx(1325.0, abs=0.001)
    assert btjd_to_iso_utc(iso_utc_to_btjd("2025-04-06T12:34:00")) in ("2025-04-06 12:34", "2025-04-06 12:33")


@pytest.mark.parametrize("text", ["1995-10-06", "2018-04-18T22:51:31", "2025-04-06T12:34:00.25", "2026-11-26 23:59:59"])
def test_a_date_in_utc_is_the_btjd_of_astropy(text):
    zero = Time(2457000.0, format="jd", scale="tdb")
    assert iso_utc_to_btjd(text) == pytest.approx((Time(text, scale="utc").tdb - zero).jd, abs=1e-9)


@pytest.mark.parametrize("btjd", [-7000.25, 1325.294, 1683.3542, 4370.999, 10_000.0])
def test_a_btjd_is_the_utc_of_astropy(btjd):
    time = Time(2457000.0, btjd, format="jd", scale="tdb")
    time.precision = 0
    assert btjd_to_iso_utc(btjd) == time.utc.iso[:16]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-13-01", "2025-02-30", "2025-04-06T25:00", "2025-04-06T12:00+02:00"]
)
def test_what_is_no_date_is_a_value_error(text):
    with pytest.raises(ValueError, match="isoformat|must be in|out of range"):
        iso_utc_to_btjd(text)
