"""Small files that unfold to gigabytes are refused by name before a table is read; every real file passes."""

import io
import tracemalloc

import numpy as np
import pytest
from astropy.io import fits

from app_tess.archives.products import LIGHT_CURVE_KINDS
from app_tess.archives.products.data_validation import read_validation
from app_tess.archives.products.fits_limits import MOST_HDUS, MOST_HEADER_BLOCKS, MOST_ROWS, require_bounded
from app_tess.archives.products.fits_table import require_whole
from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.errors import FileFormatError
from tests.support.light_curves import make_dvt_fits, make_lc_fits
from tests.support.shared import shared_path


def file_of(*hdus):
    first = fits.PrimaryHDU()
    first.header["TELESCOP"] = "TESS"
    buffer = io.BytesIO()
    fits.HDUList([first, *hdus]).writeto(buffer)
    return buffer.getvalue()


def compressed_image():
    return file_of(fits.CompImageHDU(np.zeros((4000, 4000), np.int16)))


def compressed_table():
    table = fits.BinTableHDU.from_columns([fits.Column("TIME", "B", array=np.zeros(10, np.uint8))])
    table.header["ZTABLE"] = True
    return file_of(table)


def rows_of_one_byte():
    one = fits.BinTableHDU.from_columns([fits.Column("TIME", "B", array=np.zeros(MOST_ROWS + 1, np.uint8))])
    return file_of(one)


def rows_of_no_byte():
    header = make_lc_fits(days=2)
    start = header.index(b"NAXIS2", header.index(b"XTENSION"))
    return header[:start] + b"NAXIS2  =          99999999999" + header[start + 30 :]


def many_hdus():
    return file_of() + file_of(fits.ImageHDU())[2880:] * MOST_HDUS


def long_header():
    first = fits.PrimaryHDU()
    first.header.extend([("HISTORY", "x")] * (36 * MOST_HEADER_BLOCKS))
    buffer = io.BytesIO()
    fits.HDUList([first]).writeto(buffer)
    return buffer.getvalue()


def negative_size():
    whole = make_lc_fits(days=2)
    start = whole.index(b"NAXIS2", whole.index(b"XTENSION"))
    return whole[:start] + b"NAXIS2  =                   -5" + whole[start + 30 :]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (compressed_image, "has a column of lists"),
        (compressed_table, "is compressed inside"),
        (rows_of_one_byte, "more than 6,000,000 rows"),
        (rows_of_no_byte, "more than 6,000,000 rows"),
        (many_hdus, "more than 100 HDUs"),
        (long_header, "a header of more than 100 blocks"),
        (negative_size, "a size in header 2 is negative"),
    ],
)
def test_a_file_that_unfolds_to_gigabytes_is_refused_before_it_is_read(make, words):
    content = make()
    for read in (require_whole, *(kind.read for kind in LIGHT_CURVE_KINDS), read_validation):
        tracemalloc.start()
        try:
            with pytest.raises(FileFormatError, match=f"^bomb.fits.*{words}"):
                read(content, "bomb.fits")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 1_000_000


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("64X", np.ones((18720, 64), bool)),
        ("PD()", np.array([np.zeros(2)] * 18720, dtype=object)),
        ("8A", np.array(["1234.567"] * 18720)),
    ],
)
def test_bits_lists_and_text_in_place_of_a_number_are_refused_before_they_are_converted(form, values):
    with fits.open(io.BytesIO(make_lc_fits(gap=False))) as hdus:
        columns = [column for column in hdus[1].columns if column.name != "SAP_FLUX"]
        table = fits.BinTableHDU.from_columns([*columns, fits.Column("SAP_FLUX", form, array=values)])
        table.header["EXTNAME"], table.header["TIMEDEL"] = "LIGHTCURVE", 120 / 86400
        buffer = io.BytesIO()
        fits.HDUList([hdus[0], table]).writeto(buffer)
    with pytest.raises(FileFormatError, match="column (SAP_FLUX (holds|does not hold numbers)|of lists)"):
        read_light_curve(buffer.getvalue(), "odd_lc.fits")


def test_every_real_and_simulated_file_passes():
    files = sorted(shared_path("").rglob("*_lc.fits"))
    assert len(files) > 50
    for path in files:
        require_bounded(path.read_bytes(), path.name)
    require_bounded(make_dvt_fits(), "made_dvt.fits")
    require_bounded(make_lc_fits(), "made_lc.fits")
