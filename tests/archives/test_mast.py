"""MAST through the real astroquery client, over real HTTP, and the parsing of its replies."""

import json

import numpy as np
import pytest
from astropy.table import Table

from app_tess.archives import http, mast, tic_rows
from app_tess.archives.mast import MastClient
from app_tess.archives.product_rows import parse_product_url, parse_products
from app_tess.errors import ArchiveError, FileFormatError, MissingData
from tests.support.shared import shared_path

WASP_46 = 231663901


@pytest.fixture
def session(shared_sample_archive, sample_archive):
    origins = http.allow(shared_sample_archive.url, sample_archive.url)
    return http.open_session(http.Limits(origins, silence_s=5, retries=1, backoff_s=0.01))


def test_tic_rows_and_products_come_through_astroquery_under_our_names(shared_sample_archive, session):
    client = MastClient(shared_sample_archive.mast_url, session)
    rows = client.fetch_tic_rows([WASP_46])
    assert rows["tic_id"].tolist() == [WASP_46] and 5000 < rows["teff_k"].iloc[0] < 6500
    products = client.fetch_products([WASP_46])
    assert set(products["kind"]) <= {"lc", "fast-lc", "dvt"} and (products["tic_id"] == WASP_46).all()


def test_a_blank_whole_number_of_the_tic_is_missing_not_a_fill_value():
    columns = {name: np.ma.masked_array([1, 2], mask=[False, True]) for name in tic_rows.TIC_COLUMNS}
    rows = tic_rows.parse_tic_rows(Table(columns | {"ID": ["7", "8"]}, masked=True), "mast")
    assert rows["contaminant_count"].tolist()[0] == 1 and np.isnan(rows["contaminant_count"].iloc[1])
    assert rows.drop(columns="tic_id").iloc[1].isna().all()


def test_the_tics_own_errors_come_under_our_names_and_may_be_absent():
    columns = {name: [1.0, 2.0] for name in tic_rows.TIC_COLUMNS} | {"ID": ["7", "8"]}
    rows = tic_rows.parse_tic_rows(
        Table(columns | {"e_Teff": np.ma.masked_array([125.0, 1.0], mask=[False, True])}, masked=True), "mast"
    )
    assert rows["teff_err_k"].tolist()[0] == 125.0 and np.isnan(rows["teff_err_k"].iloc[1])
    assert (
        list(rows.columns)
        == [*tic_rows.TIC_COLUMNS.values(), *tic_rows.TIC_ERRORS.values(), *tic_rows.TIC_NAMES.values()]
        and rows["stellar_mass_err_msun"].isna().all()
    )
    assert list(tic_rows.parse_tic_rows(Table(), "mast").columns) == list(rows.columns)


def test_the_user_agent_says_who_asks(session):
    assert "TESS-Planet-Finder" in session.headers["User-Agent"]


def test_an_unknown_star_gives_no_row_and_no_product(shared_sample_archive, session):
    client = MastClient(shared_sample_archive.mast_url, session)
    assert client.fetch_tic_rows([1]).empty and client.fetch_products([1]).empty


def test_downloads_are_whole_fits_files(sample_archive, session):
    client = MastClient(sample_archive.mast_url, session)
    url = client.fetch_products([WASP_46])["data_url"].iloc[0]
    sample_archive.truncate("Download", times=1)
    assert len(mast.download(sample_archive.mast_url, session, url)) % 2880 == 0


def test_a_download_that_always_breaks_off_is_an_error_and_an_unknown_file_is_not_found(sample_archive, session):
    url = MastClient(sample_archive.mast_url, session).fetch_products([WASP_46])["data_url"].iloc[0]
    sample_archive.truncate("Download", times=10)
    with pytest.raises(ArchiveError, match="127.0.0.1.*broke off"):
        mast.download(sample_archive.mast_url, session, url)
    sample_archive.clear_faults()
    with pytest.raises(MissingData, match="127.0.0.1"):
        mast.download(sample_archive.mast_url, session, "mast:TESS/product/none_lc.fits")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": "ERROR", "msg": "no such table", "data": []},
        {"status": "COMPLETE", "data": [{"ID": "1"}], "fields": [{"name": "ID", "type": "string"}]},
        {"status": "COMPLETE"},
        [],
    ],
)
def test_replies_that_are_not_mast_s_are_errors_that_name_the_host(sample_archive, session, reply):
    sample_archive.replace_body("invoke", json.dumps(reply).encode(), "application/json")
    with pytest.raises(ArchiveError, match="127.0.0.1"):
        MastClient(sample_archive.mast_url, session).fetch_tic_rows([WASP_46])


@pytest.mark.parametrize(
    ("name", "kind", "sectors"),
    [
        ("tess2018206045859-s0001-0000000231663901-0120-s_lc.fits", "lc", (1, 1)),
        ("tess2020186164531-s0027-0000000231663901-0189-a_fast-lc.fits", "fast-lc", (27, 27)),
        ("tess2018206190142-s0001-s0003-0000000149603524-00129_dvt.fits", "dvt", (1, 3)),
    ],
)
def test_product_names_tell_kind_star_and_sectors(name, kind, sectors):
    row = parse_product_url(f"mast:TESS/product/{name}")
    assert row["kind"] == kind and (row["sector"], row["last_sector"]) == sectors and row["filename"] == name


def test_other_products_are_skipped_with_a_sentence():
    table = Table(
        {
            "target_name": ["1", "2"],
            "dataURL": [
                "mast:HLSP/qlp/hlsp_qlp_tess_ffi_s0001.fits",
                "mast:TESS/product/tess2018206045859-s0001-0000000231663901-0120-s_lc.fits",
            ],
        }
    )
    frame = parse_products(table, "host")
    assert frame.empty and len(frame.attrs["skipped"]) == 2


def test_a_tic_file_without_a_column_is_refused_by_name(tmp_path):
    path = tmp_path / "tic.csv"
    path.write_text("ID,ra\n1,2\n")
    with pytest.raises(FileFormatError, match="tic.csv: no column dec"):
        tic_rows.read_tic_csv(path)


def test_tic_values_under_other_names_are_read_and_rows_that_are_not_the_tics_are_left_out(tmp_path):
    path = tmp_path / "values.csv"
    path.write_text(
        "TIC_ID,RA,DEC,TMag,Teff,Radius,distance,genuine\n7,1,2,9.5,5700,1.1,50,1\n8,1,2,9.5,5700,1.1,50,0\n"
    )
    stars = tic_rows.read_tic_csv(path)
    assert stars["tic_id"].tolist() == [7] and stars["stellar_radius_rsun"].tolist() == [1.1]
    assert stars["distance_pc"].tolist() == [50] and stars["contamination_ratio"].isna().all()


def test_the_genuine_rows_of_the_real_tic_table_are_read():
    assert len(tic_rows.read_tic_csv(shared_path("archive/tic.csv"))) == 1133
