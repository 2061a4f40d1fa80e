import io

import numpy as np
import pytest
from astropy.io import fits

from app_tess.archives.products.fits_table import open_tess_file
from app_tess.archives.products.plain_table import read_plain_table
from tests.support.light_curves import make_dvt_fits, make_lc_fits

NUMBERS = fits.Column("FLUX", "E", array=[1.5, np.nan, 3.0], unit="e-/s")


def bytes_of(*columns):
    """A file with a table of these columns."""
    stored = io.BytesIO()
    primary = fits.PrimaryHDU()
    primary.header["TELESCOP"] = "TESS"
    fits.HDUList([primary, fits.BinTableHDU.from_columns(columns)]).writeto(stored)
    return stored.getvalue()


def plain(content):
    with fits.open(io.BytesIO(content)) as hdus:
        return read_plain_table(hdus[1], content)


@pytest.mark.parametrize("make", [make_lc_fits, make_dvt_fits])
def test_every_column_has_the_numbers_that_astropy_reads(make):
    content = make()
    rows = plain(content)
    with fits.open(io.BytesIO(content)) as hdus:
        names = hdus[1].columns.names
        assert list(rows.dtype.names) == names
        for name in names:
            assert np.array_equal(rows[name], hdus[1].data[name], equal_nan=True)
            assert rows.dtype[name] == hdus[1].data.dtype[name]


@pytest.mark.parametrize(
    "column",
    [
        fits.Column("SCALED", "E", array=[100.0, 200.0, 300.0], bscale=2.0),
        fits.Column("UNSIGNED", "J", array=[1, 2, 3], bzero=2**31),
        fits.Column("TEXT", "4A", array=["a", "b", "c"]),
        fits.Column("PAIRS", "2D", array=[[1, 2]] * 3),
        fits.Column("FLAG", "L", array=[True, False, True]),
        fits.Column("flux", "D", array=[1, 2, 3]),
    ],
)
def test_tables_of_anything_else_are_astropys(column):
    content = bytes_of(NUMBERS, column)
    assert plain(content) is None
    [_, hdu] = open_tess_file(content, "x.fits")
    assert hdu.columns == ["FLUX", column.name]
    with fits.open(io.BytesIO(content)) as hdus:
        assert np.array_equal(hdu.data[column.name], hdus[1].data[column.name])


def test_a_unit_is_that_of_the_named_column_and_empty_where_none_is_stated():
    [primary, hdu] = open_tess_file(bytes_of(fits.Column("TIME", "D", array=[1, 2, 3]), NUMBERS), "x.fits")
    assert (hdu.unit("flux"), hdu.unit("TIME")) == ("e-/s", "")
    assert primary.columns == []
