import io

import numpy as np
import pytest
from astropy.io import fits

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.errors import FileFormatError
from tests.support.known_stars import known_light_curve
from tests.support.light_curves import make_lc_fits
from tests.support.shared import shared_path


def test_it_reads_a_real_sector_with_its_star():
    light_curve = known_light_curve("101.01")
    assert (light_curve.tic_id, light_curve.sector, light_curve.camera) == (231663901, 1, 2)
    assert light_curve.cadence_s == pytest.approx(120.0)
    assert len(light_curve.time_btjd) == 20076
    assert light_curve.time_btjd.dtype.isnative
    assert 0 < light_curve.crowdsap <= 1
    assert not light_curve.simulated


def test_it_reads_twenty_second_files():
    assert read_light_curve(make_lc_fits(cadence_s=20.0), "a_fast-lc.fits").cadence_s == pytest.approx(20.0)


def test_it_knows_a_simulated_file_by_its_header():
    assert read_light_curve(make_lc_fits(primary={"SIMULATD": True}.items()), "x").simulated


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("truncated_lc.fits", "is truncated: it ends after 679680 bytes"),
        ("kepler_llc_not_tess.fits", "is not a TESS file: its header says TELESCOP = Kepler"),
        ("fits_without_spoc_columns.fits", "has no column PDCSAP_FLUX, SAP_FLUX"),
        ("git_lfs_pointer_not_a_csv.csv", "is not a FITS file"),
    ],
)
def test_it_refuses_a_bad_file_and_says_which_and_why(name, reason):
    path = shared_path(f"bad_inputs/{name}")
    for data in (path, path.read_bytes()):
        with pytest.raises(FileFormatError, match=reason) as caught:
            read_light_curve(data, name)
        assert str(caught.value).startswith(name)


def test_it_refuses_a_page_of_html_and_an_empty_answer():
    with pytest.raises(FileFormatError, match="a.fits is not a FITS file: it starts like an HTML page"):
        read_light_curve(b"<!DOCTYPE html><html><body>502</body></html>", "a.fits")
    with pytest.raises(FileFormatError, match="a.fits is empty"):
        read_light_curve(b"", "a.fits")


@pytest.mark.parametrize("length", [100, 2880, 2881, 5000, 2880 * 4, 2880 * 20, -1])
def test_a_file_cut_at_any_place_is_refused(length):
    with pytest.raises(FileFormatError, match="cut_lc.fits"):
        read_light_curve(make_lc_fits()[:length], "cut_lc.fits")


def test_it_refuses_flux_that_is_nan_everywhere():
    nothing = np.full(18000, np.nan)
    with pytest.raises(FileFormatError, match="no finite flux among its 18000 cadences"):
        read_light_curve(make_lc_fits(columns={"SAP_FLUX": nothing, "PDCSAP_FLUX": nothing}.items()), "x")


def test_times_that_are_no_increasing_btjd_are_refused():
    """A picture of such a file would show flux at times that are not its own."""
    time = read_light_curve(make_lc_fits(), "x").time_btjd
    twice, back, holes = time.copy(), time.copy(), time.copy()
    twice[100], holes[::7] = twice[99], np.nan
    for spoilt, reason in (
        (twice, "does not increase"),
        (back[::-1], "does not increase"),
        (time + 2457000, "a Julian Date"),
    ):
        with pytest.raises(FileFormatError, match=f"x_lc.fits: its TIME .*{reason}"):
            read_light_curve(make_lc_fits(columns={"TIME": spoilt}.items()), "x_lc.fits")
    assert np.isnan(read_light_curve(make_lc_fits(columns={"TIME": holes}.items()), "x").time_btjd).sum() > 2000


@pytest.mark.parametrize(
    ("form", "values", "reason"),
    [("5A", ["much"] * 18000, "does not hold numbers"), ("2D", np.ones((18000, 2)), "values per row")],
)
def test_a_column_that_is_no_number_a_row_is_named(form, values, reason):
    hdus = fits.open(io.BytesIO(make_lc_fits()))
    columns = [
        column if column.name != "PDCSAP_FLUX" else fits.Column(column.name, form, array=values)
        for column in hdus[1].columns
    ]
    spoilt = io.BytesIO()
    fits.HDUList([hdus[0], fits.BinTableHDU.from_columns(columns)]).writeto(spoilt)
    with pytest.raises(FileFormatError, match=f"x_lc.fits: its column PDCSAP_FLUX .*{reason}"):
        read_light_curve(spoilt.getvalue(), "x_lc.fits")
