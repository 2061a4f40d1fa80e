"""What MAST's list of observations says of a file."""

import datetime as dt

import numpy as np
import pytest
from astropy.table import Table

from app_tess.archives.product_rows import parse_products

QLP = "mast:HLSP/qlp/s0102/hlsp_qlp_tess_ffi_s0102-0000000000000007_tess_v01_llc.fits"
TGLC = "mast:HLSP/tglc/hlsp_tglc_tess_ffi_gaiaid-5707485527450614656-s0101-cam2-ccd3_tess_v1_llc.fits"


def row_of(url=QLP, **cells):
    table = Table({"target_name": ["7"], "dataURL": [url]} | {name: [cell] for name, cell in cells.items()})
    (row,) = parse_products(table, "host").to_dict("records")
    return row


def test_a_file_has_its_pipeline_cadence_release_and_dates_from_the_list():
    row = row_of(t_min=60506.0, t_max=60532.5, t_exptime=158.4, t_obs_release=60560.9, size=1946880)
    assert (row["kind"], row["provenance"], row["sector"], row["tic_id"]) == ("qlp", "QLP", 102, 7)
    assert (row["cadence_s"], row["size_bytes"], row["released_on"]) == (158.4, 1946880, dt.date(2024, 9, 7))
    assert (row["start_btjd"], row["stop_btjd"]) == (3506.5, 3533.0)


def test_a_file_named_by_a_gaia_id_belongs_to_the_star_that_it_is_listed_for():
    row = row_of(TGLC)
    assert (row["tic_id"], row["sector"], row["kind"]) == (7, 101, "tglc")


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"t_min": None, "t_max": None, "t_exptime": None, "t_obs_release": None, "size": None},
        {"t_min": "soon", "t_max": "late", "t_exptime": "fast", "t_obs_release": "never", "size": "big"},
        {"t_min": np.nan, "t_max": np.inf, "t_exptime": -1.0, "t_obs_release": 1e300, "size": -5},
        {"t_min": 60532.0, "t_max": 60506.0, "t_exptime": 1e9, "t_obs_release": -60000.0, "size": 1e30},
        {"t_min": True, "t_max": True, "t_exptime": True, "t_obs_release": True, "size": True},
    ],
)
def test_what_the_list_does_not_say_sensibly_is_unknown(cells):
    row = row_of(**cells)
    assert row["cadence_s"] == 200 and row["size_bytes"] is None and row["released_on"] is None
    assert np.isnan(row["start_btjd"] or np.nan) and np.isnan(row["stop_btjd"] or np.nan)
