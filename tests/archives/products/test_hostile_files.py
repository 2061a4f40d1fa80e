"""Every damage known for SPOC's files is refused by name in each kind of light curve."""

import io
from functools import partial

import numpy as np
import pytest
from astropy.io import fits

from app_tess.archives.products import LIGHT_CURVE_KINDS
from app_tess.errors import FileFormatError
from tests.support.high_level_products import make_qlp, make_tasoc, make_tglc
from tests.support.light_curves import make_lc_fits

MAKE = {"qlp": make_qlp, "tglc": make_tglc, "tasoc": make_tasoc}
TIMES = 1325.0 + np.arange(500) * 0.02


def made(kind, times=TIMES):
    make = MAKE.get(kind.name)
    if make is not None:
        return make(sector=1, time=times)
    return make_lc_fits(flux=np.ones(500), days=10.0, cadence_s=1728.0, gap=False, columns=(("TIME", times),))


def with_fluxes(kind, form, values):
    """The file with all of its flux columns of another form, which every reader must check for itself."""
    names = {flux.column for flux in kind.fluxes}
    with fits.open(io.BytesIO(made(kind))) as hdus:
        columns = [
            fits.Column(column.name, form, array=values) if column.name in names else column
            for column in hdus[1].columns
        ]
        table, buffer = fits.BinTableHDU.from_columns(columns, header=hdus[1].header), io.BytesIO()
        fits.HDUList([hdus[0], table]).writeto(buffer)
    return buffer.getvalue()


DAMAGES = {
    "truncated": lambda kind: made(kind)[:-3000],
    "cut in a header": lambda kind: made(kind)[:4000],
    "empty": lambda kind: b"",
    "a page": lambda kind: b"<html>Maintenance</html>",
    "another telescope": lambda kind: made(kind).replace(b"'TESS    '", b"'Kepler  '"),
    "another star's columns": lambda kind: made(kind).replace(b"TIME", b"MOON").replace(b"'time", b"'moon"),
    "no star": lambda kind: made(kind).replace(b"TICID   ", b"TOCID   "),
    "times that fall": lambda kind: made(kind, TIMES[::-1]),
    "times of another mission": lambda kind: made(kind, TIMES + 2_000_000.0),
    "no time": lambda kind: made(kind, np.full(500, np.nan)),
    "a time twice": lambda kind: made(kind, np.repeat(TIMES[::2], 2)),
    "no flux": lambda kind: with_fluxes(kind, "D", np.full(500, np.nan)),
    "flux in words": lambda kind: with_fluxes(kind, "8A", np.array(["1234.567"] * 500)),
    "two fluxes a row": lambda kind: with_fluxes(kind, "2D", np.ones((500, 2))),
    "flux in bits": lambda kind: with_fluxes(kind, "64X", np.ones((500, 64), bool)),
    "flux in lists": lambda kind: with_fluxes(kind, "PD()", np.array([np.zeros(2)] * 500, dtype=object)),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", LIGHT_CURVE_KINDS, ids=lambda kind: kind.name)
def test_a_damaged_file_of_any_kind_is_refused_by_name(kind, damage):
    with pytest.raises(FileFormatError, match=r"hostile\.fits"):
        kind.read(DAMAGES[damage](kind), "hostile.fits")


@pytest.mark.parametrize("kind", LIGHT_CURVE_KINDS, ids=lambda kind: kind.name)
def test_the_undamaged_file_is_read_and_one_of_sector_123_as_well(kind):
    assert len(kind.read(made(kind), "good.fits").time_btjd) == 500
    make = MAKE.get(kind.name) or partial(make_lc_fits, cadence_s=float(kind.cadence_s(123)))
    assert kind.read(make(sector=123), "good.fits").sector == 123
