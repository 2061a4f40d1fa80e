import pytest

from app_tess.archives.products.data_validation import read_validation
from app_tess.errors import FileFormatError
from tests.support.light_curves import make_dvt_fits, make_lc_fits


def test_it_reads_every_event_of_a_validation_file():
    events = read_validation(make_dvt_fits(((7.2, 1327.0, 3.0, 500.0), (3.0, 1326.0, 2.0, 10000.0))), "x_dvt.fits")
    assert [(e.name, e.period_d, e.duration_h, e.depth_ppm) for e in events] == [
        ("TCE_1", 7.2, 3.0, 500.0),
        ("TCE_2", 3.0, 2.0, 10000.0),
    ]


def test_a_light_curve_is_not_a_validation_file():
    with pytest.raises(FileFormatError, match="has no table named TCE_1"):
        read_validation(make_lc_fits(), "x_lc.fits")
