"""Times and epochs are BTJD whatever a file counts from, or the file is refused by name."""

import io

import numpy as np
import pytest
from astropy.io import fits
from astropy.time import Time

from app_tess.archives.products.data_validation import read_validation
from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.errors import FileFormatError
from tests.support.light_curves import make_dvt_fits, make_lc_fits

BTJD = 2457000.0


def rewritten(data, shift_d=0.0, unit=None, **cards):
    """The file with its times (and TEPOCH) shifted, another unit of TIME, and other cards in its tables' headers."""
    with fits.open(io.BytesIO(data)) as hdus:
        for hdu in hdus[1:]:
            hdu.data["TIME"] += shift_d
            hdu.columns["TIME"].unit = unit
            if "TEPOCH" in hdu.header:
                hdu.header["TEPOCH"] += shift_d
            hdu.header.update({key.replace("_", "-"): value for key, value in cards.items()})
        changed = io.BytesIO()
        hdus.writeto(changed)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("zero_jd", "unit", "cards"),
    [
        (BTJD, "BJD - 2457000, days", {"BJDREFI": 2457000, "BJDREFF": 0.0, "TIMESYS": "TDB", "TIMEUNIT": "d"}),
        (2454833.0, "BJD - 2454833", {"BJDREFI": 2454833, "BJDREFF": 0.0}),
        (2454833.0, None, {"BJDREFI": 2454833}),
        (2454833.0, "BKJD, days", {}),
        (2454832.75, "d", {"BJDREFI": 2454832, "BJDREFF": 0.75}),
        (0.0, "BJD", {}),
        (0.0, "d", {"BJDREFI": 0, "BJDREFF": 0.0}),
        (2400000.0, "BJD_TDB - 2400000.0", {}),
        (2400000.5, "MJD", {}),
        (2400000.5, "d", {"MJDREFI": 0, "MJDREFF": 0.0}),
        (BTJD, "BTJD", {"TIMEREF": "SOLARSYSTEM"}),
        (BTJD, None, {}),
    ],
)
def test_light_curves_and_validation_events_become_btjd(zero_jd, unit, cards):
    options = {"shift_d": BTJD - zero_jd, "unit": unit} | cards
    expected = read_light_curve(make_lc_fits(), "x").time_btjd
    found = read_light_curve(rewritten(make_lc_fits(), **options), "x").time_btjd
    assert np.allclose(found, expected, rtol=0, atol=1e-8)
    event, original = (
        read_validation(data, "x")[0] for data in (rewritten(make_dvt_fits(), **options), make_dvt_fits())
    )
    assert event.epoch_btjd == pytest.approx(original.epoch_btjd, abs=1e-8)
    assert np.allclose(event.time_btjd, original.time_btjd, rtol=0, atol=1e-8)


def test_utc_is_converted_to_tdb():
    found = read_light_curve(rewritten(make_lc_fits(), TIMESYS="UTC"), "x").time_btjd
    expected = read_light_curve(make_lc_fits(), "x").time_btjd
    leap_s = (Time(2458400.0, format="jd", scale="utc").tdb.jd - 2458400.0) * 86400
    assert np.allclose((found - expected) * 86400, leap_s, atol=0.01) and 69 < leap_s < 70


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"TIMESYS": "LOCAL"}, "TIMESYS = LOCAL"),
        ({"TIMEREF": "GEOCENTER"}, "not barycentric"),
        ({"TIMEUNIT": "s"}, "in 's', not in days"),
        ({"unit": "HJD"}, "'HJD', is no known time axis"),
        ({"unit": "BJD - 2454833, days", "BJDREFI": 2457000}, "from JD 2457000 by the header and from JD 2454833"),
        ({"BJDREFI": 2454833}, "when TESS did not observe"),
        ({"shift_d": 2400000.5 - BTJD, "BJDREFI": 2457000}, "when TESS did not observe"),
        ({"shift_d": 56999.5}, "when TESS did not observe"),
        ({"shift_d": BTJD - 2454833, "DATE_OBS": "2018-07-25T00:00:00Z"}, "DATE-OBS is BTJD 1324.5"),
    ],
)
def test_times_of_another_kind_are_refused_in_every_reader(options, reason):
    for read, data in ((read_light_curve, make_lc_fits()), (read_validation, make_dvt_fits())):
        with pytest.raises(FileFormatError, match=f"^x.fits: .*{reason}"):
            read(rewritten(data, **options), "x.fits")
